import {
  createNetwork,
  initializeWeights,
  type LayerSpec,
  Random,
  type RuleName,
} from "@bioflax/core";
import { type Dataset, wholeSplit } from "@bioflax/datasets";
import { expect, test } from "@jest/globals";
import { createCompiledEngine } from "../src/engines/compiled";
import { createEagerEngine } from "../src/engines/eager";
import type { EngineFactory } from "../src/engines/engine";

const SIZE = 8;
const COUNT = 128;
const BATCH = 16;

/** Stripes in one of four directions, at any phase, with noise. */
function stripes(): Dataset {
  const random = new Random(3, "stripes");
  const labels = Int32Array.from({ length: COUNT }, (_, i) => i % 4);
  const inputs = Float32Array.from({ length: COUNT * SIZE * SIZE }, () => 0.3 * random.normal());
  labels.forEach((label, n) => {
    const phase = 2 * Math.PI * random.uniform();
    const angle = (Math.PI / 4) * label;
    for (let y = 0; y < SIZE; y++)
      for (let x = 0; x < SIZE; x++)
        (inputs[(n * SIZE + y) * SIZE + x] as number) += Math.sin(
          1.6 * (x * Math.cos(angle) + y * Math.sin(angle)) + phase,
        );
  });
  const all = wholeSplit({ inputs, targets: labels, count: COUNT });
  return {
    name: "stripes",
    task: "classification",
    inputShape: [SIZE, SIZE, 1],
    targetShape: [],
    outputs: 4,
    train: all,
    test: all,
  };
}

const normalized: LayerSpec = { type: "batchNormalization", momentum: 0.9, epsilon: 1e-5 };
const relu6: LayerSpec = { type: "activation", activation: "relu6" };
const pointwise = (filters: number): LayerSpec => ({
  ...{ type: "conv2d", filters, kernelSize: 1, useBias: false },
});
const depthwise = (strides: number): LayerSpec => ({
  ...{ type: "depthwiseConv2d", kernelSize: 3, strides, padding: "same", useBias: false },
});
/** An inverted residual, as in MobileNetV2, without what joins it to its input. */
const block = (wide: number, filters: number, strides: number): LayerSpec[] => [
  ...[pointwise(wide), normalized, relu6, depthwise(strides), normalized, relu6],
  ...[pointwise(filters), normalized],
];

const layers: LayerSpec[] = [
  { type: "conv2d", filters: 8, kernelSize: 3, padding: "same", useBias: false },
  ...[normalized, relu6],
  ...block(24, 8, 1),
  { type: "add", inputs: [2, 10] },
  ...block(24, 12, 2),
  ...[pointwise(32), normalized, relu6],
  { type: "globalAveragePooling2d" },
  { type: "dense", units: 4 },
];

const engines: readonly (readonly [EngineFactory, string])[] = [
  [createCompiledEngine, "cpu"],
  [createEagerEngine, "wasm"],
];

/** The mean loss of each of ten epochs. */
async function courseOf(createEngine: EngineFactory, device: string, rule: RuleName) {
  const spec = { inputShape: [SIZE, SIZE, 1], rule, layers };
  const weights = initializeWeights(createNetwork(spec), 1);
  const engine = await createEngine({
    ...{ spec, weights, batchSize: BATCH, seed: 1, device, dataset: stripes() },
    loss: "softmaxCrossEntropy",
    optimizer: { name: "sgd", learningRate: 0.02, momentum: 0.9 },
  });
  try {
    const means: number[] = [];
    for (let epoch = 0; epoch < 10; epoch++) {
      const order = new Random(epoch, "order").permutation(COUNT);
      const { losses } = await engine.trainEpoch(order, { alignmentBatches: 0 });
      means.push(losses.reduce((sum, loss) => sum + loss, 0) / losses.length);
    }
    return means;
  } finally {
    await engine.dispose();
  }
}

test.each<[RuleName, number]>([
  ["bp", 0.1],
  ["fa", 0.75],
  ["usf", 0.75],
])(
  "%s: a network like MobileNetV2 learns which way stripes run, in both engines alike",
  async (rule, most) => {
    const [compiled, eager] = (await Promise.all(
      engines.map(([createEngine, device]) => courseOf(createEngine, device, rule)),
    )) as [number[], number[]];
    // By chance it would be the logarithm of 4.
    expect(compiled[0]).toBeGreaterThan(1);
    expect(compiled.at(-1)).toBeLessThan(most);
    // Rounding grows from step to step.
    expect(eager[0]).toBeCloseTo(compiled[0] as number, 3);
    expect(eager.at(-1)).toBeLessThan(most);
  },
);
