import {
  BioflaxError,
  checkLoss as checkRulesWithLoss,
  createNetwork,
  getLoss,
  type LossName,
  losses,
  type Rule,
  rules,
  targetKinds,
} from "@bioflax/core";
import { checkDevice, checkPrecision } from "../config/check-device";
import { checkSize } from "../config/check-size";
import type { Label } from "../config/label";
import type { Config } from "../config/schema";
import { imageSets, targetsOf } from "../config/targets";
import { givenMirrorSettings } from "../experiment/feedback-options";
import { kernelLayersOf, networkOf, rulesOf } from "../experiment/network";
import { lossNameOf } from "../experiment/training";
import { checkSchedule } from "./check-schedule";

/**
 * What no setting can check by itself.
 *
 * @returns a sentence for each problem.
 */
export function checkTogether(config: Config, label: Label): string[] {
  const sizes = checkSize(config, label);
  if (sizes.length > 0) return sizes;
  const lengths = checkLengths(config, label);
  return [
    ...checkAugment(config, label),
    ...checkDropout(config, label),
    ...checkMomentum(config, label),
    ...checkSchedule(config, label),
    ...checkDevice(config, label),
    ...checkPrecision(config, label),
    ...lengths,
    ...checkLoss(config, label),
    ...checkSmoothing(config, label),
    ...checkClassWeights(config, label),
    // Which layer has which rule is known only when the lists fit.
    ...(lengths.length === 0 ? checkRules(config, label) : []),
  ];
}

function checkAugment({ dataset, augment }: Config, label: Label): string[] {
  if (!augment || imageSets.includes(dataset)) return [];
  return [
    `${label("augment")} and ${label("dataset")}: expected a data set of images, which can be moved and mirrored, received ${dataset}. ` +
      `Leave it out, or use one of the data sets ${imageSets.join(", ")}`,
  ];
}

function checkDropout({ model, dropout }: Config, label: Label): string[] {
  if (dropout === 0 || model === "mlp") return [];
  return [
    `${label("dropout")} and ${label("model")}: expected no dropout with the model ${model}, which is what it is, received ${dropout}. ` +
      "Leave it out, or use the model mlp",
  ];
}

function checkMomentum({ optimizer, momentum, nesterov }: Config, label: Label): string[] {
  const hasOwn = optimizer === "adam" || optimizer === "adamw";
  if (hasOwn && momentum !== 0)
    return [
      `${label("momentum")}: expected none with the optimizer ${optimizer}, which has its own, received ${momentum}`,
    ];
  if (nesterov && (optimizer !== "sgd" || momentum === 0))
    return [
      `${label("nesterov")}: expected the optimizer sgd and a momentum above 0 with it, received ${optimizer} and ${momentum}`,
    ];
  return [];
}

function checkLengths(config: Config, label: Label): string[] {
  const { model, hiddenLayers, activations, layerModes } = config;
  const problems: string[] = [];
  const count = (list: readonly unknown[]) => `${list.length} (${list.join(", ") || "none"})`;
  if (model === "mlp" && hiddenLayers.length !== activations.length) {
    problems.push(
      `${label("hiddenLayers")} and ${label("activations")}: expected one activation for each hidden layer, ` +
        `received ${count(hiddenLayers)} layers and ${count(activations)} activations. Give as many of the one as of the other`,
    );
  }
  if (layerModes === undefined || layerModes.length === kernelLayersOf(config)) return problems;
  const [where, received] =
    model === "mlp"
      ? [label("hiddenLayers"), `${count(hiddenLayers)} layers`]
      : [label("model"), `${model}, which has ${kernelLayersOf(config)} layers that learn`];
  return [
    ...problems,
    `${where} and ${label("layerModes")}: expected one rule for each hidden layer and one for the output, ` +
      `received ${received} and ${count(layerModes)} rules. Give one rule more than hidden layers`,
  ];
}

function checkLoss({ dataset, loss }: Config, label: Label): string[] {
  const { kind } = targetsOf(dataset);
  const takes = (name: LossName) => getLoss(name).targets.includes(kind);
  if (loss === undefined || takes(loss)) return [];
  const fitting = (losses.names() as LossName[]).filter(takes);
  const taken = getLoss(loss).targets.map((name) => targetKinds[name].title);
  return [
    `${label("loss")} and ${label("dataset")}: expected a loss of ${targetKinds[kind].title}, which the targets of ${dataset} are, ` +
      `received ${loss}, a loss of ${taken.join(" or ")}. Use ${fitting.join(" or ")}, or another data set`,
  ];
}

function checkSmoothing(config: Config, label: Label): string[] {
  const { labelSmoothing } = config;
  const name = lossNameOf(config);
  if (labelSmoothing === 0 || getLoss(name).smoothed !== undefined) return [];
  return [
    `${label("labelSmoothing")}: expected none with the loss ${name}, whose targets are values and no labels, received ${labelSmoothing}`,
  ];
}

function checkClassWeights({ dataset, classWeights }: Config, label: Label): string[] {
  const { task } = targetsOf(dataset);
  if (classWeights === undefined || task === "classification") return [];
  return [
    `${label("classWeights")} and ${label("dataset")}: expected none where examples do not belong to one class each, received ` +
      `${classWeights} with ${dataset}. Leave it out, or choose a data set of classes`,
  ];
}

/** Settings for feedback that no rule has a use for, and whatever core has against the rules. */
function checkRules(config: Config, label: Label): string[] {
  const used: Rule[] = [...new Set(rulesOf(config))].map((name) => rules.get(name));
  const unused = (key: keyof Config, what: string, has: (rule: Rule) => boolean) => {
    const fitting = [...rules].filter(has).map(({ name }) => name);
    return (
      `${label(key)}: expected none where no layer's rule ${what}, received ${config[key]} with ${used.map(({ name }) => name).join(", ")}. ` +
      `Leave it out, or use one of the rules ${fitting.join(", ")}`
    );
  };
  const without = (has: (rule: Rule) => boolean) => !used.some(has);
  const keeps = ({ hasFeedback }: Rule) => hasFeedback;
  const mirrors = ({ mirror }: Rule) => mirror !== undefined;
  const problems: string[] = [];
  if (config.feedbackConnections !== undefined && without(keeps))
    problems.push(unused("feedbackConnections", "has feedback weights", keeps));
  if (without(mirrors)) {
    for (const key of givenMirrorSettings(config))
      problems.push(unused(key, "mirrors the kernel", mirrors));
  }
  return [...problems, ...refusals(config, label)];
}

/** Why core refuses the network, if it does. What it has against a rule does not depend on the data's sizes. */
function refusals(config: Config, label: Label): string[] {
  const spec = networkOf(config, {
    name: config.dataset,
    inputShape: [1],
    imageShape: [32, 32, 3],
    outputs: 1,
  });
  const chosen = label(config.layerModes === undefined ? "mode" : "layerModes");
  const refused =
    refusal(chosen, () => createNetwork(spec)) ??
    refusal(`${chosen} and ${label("loss")}`, () =>
      checkRulesWithLoss(createNetwork(spec).rules, lossNameOf(config)),
    );
  return refused === undefined ? [] : [refused];
}

function refusal(settings: string, create: () => unknown): string | undefined {
  try {
    create();
    return undefined;
  } catch (error) {
    if (error instanceof BioflaxError) return `${settings}: ${error.message}`;
    throw error;
  }
}
