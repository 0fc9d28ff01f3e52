import {
  createNetwork,
  initializeWeights,
  type NetworkSpec,
  Random,
  type RuleName,
  rules,
  sizeOf,
  type TensorOps,
} from "@bioflax/core";
import {
  chosen,
  convolutionCases,
  everyCase,
  noiseOf,
  opCases,
  plainTrain,
  randomNetworkCase,
  referenceInterpreter,
  relativeError,
  tensor,
  trainingCase,
  trainingCases,
  worstTrainingError,
} from "@bioflax/core/testing";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { CompiledNetwork } from "../src/index";
import { blockSize } from "../src/runtime/block-use";
import { blockedInterpreter } from "./compiled-interpreter";

const hasBlocks = process.arch === "x64";

test("ONNX Runtime has the blocked convolutions that graphs are built for", async () => {
  expect(hasBlocks ? [8, 16] : [undefined]).toContain(await blockSize());
});

/** What may be done to values in blocks: tensors of one shape, each a matrix [rows, columns]. */
const operations: Record<
  string,
  <T>(ops: TensorOps<T>, y: T, u: T, more: { w: T; x: T; b: T }) => T
> = {
  neg: (ops, y) => ops.neg(y),
  abs: (ops, y) => ops.abs(y),
  exp: (ops, y) => ops.exp(y),
  log: (ops, y) => ops.log(ops.add(ops.mul(y, y), 0.5)),
  sqrt: (ops, y) => ops.sqrt(ops.abs(y)),
  tanh: (ops, y) => ops.tanh(y),
  sigmoid: (ops, y) => ops.sigmoid(y),
  sign: (ops, y) => ops.sign(y),
  add: (ops, y, u) => ops.add(y, u),
  sub: (ops, y, u) => ops.sub(u, y),
  mul: (ops, y, u) => ops.mul(y, u),
  "mul by a number": (ops, y) => ops.mul(ops.mul(y, 3), -0.5),
  div: (ops, y, u) => ops.div(u, ops.add(ops.abs(y), 0.5)),
  // Where both are filled up, nothing is divided by nothing.
  "div by a product": (ops, y, _u, { x, w }) => {
    const [positive, too] = [ops.add(ops.abs(x), 0.5), ops.add(ops.abs(w), 0.5)];
    return ops.div(y, ops.matMul(positive, too));
  },
  maximum: (ops, y, u) => ops.maximum(y, u),
  relu: (ops, y) => ops.maximum(y, 0),
  minimum: (ops, y) => ops.minimum(y, 0.3),
  axpby: (ops, y, u) => ops.axpby(0.5, y, -2, u),
  where: (ops, y, u) => ops.where(ops.greater(y, 0.1), u, ops.exp(y)),
  "a number for each column": (ops, y, _u, { b }) => ops.mul(y, b),
  "a number for each row": (ops, y) => ops.sub(y, ops.max(y, 1, true)),
  "the mean of each column": (ops, y) => ops.sub(y, ops.sum(y, [0])),
  "the sum of everything": (ops, y) => ops.mul(y, ops.sum(ops.exp(y))),
  "times its own norm": (ops, y) => ops.mul(y, ops.sqrt(ops.sum(ops.mul(y, y)))),
  "a product and back": (ops, y, _u, { w }) =>
    ops.matMul(ops.matMul(y, w, { transposeB: true }), w),
  "a reshape there and back": (ops, y) => {
    const [rows, columns] = ops.shape(y) as [number, number];
    return ops.reshape(ops.exp(ops.reshape(y, [columns, rows])), [rows, columns]);
  },
  "a slice, padded": (ops, y) => {
    const [rows, columns] = ops.shape(y) as [number, number];
    const block = ops.slice(y, [0, 1], [rows, columns - 1]);
    return ops.pad(block, [
      [0, 0],
      [1, 0],
    ]);
  },
};

/**
 * Eighths, so that float32 has their products and sums exactly: nothing lies so near to 0, or to where a `where` turns,
 * that rounding would decide on which side, and √ is not asked for next to 0, where it is infinitely steep.
 */
const drawn = (random: Random, shape: number[]) =>
  tensor(
    Array.from({ length: sizeOf(shape) }, () => Math.round(8 * random.normal()) / 8),
    shape,
  );

