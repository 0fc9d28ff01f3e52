import {
  type LossName,
  losses,
  type OptimizerSpec,
  Random,
  type RuleName,
  rules,
} from "@bioflax/core";
import { type PlainBatch, plainTrain, trainingCase } from "@bioflax/core/testing";
import { type Dataset, wholeSplit } from "@bioflax/datasets";
import { afterEach, describe, expect, test } from "@jest/globals";
import { createCompiledEngine } from "../src/engines/compiled";
import { createEagerEngine } from "../src/engines/eager";
import type { Engine, EngineSetup } from "../src/engines/engine";

const STEPS = 200;
const BATCH = 5;
const SIZES = [6, 12, 9, 3] as const;

const random = new Random(0, "engines-agree");
const count = 60;
const inputs = Float32Array.from({ length: count * SIZES[0] }, () => random.normal());
const targets = {
  labels: Int32Array.from({ length: count }, () => random.below(3)),
  values: Float32Array.from({ length: count * 3 }, () => random.normal()),
};
const rows = Int32Array.from({ length: STEPS * BATCH }, () => random.below(count));

function dataset(kind: "labels" | "values"): Dataset {
  const all = wholeSplit({ inputs, targets: targets[kind], count });
  return {
    name: "random",
    task: kind === "labels" ? "classification" : "regression",
    inputShape: [SIZES[0]],
    targetShape: kind === "labels" ? [] : [3],
    outputs: 3,
    train: all,
    test: all,
  };
}

const batches = Array.from({ length: STEPS }, (_, step): PlainBatch => {
  const at = [...rows.subarray(step * BATCH, (step + 1) * BATCH)];
  return {
    input: at.map((row) => [...inputs.subarray(row * SIZES[0], (row + 1) * SIZES[0])]),
    labels: at.map((row) => targets.labels[row]!),
    values: at.map((row) => [...targets.values.subarray(row * 3, (row + 1) * 3)]),
  };
});

let engines: Engine[] = [];
afterEach(async () => {
  await Promise.all(engines.map((engine) => engine.dispose()));
  engines = [];
});

const optimizers: OptimizerSpec[] = [
  { name: "sgd", learningRate: 0.05 },
  { name: "sgd", learningRate: 0.02, momentum: 0.9, weightDecay: 0.001 },
  { name: "adam", learningRate: 0.003, weightDecay: 0.0001 },
];
const cases = (Object.keys(rules) as RuleName[]).flatMap((rule) =>
  (Object.keys(losses) as LossName[]).flatMap((loss) =>
    optimizers.map((optimizer) => [rule, loss, JSON.stringify(optimizer), optimizer] as const),
  ),
);

describe("over 200 steps both engines' losses are the plain float64 loops' to 1e-4, and each other's", () => {
  test.each(cases)("%s, %s, %s", async (rule, loss, _name, optimizer) => {
    const { spec, weights } = trainingCase({ rule, loss, optimizer, sizes: [...SIZES] });
    const data = dataset(losses[loss].targets);
    const setup: EngineSetup = {
      spec,
      loss,
      optimizer,
      weights,
      dataset: data,
      batchSize: BATCH,
      device: "auto",
      threads: 1,
    };
    const kind = losses[loss].targets === "labels" ? "labels" : "values";
    const plainBatches = batches.map(
      ({ input, labels, values }): PlainBatch =>
        kind === "labels" ? { input, labels: labels! } : { input, values: values! },
    );
    const expected = plainTrain({ spec, loss, optimizer }, weights, plainBatches);
    engines = [
      await createCompiledEngine(setup),
      await createEagerEngine({ ...setup, device: "wasm" }),
    ];
    const curves = await Promise.all(
      engines.map(
        async (engine) => (await engine.trainEpoch(rows, { alignmentBatches: 0 })).losses,
      ),
    );
    for (const curve of curves) {
      expect(curve).toHaveLength(STEPS);
      const worst = Math.max(
        ...expected.losses.map((x, i) => Math.abs(curve[i]! - x) / Math.abs(x)),
      );
      expect(worst).toBeLessThan(1e-4);
    }
    const [compiled, eager] = curves as [Float64Array, Float64Array];
    expect(Math.max(...compiled.map((x, i) => Math.abs(x - eager[i]!) / Math.abs(x)))).toBeLessThan(
      1e-4,
    );
    for (const engine of engines) {
      for (const [name, values] of Object.entries(await engine.weights())) {
        const plain = expected.weights[name]!.flat();
        const scale = Math.max(...plain.map(Math.abs));
        expect(Math.max(...plain.map((w, i) => Math.abs(values[i]! - w))) / scale).toBeLessThan(
          1e-3,
        );
      }
    }
  });
});
