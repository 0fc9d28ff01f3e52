import {
  createNetwork,
  getLoss,
  type LossSpec,
  type OptimizerSpec,
  Random,
  type RuleName,
} from "@bioflax/core";
import {
  chosen,
  noiseOf,
  type PlainBatch,
  plainTrain,
  rulesAndLosses,
  scheduleCases,
  trainingCase,
} from "@bioflax/core/testing";
import { type Dataset, wholeSplit } from "@bioflax/datasets";
import { afterEach, describe, expect, test } from "@jest/globals";
import { createCompiledEngine } from "../src/engines/compiled";
import { createEagerEngine } from "../src/engines/eager";
import type { Engine, EngineSetup } from "../src/engines/engine";

/**
 * More of them would say nothing of the engines. A rule that takes signs parts float32 from float64 for good where a
 * weight or an error crosses 0; and under sdfa, whose errors never shrink, the outputs grow until p − t is 0 in float32
 * alone.
 */
const STEPS = 50;
const BATCH = 5;
/**
 * Eight classes: among three, a unit is likely to send all its signals with the same sign, and usf then brings it the
 * sum of a softmax's errors. That is 0 but for rounding, which Adam would make steps of full length of.
 */
const SIZES = [6, 12, 9, 8] as const;
const OUTPUTS = SIZES[3];

const random = new Random(0, "engines-agree");
const count = 60;
const inputs = Float32Array.from({ length: count * SIZES[0] }, () => random.normal());
const targets = {
  labels: Int32Array.from({ length: count }, () => random.below(OUTPUTS)),
  values: Float32Array.from({ length: count * OUTPUTS }, () => random.normal()),
};
const rows = Int32Array.from({ length: STEPS * BATCH }, () => random.below(count));

function dataset(kind: "labels" | "values"): Dataset {
  const all = wholeSplit({ inputs, targets: targets[kind], count });
  return {
    name: "random",
    task: kind === "labels" ? "classification" : "regression",
    inputShape: [SIZES[0]],
    targetShape: kind === "labels" ? [] : [OUTPUTS],
    outputs: OUTPUTS,
    train: all,
    test: all,
  };
}

const batches = Array.from({ length: STEPS }, (_, step): PlainBatch => {
  const at = [...rows.subarray(step * BATCH, (step + 1) * BATCH)];
  return {
    input: at.map((row) => [...inputs.subarray(row * SIZES[0], (row + 1) * SIZES[0])]),
    labels: at.map((row) => targets.labels[row]!),
    examples: at,
    values: at.map((row) => [...targets.values.subarray(row * OUTPUTS, (row + 1) * OUTPUTS)]),
  };
});

let engines: Engine[] = [];
afterEach(async () => {
  await Promise.all(engines.map((engine) => engine.dispose()));
  engines = [];
});

/** At these rates no output saturates within the steps there are. */
const optimizers: OptimizerSpec[] = [
  { name: "sgd", learningRate: 0.05 },
  { name: "sgd", learningRate: 0.005, momentum: 0.9, weightDecay: 0.001 },
  { name: "adam", learningRate: 0.003, weightDecay: 0.0001 },
];
const others: OptimizerSpec[] = [
  { name: "sgd", learningRate: 0.005, momentum: 0.9, nesterov: true },
  { name: "adamw", learningRate: 0.003, weightDecay: 0.1 },
  { name: "rmsprop", learningRate: 0.001, epsilon: 1e-4 },
];
const caseOf = (rule: RuleName, loss: LossSpec, optimizer: OptimizerSpec) =>
  [rule, loss, JSON.stringify(optimizer), optimizer] as const;
const cases = [
  ...rulesAndLosses.flatMap(([rule, loss]) =>
    optimizers.map((optimizer) => caseOf(rule, loss, optimizer)),
  ),
  ...[...optimizers, ...others].flatMap((optimizer) =>
    scheduleCases.map((schedule) =>
      caseOf("kp", "softmaxCrossEntropy", { ...optimizer, schedule }),
    ),
  ),
  ...(["bp", "dfa", "drtp"] as const).flatMap((rule) =>
    (["softmaxCrossEntropy", "sigmoidCrossEntropy"] as const).map((name) =>
      caseOf(rule, { name, labelSmoothing: 0.1 }, { name: "sgd", learningRate: 0.05 }),
    ),
  ),
];

/** What a case is made of: each rule, loss, optimizer and schedule is in some that is tried. */
function partsOf([rule, loss, , { schedule, ...optimizer }]: (typeof cases)[number]): string {
  const others = [loss, optimizer, schedule ?? null].map((part) => JSON.stringify(part));
  return [rule, ...others].join(", ");
}

describe("over 50 steps both engines' losses are the plain float64 loops' to 1e-4, and each other's", () => {
  test.each(chosen(cases, 20, partsOf))("%s, %s, %s", async (rule, loss, _name, optimizer) => {
    const { spec, weights, seed } = trainingCase({
      rule,
      loss,
      optimizer,
      sizes: [...SIZES],
      seed: 1,
    });
    const kind = getLoss(loss).targets.includes("classes") ? "labels" : "values";
    const data = dataset(kind);
    const setup: EngineSetup = {
      spec,
      loss,
      optimizer,
      weights,
      dataset: data,
      batchSize: BATCH,
      seed,
      device: "auto",
      threads: 1,
    };
    const noiseAt = noiseOf(createNetwork(spec), seed, BATCH);
    const plainBatches = batches.map(({ labels, values, ...batch }, step): PlainBatch => {
      const noise = noiseAt(step);
      return kind === "labels"
        ? { ...batch, noise, labels: labels! }
        : { ...batch, noise, values: values! };
    });
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
