import {
  activations,
  defineInitializer,
  defineLayer,
  defineLoss,
  defineModel,
  defineOptimizer,
  defineSchedule,
  initializers,
  layers,
  losses,
  models,
  optimizers,
  type Rule,
  rules,
  schedules,
  sequential,
} from "@bioflax/core";
import { afterEach, describe, expect, test } from "@jest/globals";
import {
  activationContract,
  initializerContract,
  layerContract,
  lossContract,
  modelContract,
  optimizerContract,
  ruleContract,
  scheduleContract,
} from "../index";

const name = "broken";
const registries = [
  activations,
  initializers,
  layers,
  losses,
  models,
  optimizers,
  rules,
  schedules,
];
afterEach(() => {
  for (const registry of registries) registry.remove(name);
});

const tanh = activations.get("tanh");
const sgd = optimizers.get("sgd");
const mse = losses.get("meanSquaredError");
const fa = rules.get("fa") as Rule;
const momentum = { type: "number", default: 0, from: 0, below: 1, doc: "momentum" } as const;

/** Plain steps down, and what is wrong with them. */
const descent = (wrong: object, options = {}) =>
  defineOptimizer({
    ...sgd,
    name,
    options,
    examples: [],
    create: () => ({ ...sgd.create({ momentum: 0, nesterov: false }), ...wrong }),
  });

/** A layer that doubles, and what is wrong with it. */
const doubling = (wrong: object) =>
  defineLayer({
    name,
    options: {},
    probe: [3],
    maths: () => ({
      forward: (ops, _parameters, input) => ({ input, output: ops.mul(input, 2) }),
      backward: (ops, _parameters, _residuals, delta) => ({ input: ops.mul(delta, 2) }),
      ...wrong,
    }),
  });

const squared = {
  name,
  targets: ["values"],
  elements: (ops: never, output: never, target: never) => mse.evaluate(ops, output, target),
  factor: 1 / 2,
  divisor: (outputs: number) => outputs,
} as never;

