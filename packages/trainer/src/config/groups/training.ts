import { type Loss, losses, optimizers, schedules, type TargetKindName } from "@bioflax/core";
import { either, known, listOf, number, oneOf, positive, wholeNumber } from "../kinds";
import { settingsOfLayers } from "../learning-settings";
import { setting } from "../setting-notes";
import { defaultLossOf } from "../targets";
import { optimizerSettings } from "./optimizer";

/** Core's schedules, as words of the command line. */
const bundledSchedules = ["constant", "multi-step", "cosine", "exponential"] as const;
/** Those, and schedules of one's own; the type has those that come with bioflax. */
const scheduleNames = () =>
  [
    ...bundledSchedules,
    ...schedules.names().filter((name) => !schedules.isBuiltIn(name)),
  ] as (typeof bundledSchedules)[number][];
const takers = (kind: TargetKindName) =>
  [...(losses as Iterable<Loss>)]
    .flatMap(({ name, targets }) => (targets.includes(kind) ? [name] : []))
    .join(" or ");

/** What is minimised, and how. */
export const training = () => ({
  epochs: setting(wholeNumber(1).default(5), {
    group: "Training",
    description: "passes over the training set",
    resumable: true,
    elsewhere: ["numEpochs", "maxEpochs"],
  }),
  loss: setting(known(losses).optional(), {
    group: "Training",
    description:
      `what is minimised: ${takers("classes")} for labels, ${takers("probabilities")} for the 0 and 1 of moons and discs, ` +
      `${takers("values")} for the values of sinreg and teacher (default: ${[...losses]
        .filter(({ name, targets }) => targets.some((kind) => defaultLossOf(kind) === name))
        .map(({ name }) => name)
        .join(" or ")})`,
    placeholder: "name",
    elsewhere: ["lossFunction", "criterion", "objective"],
  }),
  labelSmoothing: setting(number(0, { below: 1 }).default(0), {
    group: "Training",
    description: "part of each label's target that is the same for every class",
    placeholder: "x",
  }),
  adversarialEps: setting(number(0).default(0), {
    group: "Training",
    description:
      "train on examples moved up the loss by so much: x + eps·sign of its gradient, of pixels in parts of the range from black to white",
    placeholder: "eps",
  }),
  classWeights: setting(
    either(
      "balanced",
      listOf(number(0), "a list of numbers"),
      "balanced or a list of numbers from 0",
    ).optional(),
    {
      group: "Training",
      description:
        "what the loss and the error of each class's examples are multiplied by in training: a number a class, or balanced " +
        "(examples / (classes x examples of the class)) (default: 1 each)",
      placeholder: "x",
    },
  ),
  optimizer: setting(known(optimizers).default("sgd"), {
    group: "Training",
    description: "optimizer",
    elsewhere: ["optim", "solver"],
  }),
  lr: setting(number(0).default(0.02), {
    group: "Training",
    description: "learning rate",
    placeholder: "rate",
    elsewhere: ["learningRate", "stepSize", "eta"],
  }),
  schedule: setting(oneOf(scheduleNames()).default("constant"), {
    group: "Training",
    description:
      "how the learning rate goes: constant, multi-step (multiplied at milestones), cosine (falls along one to the end) or " +
      "exponential (multiplied after each epoch)",
    placeholder: "name",
    elsewhere: ["lrSchedule", "lrScheduler", "scheduler"],
  }),
  warmupEpochs: setting(number(0).default(0), {
    group: "Training",
    description:
      "epochs in which the learning rate rises evenly from 0, step by step, before its schedule begins",
    elsewhere: ["warmup"],
  }),
  milestones: setting(listOf(wholeNumber(1), "a list of whole numbers from 1").optional(), {
    group: "Training",
    description: "epochs after which multi-step multiplies the learning rate",
    placeholder: "epochs",
  }),
  gamma: setting(positive().optional(), {
    group: "Training",
    description:
      "what multi-step and exponential multiply the learning rate by (default: 0.1 of multi-step)",
    placeholder: "x",
    elsewhere: ["lrDecay", "decayRate"],
  }),
  finalRate: setting(number(0).optional(), {
    group: "Training",
    description: "learning rate that cosine falls to (default: 0)",
    placeholder: "rate",
    elsewhere: ["minLr", "etaMin"],
  }),
  ...optimizerSettings(),
  weightDecay: setting(number(0, { to: 1 }).default(0), {
    group: "Training",
    description:
      "part of kernels and learned feedback that decays in each step, whatever the learning rate; in sgdw and adamw times the learning rate",
    placeholder: "x",
    elsewhere: ["l2Penalty"],
  }),
  ...settingsOfLayers("Training"),
  seed: setting(wholeNumber(0, Number.MAX_SAFE_INTEGER).default(0), {
    group: "Training",
    description: "seed of the data, the weights, the order of examples and the noise of rules",
    aliases: ["jaxSeed"],
    elsewhere: ["randomSeed", "randomState"],
  }),
});
