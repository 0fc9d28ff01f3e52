import { expect, test } from "@jest/globals";
import {
  createTrainable,
  type Float64Tensor,
  flatten,
  float64Tensor,
  forward,
  groupByLayer,
  initializeWeights,
  lossAndGradients,
  type NetworkSpec,
  noiseShape,
  Random,
  referenceOps,
  rules,
  withNoise,
} from "../index";

const spec: NetworkSpec = {
  inputShape: [6],
  rule: "fdfa",
  layers: [
    { type: "dense", units: 5 },
    { type: "dense", units: 4 },
    { type: "dense", units: 3 },
  ],
};

/** A network with its weights, and what a step of a batch finds out, with new data and noise each time. */
function made(given: NetworkSpec, batch: number) {
  const trainable = createTrainable({
    spec: given,
    loss: "softmaxCrossEntropy",
    optimizer: { name: "sgd", learningRate: 0.1 },
  });
  const { network } = trainable;
  const weights = initializeWeights(network, 3);
  const tensors = network.parameters.map(({ name, shape }) =>
    float64Tensor(weights[name] as Float32Array, shape),
  );
  const random = new Random(1, "fdfa");
  const drawn = (shape: readonly number[]) =>
    float64Tensor(
      Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()),
      shape,
    );
  const step = (own: readonly Float64Tensor[]) => {
    const noise = network.noise.map((info) => drawn(noiseShape(info, batch)));
    const parameters = withNoise(network, groupByLayer(network, own), noise);
    const input = drawn([batch, ...network.spec.inputShape]);
    const target = float64Tensor(
      Array.from({ length: batch }, (_, i) => i % 3),
      [batch],
    );
    const pass = lossAndGradients(referenceOps, trainable, parameters, { input, target });
    return { input, parameters, pass };
  };
  return { network, tensors, step };
}

test("by sgd, B comes to be the Jacobian of what is above, in a linear network the product of its kernels", () => {
  const { network, tensors, step } = made(spec, 64);
  const rate = 0.01;
  let own = tensors;
  for (let t = 0; t < 1500; t++) {
    const gradients = flatten(network, step(own).pass.gradients);
    own = own.map((weight, i) =>
      network.parameters[i]?.role === "feedback"
        ? referenceOps.axpby(1, weight, -rate, gradients[i] as Float64Tensor)
        : weight,
    );
  }
  const at = (name: string) =>
    own[network.parameters.findIndex((info) => info.name === name)] as Float64Tensor;
  const jacobians = {
    "layers.0.feedback": referenceOps.matMul(at("layers.1.kernel"), at("layers.2.kernel")),
    "layers.1.feedback": at("layers.2.kernel"),
  };
  const length = ({ data }: Float64Tensor) => Math.hypot(...data);
  for (const [name, jacobian] of Object.entries(jacobians)) {
    const off = length(referenceOps.sub(at(name), jacobian)) / length(jacobian);
    expect([name, off]).toEqual([name, expect.any(Number)]);
    expect(off).toBeLessThan(0.1);
  }
});

test("the pass is that without noise, which nothing but feedback weights learns from", () => {
  const normalized: NetworkSpec = {
    ...spec,
    layers: [
      { type: "dense", units: 5, activation: "relu" },
      { type: "batchNormalization" },
      { type: "dense", units: 3 },
    ],
  };
  const { network, tensors, step } = made(normalized, 4);
  const { input, parameters, pass } = step(tensors);
  expect(network.noise.map(({ name, layer, shape }) => [name, layer, shape])).toEqual([
    ["layers.0.noise.0", 0, [5]],
  ]);
  const tape = forward(referenceOps, network, parameters, input, true);
  expect(pass.tape.map(({ output, updates }) => [output, { ...updates }])).toEqual(
    tape.map(({ output, updates }) => [output, { ...updates }]),
  );
});

test("states are within a layer, where no noise can be added to them", () => {
  const { refuses } = rules.get("fdfa");
  expect(refuses).toBeDefined();
  expect(() =>
    createTrainable({
      spec: {
        inputShape: [4, 2],
        rule: "fdfa",
        layers: [
          { type: "gru", units: 3 },
          { type: "dense", units: 2 },
        ],
      },
      loss: "softmaxCrossEntropy",
      optimizer: { name: "sgd", learningRate: 0.1 },
    }),
  ).toThrow(
    'Layer 0: the rule "fdfa" cannot be used here: the states that its errors arrive at are within the layer, where no noise can be added to them. Change the option or the rule.',
  );
});