describe("a definition that is wrong breaks its contract, which says where", () => {
  test.each<[string, () => void, string]>([
    [
      "an activation with another's derivative",
      () =>
        activationContract({ ...tanh, name, aliases: [], backward: (_ops, _at, delta) => delta }),
      'The activation "broken" breaks its contract: the error it hands on, by finite differences, is ',
    ],
    [
      "an activation that mixes rows",
      () =>
        activationContract({
          ...tanh,
          name,
          forward: (ops, a) => ops.sub(a, ops.broadcastTo(ops.sum(a, [0], true), ops.shape(a))),
        }),
      "its output for row 0 by itself is ",
    ],
    [
      "an activation that overflows",
      () => activationContract({ ...tanh, name, forward: (ops, a) => ops.exp(ops.mul(a, 2)) }),
      "its output for large inputs is Infinity at element 0, expected a finite number.",
    ],
    [
      "an activation that says it normalizes",
      () => activationContract({ ...tanh, name, normalizes: true }),
      "the sum of row 0, which it says is 1, is ",
    ],
    [
      "a loss with twice its error",
      () =>
        lossContract({
          ...mse,
          name,
          evaluate(ops, output, target, weights) {
            const { value, error } = mse.evaluate(ops, output, target, weights);
            return { value, error: ops.mul(error, 2) };
          },
        }),
      "its error with values and 3 outputs, by finite differences of its value, is ",
    ],
    [
      "a loss that forgets weights",
      () =>
        lossContract({
          ...mse,
          name,
          evaluate: (ops, output, target) => mse.evaluate(ops, output, target),
        }),
      "its value of weighted examples with values and 3 outputs is ",
    ],
    [
      "a loss of classes that does not say how outputs become probabilities",
      () => {
        const { probabilities: _without, ...rest } = losses.get("softmaxCrossEntropy");
        lossContract({ ...rest, name });
      },
      'it does not say how probable the outputs make them: it lacks "probabilities", which an "activation" gives it.',
    ],
    [
      "the same, as it is defined",
      () => defineLoss({ ...(squared as object), targets: ["classes"] } as never),
      'Loss "broken": expected its definition to say how probable the outputs make a class',
    ],
    [
      "a loss whose threshold is not where its probabilities are even",
      () => lossContract({ ...losses.get("sigmoidCrossEntropy"), name, threshold: 0.5 }),
      "and its threshold is 0.5.",
    ],
    [
      "an optimizer with an option it does not read",
      () => optimizerContract(descent({}, { momentum })),
      'The optimizer "broken" breaks its contract: its option "momentum" changes nothing, whatever it is.',
    ],
    [
      "an optimizer whose option has its default outside of its range",
      () => optimizerContract(descent({}, { momentum: { ...momentum, default: 2 } })),
      'the default of its option "momentum" is 2, expected a number from 0 up to, but not including, 1.',
    ],
    [
      "an optimizer that forgets a slot",
      () =>
        optimizerContract(
          descent({
            slots: ["mean"],
            update: (ops: never, inputs: never) =>
              sgd
                .create({ momentum: 0, nesterov: false })
                .update(ops, { ...(inputs as object), slots: [] } as never),
          }),
        ),
      'expected its update to return 1 "slots", mean, received 0.',
    ],
    [
      "an optimizer that does not decay",
      () =>
        optimizerContract(
          descent({
            update: (ops: never, inputs: never) =>
              sgd
                .create({ momentum: 0, nesterov: false })
                .update(ops, { ...(inputs as object), weightDecay: 0 } as never),
          }),
        ),
      "a weight decay of 0.1 leaves 1 of a weight, expected a part of it.",
    ],
    [
      "an optimizer that goes up",
      () =>
        optimizerContract(
          descent({
            fused: undefined,
            update: (ops: { neg(x: never): never }, inputs: { rate: never }) =>
              sgd.create({ momentum: 0, nesterov: false }).update(
                ops as never,
                {
                  ...inputs,
                  rate: typeof inputs.rate === "number" ? -inputs.rate : ops.neg(inputs.rate),
                } as never,
              ),
          }),
        ),
      "30 steps along a gradient of 1 take a weight from ",
    ],
    [
      "an optimizer whose fused step is another",
      () =>
        optimizerContract({
          ...optimizers.get("adam"),
          name,
          create: (options) => ({
            ...optimizers.get("adam").create(options as never),
            fused: { kind: "gradientDescent" },
          }),
        }),
      "the weight after step 1, beside its fused step, gradientDescent, is ",
    ],
    [
      "an optimizer that is not the plain one",
      () =>
        optimizerContract(descent({}), {
          plain:
            () =>
            (w, g, _memory, { rate, weightDecay }) => ({
              weight: w - 2 * rate * g - weightDecay * w,
              memory: [],
            }),
        }),
      "the weight after step 1, beside the plain step, is ",
    ],
    [
      "an initializer of another spread",
      () =>
        initializerContract(
          defineInitializer({
            name,
            options: {},
            create: () => () => ({ stddev: 1, draw: (random) => 2 * random.normal() }),
          }),
        ),
      "it says its standard deviation is 1, and that of 20000 values is ",
    ],
    [
      "an initializer with dice of its own",
      () =>
        initializerContract(
          defineInitializer({
            name,
            options: {},
            create: () => () => ({ stddev: 1, draw: () => Math.random() }),
          }),
        ),
      "draws other values from the same stream.",
    ],
    [
      "a schedule that falls below 0",
      () =>
        scheduleContract(
          defineSchedule({ name, options: {}, create: () => (step) => 1 - step / 10 }),
        ),
      "its factor at step 11 is -0.1",
    ],
    [
      "a schedule that needs an option and shows none",
      () =>
        scheduleContract(
          defineSchedule({
            name,
            options: { steps: { type: "number", from: 1, doc: "steps" } },
            create: () => () => 1,
          }),
        ),
      'it cannot do without "steps", and has no "examples" to try.',
    ],
    [
      "a layer that hands on another error",
      () =>
        layerContract(
          doubling({
            backward: (_o: never, _p: never, _r: never, delta: never) => ({ input: delta }),
          }),
        ),
      "the error it hands on, by finite differences, is ",
    ],
    [
      "a layer of another shape than it says",
      () => layerContract(doubling({ outputShape: [4] })),
      'the "output" of forward: expected it to return a tensor of the shape [2, 4], received one of [2, 3].',
    ],
    [
      "a layer whose weight has no gradient",
      () =>
        layerContract(
          doubling({
            weights: [
              { role: "gamma", shape: [3], initializer: "ones", learns: true, decays: false },
            ],
          }),
        ),
      'the gradient of "gamma" of backward: expected it to return a tensor of the shape [3], received undefined.',
    ],
    [
      "a model of other outputs",
      () =>
        modelContract(
          defineModel({
            name,
            title: "Broken",
            inputs: "rows",
            options: {},
            layers: ({ layer }) => [{ type: "dense", units: 7, ...layer }],
          }),
        ),
      'The model "broken" breaks its contract: it puts out [7], expected 3 numbers.',
    ],
    [
      "a model that keeps what layers are told",
      () =>
        modelContract(
          defineModel({
            name,
            title: "Broken",
            inputs: "rows",
            options: {},
            layers: ({ outputs }) => [{ type: "dense", units: outputs }],
          }),
        ),
      "layer 0 was not told what all layers with a kernel are told",
    ],
    [
      "a rule that reads feedback weights it does not keep",
      () => ruleContract({ ...fa, name, hasFeedback: false }),
      "This layer has no feedback weights under its rule.",
    ],
    [
      "a rule of another shape",
      () =>
        ruleContract({
          ...fa,
          name,
          transport: (ops, { parameters: { kernel } }) => ops.sum(kernel, [0], true),
        }),
      'The rule "broken" in a network of dense layers, layer 0 breaks its contract: its transport has the shape [1,4], expected [5,4].',
    ],
    [
      "a rule whose feedback learns a gradient of another shape",
      () =>
        ruleContract({
          ...fa,
          name,
          feedbackGradient: (ops, { kernelGradient }) => ops.sum(kernelGradient),
        }),
      "feedbackGradient: expected it to return a tensor of the shape [6, 3], received one of [].",
    ],
    [
      "a rule that is not the plain one",
      () => ruleContract({ ...fa, name }, { plain: ({ kernel }) => kernel }),
      "its transport, beside the plain one, is ",
    ],
    [
      "a rule whose route sends nothing, with a signal",
      () =>
        ruleContract({ ...fa, name, route: sequential, outputSignal: (_ops, { error }) => error }),
      "it has an outputSignal, and its errors travel layer by layer",
    ],
    [
      "a rule without a formula",
      () => ruleContract({ ...fa, name, formula: { transport: "B", feedback: "" } }),
      "its formula says nothing of the feedback",
    ],
  ])("%s", (_what, run, text) => {
    expect(run).toThrow(text);
  });
});
