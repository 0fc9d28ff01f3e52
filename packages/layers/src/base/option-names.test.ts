import { BioflaxError } from "@bioflax/core";
import { beforeAll, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import * as layers from "../index";
import { useDevice } from "../node";
import "../../test/backends";

beforeAll(() => tf.setBackend("cpu"));

const as = <T>(value: unknown) => value as T;
const plain = () => tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
const image = { filters: 1, kernelSize: 1, name: "a" };

// Each with one option misspelt, which JavaScript would pass over in silence.
describe("a misspelt option is refused with the nearest there is", () => {
  test.each<[string, () => unknown, string]>([
    [
      "optimizer",
      () => layers.optimizer(as({ name: "sgd", learningRate: 1, momentun: 0.9 })),
      'Optimizer "sgd": unknown option "momentun". Did you mean "momentum"?',
    ],
    [
      "denseFA",
      () => layers.denseFA(as({ units: 1, name: "a", feedbackInitialiser: "zeros" })),
      'Layer "a": unknown option "feedbackInitialiser". Did you mean "feedbackInitializer"?',
    ],
    [
      "denseBP",
      () => layers.denseBP(as({ units: 1, unit: 2, name: "a" })),
      '"unit". Did you mean "units"?',
    ],
    ["denseKP", () => layers.denseKP(as({ units: 1, useBiass: false })), 'Did you mean "useBias"?'],
    [
      "denseDFAHidden",
      () => layers.denseDFAHidden(as({ units: 1, outputUnit: 2 })),
      'Did you mean "outputUnits"?',
    ],
    [
      "denseDFAOutput",
      () => layers.denseDFAOutput(as({ units: 1, rules: "fa" })),
      'Did you mean "rule"?',
    ],
    [
      "bioDense",
      () => layers.bioDense(as({ rule: "fa", units: 1, activations: "relu" })),
      'Did you mean "activation"?',
    ],
    [
      "bioDense, hidden",
      () => layers.bioDense(as({ rule: "dfa", units: 1, activations: "relu" })),
      'Did you mean "activation"?',
    ],
    [
      "bioConv2d",
      () => layers.bioConv2d(as({ rule: "fa", ...image, stride: 1 })),
      'Layer "a": unknown option "stride". Did you mean "strides"?',
    ],
    [
      "bioConv2d, hidden",
      () => layers.bioConv2d(as({ rule: "dfa", ...image, stride: 1 })),
      'Did you mean "strides"?',
    ],
    [
      "mirroring",
      () => layers.bioDense(as({ rule: "wm", units: 1, mirroring: { rates: 1 } })),
      'mirroring: unknown option "rates". Did you mean "rate"?',
    ],
    [
      "outputUnits",
      () => layers.denseDFAHidden(as({ units: 1, outputUnits: [{ nam: "o", units: 1 }] })),
      'outputUnits: unknown option "nam". Did you mean "name"?',
    ],
    [
      "directFeedback",
      () => layers.directFeedback(as({ feedbackProjektion: "dense" })),
      'Did you mean "feedbackProjection"?',
    ],
    ["errorSource", () => layers.errorSource(as({ nam: "a" })), 'Did you mean "name"?'],
    [
      "bioMaxPooling2d",
      () => layers.bioMaxPooling2d(as({ poolsizes: 2 })),
      'Did you mean "poolSize"?',
    ],
    [
      "bioAveragePooling2d",
      () => layers.bioAveragePooling2d(as({ pading: "same" })),
      'Did you mean "padding"?',
    ],
    [
      "bioGlobalMaxPooling2d",
      () => layers.bioGlobalMaxPooling2d(as({ seeds: 2 })),
      'Did you mean "seed"?',
    ],
    ["bioDropout", () => layers.bioDropout(as({ rate: 0.5, sed: 1 })), 'Did you mean "seed"?'],
    [
      "bioActivation",
      () => layers.bioActivation(as({ activation: "relu", trainble: false })),
      'Did you mean "trainable"?',
    ],
    [
      "bioBatchNormalization",
      () => layers.bioBatchNormalization(as({ momentun: 0.9 })),
      'Did you mean "momentum"?',
    ],
    // tf.layers.batchNormalization takes it, and ours would have normalised the last axis all the same.
    ["an axis", () => layers.bioBatchNormalization(as({ axis: 1 })), 'unknown option "axis"'],
    [
      "loss",
      () => layers.loss("softmaxCrossEntropy", as({ labelSmoothin: 0.1 })),
      'Loss "softmaxCrossEntropy": unknown option "labelSmoothin". Did you mean "labelSmoothing"?',
    ],
    [
      "loss, one object",
      () => layers.loss(as({ name: "softmaxCrossEntropy", smoothing: 0.1 })),
      'unknown option "smoothing".',
    ],
    [
      "bioNetwork",
      () =>
        layers.bioNetwork(
          as({ mode: "fa", hiddenLayers: [1], units: 1, inputShape: [1], hiddenLayer: [2] }),
        ),
      'bioNetwork: unknown option "hiddenLayer". Did you mean "hiddenLayers"?',
    ],
    [
      "fromSpec",
      () =>
        layers.fromSpec(
          { inputShape: [1], rule: "fa", layers: [{ type: "dense", units: 1 }] },
          undefined,
          as({ sed: 1 }),
        ),
      'fromSpec: unknown option "sed". Did you mean "seed"?',
    ],
    [
      "convert",
      () => layers.convert(plain(), as({ rule: "fa", layerRule: {} })),
      'convert: unknown option "layerRule". Did you mean "layerRules"?',
    ],
    [
      "alignmentCallback",
      () => layers.alignmentCallback(as({ data: {}, loss: "meanSquaredError", evry: "batch" })),
      'alignmentCallback: unknown option "evry". Did you mean "every"?',
    ],
    [
      "alignmentCallback, data",
      () => layers.alignmentCallback(as({ data: { input: 1 }, loss: "meanSquaredError" })),
      'alignmentCallback, data: unknown option "input". Did you mean "inputs"?',
    ],
    [
      "alignmentCallback, every",
      () => layers.alignmentCallback(as({ data: {}, loss: "meanSquaredError", every: "step" })),
      'expected every to be "epoch" or "batch", received "step"',
    ],
    [
      "an initializer's name",
      () => layers.denseFA({ units: 1, name: "a", kernelInitializer: as("lecunNormall") }),
      'received "lecunNormall". Did you mean "lecunNormal"?',
    ],
  ])("%s", (_name, act, text) => {
    expect(act).toThrow(BioflaxError);
    expect(act).toThrow(text);
  });

  test("useDevice", async () => {
    await expect(useDevice("cpu", as({ thread: 2 }))).rejects.toThrow(
      'useDevice: unknown option "thread". Did you mean "threads"?',
    );
  });
});

test("what a saved layer has beside is passed over, and the rest read", () => {
  const layer = layers.denseFA({ units: 2, name: "a", inputShape: [3], useBias: false });
  const config = { ...layer.getConfig(), ofALaterVersion: 1 };
  const read = layers.SequentialDense.fromConfig(
    as(layers.SequentialDense),
    config,
  ) as typeof layer;
  expect(read.getConfig()).toEqual(layer.getConfig());
});

/** Never run: what follows is checked by tsc, which fails where one of these is no error. */
export function typesRefuse(): void {
  const network = { mode: "fa", hiddenLayers: [1], units: 1, inputShape: [1] } as const;
  // @ts-expect-error no initializer
  layers.denseFA({ units: 1, kernelInitializer: "lecunNormall" });
  // @ts-expect-error no initializer
  layers.bioNetwork({ ...network, kernelInitializer: "lecunNormall" });
  // @ts-expect-error no option of that initializer
  layers.denseFA({ units: 1, kernelInitializer: { name: "uniform", scal: 1 } });
  // @ts-expect-error a rule whose errors travel layer by layer
  layers.denseDFAHidden({ units: 1, rule: "fa" });
  // @ts-expect-error a rule whose errors travel layer by layer
  layers.directFeedback({ rule: "fa" });
  // @ts-expect-error a rule whose errors come straight from the output
  new layers.SequentialDense({ units: 1, rule: "dfa" });
  // @ts-expect-error no activation
  layers.bioNetwork({ ...network, activations: "rleu" });
  // @ts-expect-error no activation
  layers.bioNetwork({ ...network, outputActivation: "sofmax" });
  // @ts-expect-error no rule
  layers.bioDense({ rule: "dffa", units: 1 });
  // @ts-expect-error no loss
  layers.loss("softmaxCrossEntropie");
  // @ts-expect-error no option of an optimizer
  layers.optimizer({ name: "sgd", learningRate: 1, momentun: 0.9 });
}

/** And these are none. */
export function typesTake(): void {
  layers.denseFA({ units: 1, kernelInitializer: "leCunNormal" });
  layers.denseFA({ units: 1, kernelInitializer: { name: "uniform", scale: 1 } });
  layers.denseFA({ units: 1, kernelInitializer: tf.initializers.zeros() });
  layers.denseDFAHidden({ units: 1, rule: "drtp" });
  layers.denseDFAOutput({ units: 1, rule: "fa" });
  layers.denseDFAOutput({ units: 1, rule: "dfa" });
  new layers.SequentialDense({ units: 1, rule: "brsf" });
}
