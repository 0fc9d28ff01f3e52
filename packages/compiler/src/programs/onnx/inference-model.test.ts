import {
  createNetwork,
  getModel,
  initializeWeights,
  type ModelName,
  type NetworkSpec,
  Random,
  symbolsOf,
  type Weights,
} from "@bioflax/core";
import {
  chosen,
  convolutionCases,
  everyCase,
  plainEvaluation,
  plainWeights,
  randomNetworkCase,
  recurrentCases,
  relativeError,
  tensor,
  trainingCases,
  transformerCases,
} from "@bioflax/core/testing";
import { fromBinary } from "@bufbuild/protobuf";
import { describe, expect, test } from "@jest/globals";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { inferenceModel } from "../../index";
import { ModelProtoSchema } from "../../proto/onnx_pb";

/** Weights of which none is at rest, as training leaves them; variances above 0. */
function learnt(spec: NetworkSpec): Weights {
  const random = new Random(1, "learnt");
  const network = createNetwork(spec);
  const drawn = initializeWeights(network, 1);
  return Object.fromEntries(
    network.parameters.map(({ name, role }) => {
      const noise = () => 0.3 * random.normal();
      const moved = role === "movingVariance" ? () => Math.abs(noise()) : noise;
      return [name, (drawn[name] as Float32Array).map((value) => value + moved())];
    }),
  );
}

/** How far a model is from the plain loops, on batches of several sizes in one session. */
async function worstError(spec: NetworkSpec, batches = [1, 3]): Promise<number> {
  const weights = learnt(spec);
  const session = await InferenceSession.create(inferenceModel({ spec, weights }));
  const random = new Random(2, "inputs");
  const symbols = symbolsOf(createNetwork(spec));
  const errors: number[] = [];
  for (const batch of batches) {
    const size = spec.inputShape.reduce((a, b) => a * b, 1);
    const input = Array.from({ length: batch }, () =>
      Array.from({ length: size }, () =>
        symbols === undefined ? Math.fround(random.normal()) : random.below(symbols),
      ),
    );
    const feed = new Tensor("float32", Float32Array.from(input.flat()), [
      batch,
      ...spec.inputShape,
    ]);
    const { output } = await session.run({ input: feed });
    const { dims, data } = output as Tensor;
    const { output: expected } = plainEvaluation(
      { spec, loss: "meanSquaredError" },
      plainWeights(spec, weights),
      { input, values: input.map(() => new Array(createNetwork(spec).outputs).fill(0)) },
    );
    errors.push(
      relativeError(
        tensor(data as Float32Array, dims),
        tensor(expected.flat(), [batch, createNetwork(spec).outputs]),
      ),
    );
  }
  await session.release();
  return Math.max(...errors);
}

const modelSpec = (name: ModelName, rule = "fa" as const, inputShape = [32, 32, 3]) =>
  getModel(name).create({ inputShape, outputs: 10, rule });

describe("answers as the plain loops do, whatever the batch", () => {
  // How a network answers does not depend on its rules, by which the cases differ most.
  const withoutRule = (key: string, value: unknown) => (key === "rule" ? undefined : value);
  const distinct = new Map(
    [
      ...trainingCases({ steps: 1 }),
      ...convolutionCases(),
      ...recurrentCases(),
      ...transformerCases(),
    ].map(({ name, spec }) => [JSON.stringify(spec, withoutRule), [name, spec] as const]),
  );
  test.each(chosen([...distinct.values()], 7, ([name]) => name))("%s", async (_name, spec) => {
    expect(await worstError(spec)).toBeLessThan(2e-5);
  });

  test.each(Array.from({ length: everyCase ? 100 : 25 }, (_, seed) => seed))(
    "random network %d",
    async (seed) => {
      expect(await worstError(randomNetworkCase(1000 + seed).spec)).toBeLessThan(5e-5);
    },
  );

  test.each<ModelName>(["lenet5", "resnet20"])("%s", async (name) => {
    expect(await worstError(modelSpec(name), [2])).toBeLessThan(5e-5);
  });
});

/** What a file says of itself. */
function read(spec: NetworkSpec, metadata = {}) {
  const weights = initializeWeights(createNetwork(spec), 0);
  return fromBinary(ModelProtoSchema, inferenceModel({ spec, weights, metadata }));
}

test("a network is the plain nodes one would write down, with no feedback weights", () => {
  const graph = read(modelSpec("lenet5")).graph!;
  expect(graph.node.map(({ opType }) => opType)).toMatchSnapshot();
  const names = graph.initializer.map(({ name }) => name);
  expect(names).toContain("layers.0.kernel");
  expect(names.filter((name) => name?.endsWith("feedback"))).toEqual([]);
  const kernel = graph.initializer.find(({ name }) => name === "layers.0.kernel");
  expect(kernel?.dims).toEqual([6n, 3n, 5n, 5n]);
});

test("input and output have names, an open batch, and metadata go with them", () => {
  const { graph, metadataProps } = read(modelSpec("mlp", "fa", [7]), { rule: "fa", note: "a" });
  const ends = [...graph!.input, ...graph!.output].map(({ name, type }) => {
    const { value } = type!.value as { value: { shape: { dim: { value: object }[] } } };
    return [name, value.shape.dim.map(({ value }) => (value as { value: unknown }).value)];
  });
  expect(ends).toEqual([
    ["input", ["batch", 7n]],
    ["output", ["batch", 10n]],
  ]);
  expect(metadataProps.map(({ key, value }) => [key, value])).toEqual([
    ["rule", "fa"],
    ["note", "a"],
  ]);
});

// tract 0.23 pins the input's shape, and then refused our files for symbols in the shapes they gave further on.
test.each(["mlp", "lenet5", "resnet20"] as const)(
  "%s: the open batch is a symbol in nothing but input and output",
  (name) => {
    const { graph } = read(modelSpec(name, "fa", name === "mlp" ? [7] : [32, 32, 3]));
    const open = graph!.valueInfo.filter(({ type }) => {
      const { value } = type!.value as { value: { shape: { dim: { value: { case: string } }[] } } };
      return value.shape.dim.some((dim) => dim.value.case === "dimParam");
    });
    expect(open.map((value) => value.name)).toEqual([]);
  },
);

test("weights that do not fit are refused by name", () => {
  const spec = modelSpec("mlp", "fa", [7]);
  expect(() => inferenceModel({ spec, weights: {} })).toThrow(
    'inferenceModel: expected the weight "layers.0.kernel" to hold [7, ',
  );
});