(hasBlocks ? describe : describe.skip)("matrices in blocks", () => {
  const interpreter = blockedInterpreter();

  test.each(Object.keys(operations))("of any extents, through: %s", async (name) => {
    const extents = fc.tuple(...[0, 1, 2].map(() => fc.integer({ min: 2, max: 40 })));
    await fc.assert(
      fc.asyncProperty(extents, fc.nat(1000), fc.boolean(), async (sizes, seed, flips) => {
        const [m, k, n] = sizes as [number, number, number];
        const random = new Random(seed, "blocks-test");
        const definition = <T>(ops: TensorOps<T>, inputs: readonly T[]): readonly T[] => {
          const [x, w, b, u] = inputs as [T, T, T, T];
          // A bare product, one with something added to it, and one whose blocks are not filled up with zeros.
          const products = [
            ops.matMul(x, w),
            ops.add(ops.matMul(ops.mul(x, 0.5), w), b),
            ops.add(ops.tanh(ops.add(ops.matMul(x, w), u)), 0.5),
          ];
          return products.flatMap((y) => {
            const z = operations[name]?.(ops, flips ? u : y, flips ? y : u, { x, w, b }) as T;
            return [
              z,
              ops.sum(z, [0]),
              ops.sum(z, [1]),
              ops.sum(z),
              ops.matMul(z, w, { transposeB: true }),
              ops.axpby(0.9, w, -0.1, ops.matMul(x, z, { transposeA: true })),
              ops.axpby(0.9, z, -0.1, ops.mul(ops.matMul(x, w), 2)),
            ];
          });
        };
        const inputs = [[m, k], [k, n], [n], [m, n]].map((shape) => drawn(random, shape));
        const expected = await referenceInterpreter.run(definition, inputs);
        const received = await interpreter.run(definition, inputs);
        received.forEach((result, i) =>
          expect(relativeError(result, expected[i]!)).toBeLessThan(2e-4),
        );
      }),
      { numRuns: everyCase ? 12 : 6 },
    );
  });

  test.each(chosen(opCases, 5).map((opCase) => [opCase.name, opCase] as const))(
    "%s",
    async (_name, { definition, inputs }) => {
      const expected = await referenceInterpreter.run(definition, inputs);
      const received = await interpreter.run(definition, inputs);
      received.forEach((result, i) =>
        expect(relativeError(result, expected[i]!)).toBeLessThan(2e-6),
      );
    },
  );

  test.each(chosen(trainingCases({ steps: 8 })).map((given) => [given.name, given] as const))(
    "eight steps are the plain loops': %s",
    async (_name, given) => {
      expect(await worstTrainingError(interpreter, given)).toBeLessThan(2e-5);
    },
  );

  test.each(chosen(convolutionCases()).map((given) => [given.name, given] as const))(
    "dense layers after images: %s",
    async (_name, given) => {
      expect(await worstTrainingError(interpreter, given)).toBeLessThan(2e-5);
    },
  );

  test.each(Array.from({ length: everyCase ? 30 : 10 }, (_, seed) => seed))(
    "random networks: %d",
    async (seed) => {
      // Seed 7: as in conformance.test.ts.
      const limit = seed === 7 ? 1e-4 : 5e-5;
      expect(await worstTrainingError(interpreter, randomNetworkCase(seed))).toBeLessThan(limit);
    },
  );

  // Products of the first two layers' size lie in blocks, those of the others do not; 74 rows and 61 units fill no
  // block.
  test.each(rules.names() as RuleName[])(
    "a network on MNIST's scale trains as with matrices in rows and as the plain loops: %s",
    async (rule) => {
      const given = trainingCase({
        rule,
        loss: "softmaxCrossEntropy",
        optimizer: { name: "sgd", learningRate: 0.05, momentum: 0.5, weightDecay: 0.001 },
        sizes: [90, 61, 64, 7],
        activations: ["sigmoid", "sigmoid", "identity"],
      });
      const random = new Random(1, "blocks-test");
      const [count, batchSize, steps] = [200, 74, 5];
      const source = {
        inputs: Float32Array.from({ length: count * 90 }, () => random.normal()),
        targets: Int32Array.from({ length: count }, () => random.below(7)),
        count,
      };
      const rows = Int32Array.from({ length: steps * batchSize + 11 }, () => random.below(count));
      const trained = async (matrices: "blocks" | "rows") => {
        const network = await CompiledNetwork.create({
          ...given,
          layout: { inputShape: [90], targetShape: [] },
          batchSize,
          seed: 3,
          matrices,
        });
        const { losses } = await network.train(source, rows);
        const weights = await network.weights();
        const noise = noiseOf(network.network, 3, batchSize);
        await network.dispose();
        return { losses, weights, noise };
      };
      const inBlocks = await trained("blocks");
      const inRows = await trained("rows");
      const batches = Array.from({ length: steps + 1 }, (_, step) => {
        const at = [...rows.subarray(step * batchSize, (step + 1) * batchSize)];
        return {
          input: at.map((row) => [...source.inputs.subarray(row * 90, (row + 1) * 90)]),
          labels: at.map((row) => source.targets[row]!),
          examples: at,
          noise: inBlocks.noise(step),
        };
      });
      const expected = plainTrain(given, given.weights, batches);
      expect(inBlocks.losses).toHaveLength(steps + 1);
      // Were nothing in blocks, both would be the same bits.
      expect(inBlocks.weights).not.toEqual(inRows.weights);
      expected.losses.forEach((loss, i) => expect(inBlocks.losses[i]).toBeCloseTo(loss, 4));
      for (const [name, values] of Object.entries(inBlocks.weights)) {
        const plain = { shape: [values.length], data: expected.weights[name]!.flat() };
        const blocked = { shape: [values.length], data: [...values] };
        expect(relativeError(blocked, plain)).toBeLessThan(2e-4);
        const straight = { shape: [values.length], data: [...inRows.weights[name]!] };
        expect(relativeError(straight, plain)).toBeLessThan(2e-4);
      }
    },
  );

  // Where the optimizer remembers other things of feedback weights than of kernels, so that both are trained.
  test("one gradient for kernel and feedback weights is multiplied out once, from many rows on", async () => {
    const given = trainingCase({
      rule: "kp",
      loss: "softmaxCrossEntropy",
      optimizer: { name: "sgd", learningRate: 0.05, weightDecay: 0.001, momentum: 0.5 },
      sizes: [30, 40, 50, 7],
    });
    const random = new Random(3, "blocks-test");
    const inputs = Float32Array.from({ length: 224 * 30 }, () => random.normal());
    const targets = Int32Array.from({ length: 224 }, () => random.below(7));
    const slots = Object.fromEntries(
      createNetwork(given.spec).parameters.flatMap(({ name, role, learns, shape }) =>
        learns
          ? [
              [
                `${name}/momentum`,
                new Float32Array(sizeOf(shape)).fill(role === "feedback" ? 1 : 0),
              ],
            ]
          : [],
      ),
    );
    const network = await CompiledNetwork.create({
      ...given,
      slots,
      layout: { inputShape: [30], targetShape: [] },
      batchSize: 224,
    });
    const source = { inputs, targets, count: 224 };
    const rows = Int32Array.from({ length: 224 }, (_, row) => row);
    const nodes = await network.placements(source, rows);
    const count = (operator: string) => nodes.find((node) => node.operator === operator)?.count;
    // Forward 2, kernels 2, feedback's error 1, and one more for what does not lie in blocks would make no difference.
    expect(count("Conv")).toBe(5);
    await network.train(source, rows);
    const { slots: after } = await network.snapshot();
    const [kernel, feedback] = ["kernel", "feedback"].map(
      (role) => after[`layers.1.${role}/momentum`] as Float32Array,
    );
    // m ← g + μ·m, from 0 and from 1.
    kernel?.forEach((g, i) => expect(feedback?.[i]).toBeCloseTo(g + 0.5, 5));
    await network.dispose();
  });

  test("feedback kernels of convolutions stay as they are, however large window and batch", async () => {
    const spec = {
      inputShape: [11, 11, 1],
      rule: "kp",
      layers: [
        { type: "conv2d", filters: 1, kernelSize: 11, padding: "same" },
        { type: "conv2d", filters: 1, kernelSize: 11 },
        { type: "flatten" },
        { type: "dense", units: 2 },
      ],
    } satisfies NetworkSpec;
    const random = new Random(4, "blocks-test");
    const count = 1100;
    const source = {
      inputs: Float32Array.from({ length: count * 121 }, () => random.normal()),
      targets: Int32Array.from({ length: count }, () => random.below(2)),
      count,
    };
    const rows = Int32Array.from({ length: count }, (_, row) => row);
    const trained = async (matrices: "blocks" | "rows") => {
      const network = await CompiledNetwork.create({
        spec,
        weights: initializeWeights(createNetwork(spec), 0),
        loss: "softmaxCrossEntropy",
        optimizer: { name: "sgd", learningRate: 0.1 },
        layout: { inputShape: [11, 11, 1], targetShape: [] },
        batchSize: count,
        matrices,
      });
      await network.train(source, rows);
      const weights = await network.weights();
      await network.dispose();
      return weights;
    };
    expect(await trained("blocks")).toEqual(await trained("rows"));
  });

  test("the same bits however the steps are cut into calls, resumed from a snapshot or not", async () => {
    const given = trainingCase({
      rule: "kp",
      loss: "softmaxCrossEntropy",
      optimizer: { name: "adam", learningRate: 0.01 },
      sizes: [90, 61, 64, 7],
    });
    const random = new Random(2, "blocks-test");
    const source = {
      inputs: Float32Array.from({ length: 100 * 90 }, () => random.normal()),
      targets: Int32Array.from({ length: 100 }, () => random.below(7)),
      count: 100,
    };
    const rows = Int32Array.from({ length: 19 * 74 }, () => random.below(100));
    const setup = { ...given, layout: { inputShape: [90], targetShape: [] }, batchSize: 74 };
    const whole = await CompiledNetwork.create(setup);
    const { losses } = await whole.train(source, rows);
    const cut = await CompiledNetwork.create(setup);
    const before = await cut.train(source, rows.subarray(0, 9 * 74), { alignmentBatches: 2 });
    const resumed = await CompiledNetwork.create({ ...setup, ...(await cut.snapshot()) });
    const after = await resumed.train(source, rows.subarray(9 * 74));
    expect([...before.losses, ...after.losses]).toEqual([...losses]);
    expect(await resumed.weights()).toEqual(await whole.weights());
    for (const network of [whole, cut, resumed]) await network.dispose();
  });
});
