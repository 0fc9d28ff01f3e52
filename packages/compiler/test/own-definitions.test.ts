import {
  activations,
  defineLayer,
  defineOptimizer,
  layers,
  optimizers,
  type Rule,
  rules,
  trainingSpecOf,
} from "@bioflax/core";
import {
  type Interpreter,
  networkCase,
  referenceInterpreter,
  relativeError,
  trainingDefinition,
} from "@bioflax/core/testing";
import { afterAll, expect, test } from "@jest/globals";
import { compile } from "../src/index";

const rule: Rule = { ...rules.get("fa"), name: "ownRule" };
const activation = { ...activations.get("tanh"), name: "ownTanh", aliases: [] };
const layer = defineLayer({
  name: "ownScale",
  options: { by: { type: "number", default: 2, doc: "what it is multiplied by" } },
  probe: [3],
  anyRank: true,
  maths: ({ by }) => ({
    forward: (ops, _parameters, input) => ({ input, output: ops.mul(input, by) }),
    backward: (ops, _parameters, _residuals, delta) => ({ input: ops.mul(delta, by) }),
  }),
});
const optimizer = defineOptimizer({ ...optimizers.get("sgd"), name: "ownSgd" });
afterAll(() => {
  rules.remove(rule.name);
  activations.remove(activation.name);
  layers.remove(layer.name);
  optimizers.remove(optimizer.name);
});

const spec = trainingSpecOf({
  spec: {
    inputShape: [4],
    rule,
    layers: [
      { type: "dense", units: 5, activation },
      { type: layer, by: 0.5 },
      { type: "dense", units: 3 },
    ],
  },
  loss: "softmaxCrossEntropy",
  optimizer: { name: optimizer, learningRate: 0.1, momentum: 0.9 },
});

const onnx: Interpreter = {
  name: "onnx",
  async run(definition, inputs) {
    const compiled = await compile(
      definition,
      inputs.map(({ shape, type }) => ({ shape, ...(type && { type }) })),
    );
    const outputs = await compiled.run(
      inputs.map(({ data, type }) =>
        type === "int32" ? Int32Array.from(data) : Float32Array.from(data),
      ),
    );
    await compiled.release();
    return outputs.map(({ shape, data }) => ({ shape, data: [...data] }));
  },
};

test("a network of one's own definitions trains compiled as interpreted", async () => {
  const given = networkCase({ name: "own", ...spec, batch: 3, steps: 3, seed: 0 });
  const { definition, inputs } = trainingDefinition(given);
  const [expected, received] = await Promise.all([
    referenceInterpreter.run(definition, inputs),
    onnx.run(definition, inputs),
  ]);
  expect(received).toHaveLength(expected.length);
  received.forEach((one, i) => {
    expect(relativeError(one, expected[i] as typeof one)).toBeLessThan(1e-4);
  });
});
