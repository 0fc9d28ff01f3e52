import {
  createNetwork,
  float64Tensor,
  getLoss,
  groupByLayer,
  lossAndGradients,
  type NetworkSpec,
  type RuleName,
  referenceOps,
} from "@bioflax/core";
import { alignment, degrees, summarizeAlignment } from "@bioflax/metrics";
import { beforeAll, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import {
  alignmentCallback,
  bioNetwork,
  fromSpec,
  loss,
  networkNoise,
  optimizer,
  readWeights,
} from "../src/index";
import { rulesOfFit } from "./rules-of-fit";
import "./backends";

beforeAll(() => tf.setBackend("wasm"));

const classes = [0, 1, 2, 0, 1, 2, 1, 1, 0, 2];
let inputs: tf.Tensor2D;
let targets: tf.Tensor2D;
beforeAll(() => {
  inputs = tf.randomNormal([10, 5], 0, 1, "float32", 1);
  targets = tf.oneHot(tf.tensor1d(classes, "int32"), 3) as tf.Tensor2D;
});

function make(mode: RuleName) {
  const model = bioNetwork({
    mode,
    hiddenLayers: [6, 4],
    activations: "tanh",
    units: 3,
    inputShape: [5],
    mirroring: { batch: 4, rate: 0.1 },
    seed: 3,
  });
  model.compile({
    optimizer: optimizer({ name: "sgd", learningRate: 0.2 }),
    loss: loss("softmaxCrossEntropy"),
  });
  return model;
}

/** What core and metrics make of a model as it is, in float64. */
async function expectedValues(
  model: tf.LayersModel,
  spec: NetworkSpec,
  examples: tf.Tensor = inputs,
) {
  const network = createNetwork(spec);
  const weights = await readWeights(model);
  const noise = networkNoise(model, 10).map((x) => float64Tensor(x.dataSync(), x.shape));
  const parameters = groupByLayer(
    network,
    network.parameters.map(({ name, shape }) => float64Tensor(weights[name]!, shape)),
  ).map((own, layer) => ({
    ...own,
    noise: noise.filter((_, i) => network.noise[i]!.layer === layer),
  }));
  const pass = lossAndGradients(
    referenceOps,
    { network, loss: getLoss("softmaxCrossEntropy") },
    parameters,
    {
      input: float64Tensor(examples.dataSync(), examples.shape),
      target: float64Tensor(classes, [10]),
    },
  );
  const values = alignment(referenceOps, network, parameters, pass);
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, value.data[0] as number]),
  );
}

const withPrefix = (values: Record<string, number>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`alignment/${name}`, value]));

describe.each(rulesOfFit)("%s", (mode) => {
  const spec = (layers = [6, 4, 3]): NetworkSpec => ({
    inputShape: [5],
    rule: mode,
    layers: layers.map((units, l) => ({
      type: "dense",
      units,
      activation: l < 2 ? "tanh" : "identity",
    })),
  });

  test("the history has, epoch by epoch, what core and metrics give in float64", async () => {
    const model = make(mode);
    const told: [number, Readonly<Record<string, number>>][] = [];
    const expected: Record<string, number>[] = [];
    const { history } = await model.fit(inputs, targets, {
      epochs: 3,
      batchSize: 5,
      verbose: 0,
      callbacks: [
        alignmentCallback({
          data: { inputs, targets },
          loss: "softmaxCrossEntropy",
          async onAlignment(epoch, values) {
            told.push([epoch, values]);
            expected.push(await expectedValues(model, spec()));
          },
        }),
      ],
    });
    expect(told.map(([epoch]) => epoch)).toEqual([0, 1, 2]);
    expected.forEach((values, epoch) => {
      expect(Object.keys(values)).toContain("layers.2.gradient");
      for (const [name, value] of Object.entries(values)) {
        const received = history[`alignment/${name}`]![epoch] as number;
        expect(Math.abs(received - value) / Math.max(1, Math.abs(value))).toBeLessThan(1e-4);
        const angle = history[`alignment/${name}Angle`]?.[epoch] as number;
        if (/Ratio$/.test(name)) expect(angle).toBeUndefined();
        else expect(angle).toBeCloseTo(degrees(received), 10);
      }
      expect(
        Object.entries(withPrefix(told[epoch]![1])).every(
          ([name, value]) => history[name]![epoch] === value,
        ),
      ).toBe(true);
    });
  });

  test("measuring changes nothing of the training, and leaves no tensor", async () => {
    const [plain, measured] = [make(mode), make(mode)];
    const fit = (model: tf.LayersModel, callbacks: tf.Callback[]) =>
      model.fit(inputs, targets, {
        epochs: 2,
        batchSize: 5,
        shuffle: false,
        verbose: 0,
        callbacks,
      });
    const callback = () =>
      alignmentCallback({ data: { inputs, targets }, loss: "softmaxCrossEntropy", every: "batch" });
    await fit(measured, [callback()]);
    const { numTensors, numBytes } = tf.memory();
    await fit(measured, [callback()]);
    expect(tf.memory()).toMatchObject({ numTensors, numBytes });
    await fit(plain, []);
    await fit(plain, []);
    expect(await readWeights(measured)).toEqual(await readWeights(plain));
  });
});

