import {
  createNetwork,
  initializeWeights,
  type NetworkSpec,
  type OptimizerSpec,
  Random,
  sizeOf,
  type TrainingSnapshot,
} from "@bioflax/core";
import { type PlainBatch, plainTrain, relativeError } from "@bioflax/core/testing";
import { afterEach, describe, expect, test } from "@jest/globals";
import { CompiledNetwork, type CompiledNetworkSetup } from "../src/index";

const random = new Random(0, "following-feedback");
const COUNT = 21;
const images: Pick<NetworkSpec, "inputShape" | "layers"> = {
  inputShape: [6, 5, 2],
  layers: [
    { type: "conv2d", filters: 3, kernelSize: 3, activation: "relu" },
    { type: "conv2d", filters: 2, kernelSize: 2, strides: 2, activation: "tanh" },
    { type: "flatten" },
    { type: "dense", units: 3 },
  ],
};
const vectors: Pick<NetworkSpec, "inputShape" | "layers"> = {
  inputShape: [12],
  layers: [
    { type: "dense", units: 13, activation: "tanh" },
    { type: "dense", units: 9, activation: "relu", clipNorm: 0.5 },
    { type: "dense", units: 8, activation: "tanh", constrainNorm: true },
    { type: "dense", units: 3 },
  ],
};
const optimizers: Readonly<Record<string, OptimizerSpec>> = {
  "sgd, decay": { name: "sgd", learningRate: 0.05, weightDecay: 0.01 },
  nesterov: { name: "sgd", learningRate: 0.05, momentum: 0.8, nesterov: true },
  "adam, decay": { name: "adam", learningRate: 0.01, weightDecay: 0.01, epsilon: 1e-4 },
  "adamw, decay, schedule": {
    ...{ name: "adamw", learningRate: 0.01, weightDecay: 0.5, epsilon: 1e-4 },
    schedule: { name: "cosine", steps: 30 },
  },
  rmsprop: { name: "rmsprop", learningRate: 0.005, momentum: 0.5, epsilon: 1e-3 },
};

function setupOf(architecture: typeof images, optimizer: OptimizerSpec) {
  const spec: NetworkSpec = { ...architecture, rule: "kp" };
  return {
    spec,
    optimizer,
    loss: "softmaxCrossEntropy",
    weights: initializeWeights(createNetwork(spec), 1),
    layout: { inputShape: spec.inputShape, targetShape: [] },
    batchSize: 8,
    threads: 1,
  } satisfies CompiledNetworkSetup;
}
const sourceOf = ({ spec }: { readonly spec: NetworkSpec }) => ({
  inputs: Float32Array.from({ length: COUNT * sizeOf(spec.inputShape) }, () => random.normal()),
  targets: Int32Array.from({ length: COUNT }, () => random.below(3)),
  count: COUNT,
});
const rowsOf = (steps: number) => Int32Array.from({ length: steps * 8 }, () => random.below(COUNT));

const made: CompiledNetwork[] = [];
afterEach(async () => {
  await Promise.all(made.splice(0).map((network) => network.dispose()));
});
async function create(setup: CompiledNetworkSetup): Promise<CompiledNetwork> {
  const network = await CompiledNetwork.create(setup);
  made.push(network);
  return network;
}

/** Slots as they are where nothing is known of differences, as other engines leave them. */
const withoutDifferences = ({ slots, ...rest }: TrainingSnapshot) => ({
  ...rest,
  slots: Object.fromEntries(
    Object.entries(slots).filter(([name]) => !/difference|remaining/.test(name)),
  ),
});

