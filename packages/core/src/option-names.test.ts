import { expect, test } from "@jest/globals";
import {
  BioflaxError,
  createInitializer,
  createLayer,
  createNetwork,
  createOptimizer,
  createSchedule,
  getLoss,
  getModel,
} from "./index";

const as = (value: unknown) => value as never;

test.each<[string, () => unknown, string]>([
  [
    "an optimizer",
    () => createOptimizer(as({ name: "sgd", learningRate: 1, momentun: 0.9 })),
    'Optimizer "sgd": unknown option "momentun". Did you mean "momentum"? Known: momentum, nesterov, learningRate, weightDecay, name, schedule.',
  ],
  [
    "another optimizer's",
    () => createOptimizer(as({ name: "adam", learningRate: 1, nesterov: true })),
    'Optimizer "adam": unknown option "nesterov". Known: beta1, beta2, epsilon, learningRate,',
  ],
  [
    "an optimizer, abbreviated",
    () => createOptimizer(as({ name: "adam", lr: 0.1 })),
    'Optimizer "adam": unknown option "lr". Did you mean "learningRate"? Known: beta1,',
  ],
  [
    "an optimizer, abbreviated in capitals",
    () => createOptimizer(as({ name: "sgd", learningRate: 1, WD: 0.1 })),
    'Optimizer "sgd": unknown option "WD". Did you mean "weightDecay"?',
  ],
  [
    "a schedule",
    () => createSchedule(as({ name: "cosine", steps: 3, alfa: 1 })),
    'Schedule "cosine": unknown option "alfa". Did you mean',
  ],
  [
    "a warm-up",
    () => createSchedule(as({ name: "constant", warmup: { step: 3 } })),
    'Schedule "constant", warmup: unknown option "step". Did you mean "steps"?',
  ],
  [
    "an initializer",
    () => createInitializer(as({ name: "normal", stdev: 1 })),
    'Initializer "normal": unknown option "stdev". Did you mean "stddev"? Known: mean, stddev, name.',
  ],
  [
    "a loss",
    () => getLoss(as({ name: "softmaxCrossEntropy", labelSmoothin: 0.1 })),
    'Loss "softmaxCrossEntropy": unknown option "labelSmoothin". Did you mean "labelSmoothing"?',
  ],
  [
    "a layer",
    () => createLayer(as({ type: "dense", units: 1, feedbackInitialiser: "zeros" }), [1]),
    'dense: unknown option "feedbackInitialiser". Did you mean "feedbackInitializer"?',
  ],
  [
    "a layer without a kernel",
    () => createLayer(as({ type: "dropout", rate: 0.5, seeds: 1 }), [1]),
    'dropout: unknown option "seeds". Known: type, name, inputs, rate.',
  ],
  [
    "mirroring",
    () => createLayer(as({ type: "dense", units: 1, mirroring: { rates: 1 } }), [1]),
    'mirroring: unknown option "rates". Did you mean "rate"?',
  ],
  [
    "a network",
    () => createNetwork(as({ inputShape: [1], rule: "fa", layer: [] })),
    'Network: unknown option "layer". Did you mean "layers"? Known: inputShape, layers, rule.',
  ],
  [
    "an architecture",
    () => getModel("mlp").create(as({ inputShape: [1], output: 1, rule: "fa" })),
    'mlp: unknown option "output". Did you mean "outputs"?',
  ],
  [
    "no object",
    () => createNetwork(as(null)),
    "Network: expected an object of options, received null.",
  ],
  [
    "a Promise",
    () => createNetwork(as(Promise.resolve())),
    "Network: expected an object of options, received a Promise that is not awaited.",
  ],
])("a misspelt option is refused with the nearest there is: %s", (_name, act, text) => {
  expect(act).toThrow(BioflaxError);
  expect(act).toThrow(text);
});

test("an option that is undefined counts as left out", () => {
  expect(() =>
    createOptimizer(as({ name: "sgd", learningRate: 1, momentun: undefined })),
  ).not.toThrow();
});