test("after each batch: told each, logged with each, and the epoch's mean goes into the history", async () => {
  const told: [number, Readonly<Record<string, number>>][] = [];
  const logged: number[] = [];
  const { history } = await make("fa").fit(inputs, targets, {
    epochs: 2,
    batchSize: 5,
    verbose: 0,
    callbacks: [
      alignmentCallback({
        data: { inputs, targets: tf.tensor1d(classes, "int32") },
        loss: "softmaxCrossEntropy",
        every: "batch",
        onAlignment: (batch, values) => {
          told.push([batch, values]);
        },
      }),
      new tf.CustomCallback({
        onBatchEnd: (_batch, logs) => {
          logged.push(logs!["alignment/gradient"]!);
        },
      }),
    ],
  });
  expect(told.map(([batch]) => batch)).toEqual([0, 1, 0, 1]);
  expect(logged).toEqual(told.map(([, { gradient }]) => gradient));
  for (const epoch of [0, 1]) {
    const both = told
      .slice(2 * epoch, 2 * epoch + 2)
      .map(([, { gradient }]) => ({ gradient: gradient! }));
    const mean = withPrefix(summarizeAlignment(both));
    expect(history["alignment/gradient"]![epoch]).toBe(mean["alignment/gradient"]);
    expect(history["alignment/gradientAngle"]![epoch]).toBe(mean["alignment/gradientAngle"]);
  }
});

test("fitDataset has it too, and callbacks that come later see it", async () => {
  const model = make("fa");
  const data = tf.data
    .zip({ xs: tf.data.array(inputs.arraySync()), ys: tf.data.array(targets.arraySync()) })
    .batch(5);
  const { epoch } = await model.fitDataset(data, {
    epochs: 5,
    verbose: 0,
    callbacks: [
      alignmentCallback({ data: { inputs, targets }, loss: "softmaxCrossEntropy" }),
      tf.callbacks.earlyStopping({ monitor: "alignment/weightNormRatio", minDelta: 1e6 }),
    ],
  });
  expect(epoch).toEqual([0, 1]);
});

test.each<RuleName>(["fa", "dfa", "kp"])(
  "%s: a network of convolutions, with branches and dropout, is measured as one of dense layers",
  async (rule) => {
    const spec: NetworkSpec = {
      inputShape: [5, 4, 1],
      rule,
      layers: [
        { type: "conv2d", filters: 3, kernelSize: 2, activation: "tanh" },
        { type: "batchNormalization" },
        { type: "conv2d", filters: 3, kernelSize: 1, inputs: [0] },
        { type: "add", inputs: [1, 2] },
        { type: "dropout", rate: 0.2 },
        { type: "flatten" },
        { type: "dense", units: 3 },
      ],
    };
    const model = fromSpec(spec, undefined, { seed: 2 });
    model.compile({
      optimizer: optimizer({ name: "sgd", learningRate: 0.1 }),
      loss: loss("softmaxCrossEntropy"),
    });
    const images = tf.randomNormal([10, 5, 4, 1], 0, 1, "float32", 1);
    let expected: Record<string, number> = {};
    const { history } = await model.fit(images, targets, {
      epochs: 1,
      verbose: 0,
      callbacks: [
        alignmentCallback({
          data: { inputs: images, targets },
          loss: "softmaxCrossEntropy",
          async onAlignment() {
            expected = await expectedValues(model, spec, images);
          },
        }),
      ],
    });
    expect(Object.keys(expected)).toContain("layers.2.gradient");
    for (const [name, value] of Object.entries(expected))
      expect(history[`alignment/${name}`]![0]).toBeCloseTo(value, 4);
  },
);

// Found as an angle of 90° and a ratio of 1.8e30 (reported of a layer whose relu units are all off).
test.each(["bp", "fa"] as const)(
  "%s: the angle of gradients that are zero is NaN",
  async (mode) => {
    const model = bioNetwork({
      mode,
      hiddenLayers: [6],
      activations: "relu",
      units: 3,
      inputShape: [5],
      kernelInitializer: "zeros",
    });
    model.compile({ optimizer: "sgd", loss: loss("softmaxCrossEntropy") });
    const data = { inputs, targets };
    const { history } = await model.fit(inputs, targets, {
      verbose: 0,
      epochs: 1,
      callbacks: [alignmentCallback({ data, loss: "softmaxCrossEntropy" })],
    });
    const last = (name: string) => history[`alignment/${name}`]![0];
    expect(last("layers.0.gradientAngle")).toBeNaN();
    expect(last("layers.0.gradientNormRatio")).toBeNaN();
    // The output's bias learns.
    expect(last("gradientAngle")).toBeCloseTo(0, 1);
    expect(Object.keys(history).filter((name) => name.endsWith("Batches"))).toEqual([]);
  },
);

describe("is refused when training starts", () => {
  const fit = (model: tf.LayersModel, name: "softmaxCrossEntropy" | "meanSquaredError") => {
    model.compile({ optimizer: "sgd", loss: loss("softmaxCrossEntropy") });
    return model.fit(inputs, targets, {
      verbose: 0,
      callbacks: [alignmentCallback({ data: { inputs, targets }, loss: name })],
    });
  };

  test("for a layer it cannot measure", async () => {
    const layers = [tf.layers.dense({ units: 3, inputShape: [5], name: "plain" })];
    await expect(fit(tf.sequential({ layers }), "softmaxCrossEntropy")).rejects.toThrow(
      'the layer "plain" is of another kind, Dense.',
    );
  });

  test("for a loss from which a rule learns nothing", async () => {
    await expect(fit(make("drtp"), "meanSquaredError")).rejects.toThrow(
      'The rule "drtp" sends the target',
    );
  });

  test("for targets that do not fit, and an unknown loss", async () => {
    const data = { inputs, targets: tf.zeros([4]) };
    const model = make("fa");
    const callbacks = [alignmentCallback({ data, loss: "softmaxCrossEntropy" })];
    await expect(model.fit(inputs, targets, { verbose: 0, callbacks })).rejects.toThrow(
      "for an output of shape [10, 3], received a target of shape [4].",
    );
    expect(() => alignmentCallback({ data, loss: "mse" as never })).toThrow('Unknown loss "mse"');
  });
});