describe.each(Object.entries({ images, vectors }))("%s", (_name, architecture) => {
  test.each(Object.entries(optimizers))(
    "feedback weights that follow are what plain loops make of them: %s",
    async (_optimizer, optimizer) => {
      const setup = setupOf(architecture, optimizer);
      const source = sourceOf(setup);
      const rows = rowsOf(18);
      const network = await create(setup);
      const { losses } = await network.train(source, rows, { alignmentBatches: 1 });
      const size = sizeOf(setup.spec.inputShape);
      const batches = Array.from({ length: 18 }, (_, step): PlainBatch => {
        const at = [...rows.subarray(step * 8, (step + 1) * 8)];
        return {
          input: at.map((row) => [...source.inputs.subarray(row * size, (row + 1) * size)]),
          labels: at.map((row) => source.targets[row]!),
        };
      });
      const expected = plainTrain(setup, setup.weights, batches);
      expected.losses.forEach((loss, i) => expect(losses[i]).toBeCloseTo(loss, 4));
      const weights = await network.weights();
      expect(Object.keys(weights)).toEqual(Object.keys(expected.weights));
      for (const [name, values] of Object.entries(weights)) {
        const plain = { shape: [values.length], data: expected.weights[name]!.flat(5) as number[] };
        expect(relativeError({ ...plain, data: [...values] }, plain)).toBeLessThan(2e-4);
      }
    },
  );

  test.each(Object.entries(optimizers))(
    "the same bits however steps are cut into calls, and from snapshots: %s",
    async (_optimizer, optimizer) => {
      const setup = setupOf(architecture, optimizer);
      const source = sourceOf(setup);
      const rows = rowsOf(18);
      const whole = await create(setup);
      const { losses } = await whole.train(source, rows);
      let cut = await create(setup);
      const parts: number[] = [];
      for (const [from, to] of [
        [0, 1],
        [1, 10],
        [10, 18],
      ] as const) {
        cut = await create({ ...setup, ...(await cut.snapshot()) });
        parts.push(...(await cut.train(source, rows.subarray(from * 8, to * 8))).losses);
      }
      expect(parts).toEqual([...losses]);
      expect(await cut.snapshot()).toEqual(await whole.snapshot());
    },
  );
});

describe("a snapshot", () => {
  const setup = setupOf(vectors, optimizers["adam, decay"]!);
  const source = sourceOf(setup);
  const rows = rowsOf(8);
  const trained = async (given: Partial<CompiledNetworkSetup>) => {
    const network = await create({ ...setup, ...given });
    await network.train(source, rows);
    return network.snapshot();
  };
  const error = (a: TrainingSnapshot, b: TrainingSnapshot) =>
    Math.max(
      ...Object.entries(a.weights).map(([name, values]) =>
        relativeError(
          { shape: [values.length], data: [...values] },
          { shape: [values.length], data: [...b.weights[name]!] },
        ),
      ),
    );

  test("of an engine that knows of no differences goes on all the same", async () => {
    const snapshot = await trained({});
    const plain = withoutDifferences(snapshot);
    expect(Object.keys(snapshot.slots).length - Object.keys(plain.slots).length).toBe(6);
    expect(error(await trained(plain), await trained(snapshot))).toBeLessThan(1e-4);
  });

  test("whose feedback weights are others than its differences say is gone on from by the weights", async () => {
    const snapshot = await trained({});
    const name = "layers.3.feedback";
    const weights = { ...snapshot.weights, [name]: snapshot.weights[name]!.map((x) => 2 * x) };
    const edited = { ...snapshot, weights };
    expect(await trained(edited)).toEqual(await trained(withoutDifferences(edited)));
    expect((await create({ ...setup, ...edited }).then((own) => own.weights()))[name]).toEqual(
      weights[name],
    );
  });

  test("with another memory of feedback weights than of kernels trains both", async () => {
    const { slots, ...rest } = withoutDifferences(await trained({}));
    const name = "layers.3.feedback/mean";
    const other = { ...rest, slots: { ...slots, [name]: slots[name]!.map((x) => x + 0.01) } };
    const after = await trained(other);
    expect(Object.keys(after.slots)).not.toContain("layers.3.feedback/difference");
    expect(Object.keys(after.slots)).toContain("layers.1.feedback/difference");
    expect(after.slots[name]).not.toEqual(after.slots["layers.3.kernel/mean"]);
    const gap = after.weights["layers.3.feedback"]![0]! - rest.weights["layers.3.feedback"]![0]!;
    const kernel = after.weights["layers.3.kernel"]![0]! - rest.weights["layers.3.kernel"]![0]!;
    expect(gap).not.toBeCloseTo(kernel, 4);
  });
});
