import { float64Tensor, getLoss, type Loss, losses, referenceOps, sizeOf } from "@bioflax/core";
import { plainTrain, type TrainingCase, trainingCase } from "@bioflax/core/testing";
import { type Dataset, wholeSplit } from "@bioflax/datasets";
import { describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import { createCompiledEngine } from "../src/engines/compiled";
import { createEagerEngine } from "../src/engines/eager";
import type { EngineFactory } from "../src/engines/engine";
import { setupOf } from "./case-setup";
import {
  type Cell,
  cells,
  forSeveral,
  outcome,
  several,
  throughLoss,
} from "./generated/targets-page";

// No banner, no per-operation checks.
tf.enableProdMode();

const engines: Readonly<Record<string, EngineFactory>> = {
  compiled: createCompiledEngine,
  eager: (setup) => createEagerEngine({ ...setup, device: "cpu" }),
};

/**
 * A network of one layer that gives out what goes into it, set up on a cell's targets: one step of it shows the
 * gradient.
 */
function identityOn({ loss, outputs, kind, type }: Cell) {
  const units = outputs.length / 4;
  const all = wholeSplit({
    inputs: Float32Array.from(outputs),
    targets: type === "int32" ? Int32Array.from(kind.values) : Float32Array.from(kind.values),
    count: 4,
  });
  const dataset: Dataset = {
    name: "cell",
    task: "regression",
    inputShape: [units],
    targetShape: kind.shape,
    outputs: units,
    train: all,
    test: all,
  };
  const kernel = Float32Array.from({ length: units * units }, (_, i) =>
    i % (units + 1) === 0 ? 1 : 0,
  );
  return {
    spec: { inputShape: [units], rule: "bp", layers: [{ type: "dense", units }] },
    loss,
    optimizer: { name: "sgd", learningRate: 1 },
    weights: { "layers.0.kernel": kernel, "layers.0.bias": new Float32Array(units) },
    dataset,
    batchSize: 4,
    seed: 0,
    device: "cpu",
    threads: 1,
  } as const;
}

/** The loss of a cell's targets, and what a step takes from the biases: the gradient's sum over the examples. */
const throughEngine = (createEngine: EngineFactory, cell: Cell) =>
  outcome(async () => {
    const setup = identityOn(cell);
    const engine = await createEngine(setup);
    try {
      const { loss } = await engine.evaluate(setup.dataset.test);
      await engine.trainEpoch(setup.dataset.train.indices, { alignmentBatches: 0 });
      return [loss, ...(await engine.weights())["layers.0.bias"]!.map((bias) => -bias)];
    } finally {
      await engine.dispose();
    }
  });

/**
 * The same, of a loss whose formula is not written out here, by its own maths in float64, which its contract judges.
 */
function byItsOwnMaths({ loss, outputs, kind }: Pick<Cell, "loss" | "outputs" | "kind">) {
  const shape = [4, outputs.length / 4];
  const target = float64Tensor(
    kind.values,
    kind.shape.length === 0 && shape[1] !== 1 ? [4] : shape,
  );
  const { value, error } = getLoss(loss).evaluate(
    referenceOps,
    float64Tensor(outputs, shape),
    target,
  );
  return [...value.data, ...referenceOps.sum(error, [0]).data];
}

/**
 * The same from the formulas of the losses, in float64: a class number is one-hot, or of one output what it is to be.
 */
function byHand({ loss, outputs, kind }: Cell): readonly number[] {
  const units = outputs.length / 4;
  const isRow = sizeOf(kind.shape) === units;
  const t = (row: number, j: number) =>
    isRow ? kind.values[row * units + j]! : Number(kind.values[row] === j);
  const rows = [0, 1, 2, 3].map((row) => outputs.slice(row * units, (row + 1) * units));
  const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
  const formulas: Partial<
    Record<string, (z: readonly number[], row: number) => [number, number[]]>
  > = {
    softmaxCrossEntropy(z, row) {
      const total = z.reduce((sum, x) => sum + Math.exp(x), 0);
      const p = z.map((x) => Math.exp(x) / total);
      return [
        p.reduce((sum, x, j) => sum - t(row, j) * Math.log(x), 0) / 4,
        p.map((x, j) => (x - t(row, j)) / 4),
      ];
    },
    sigmoidCrossEntropy(z, row) {
      const terms = z.map(
        (x, j) => -t(row, j) * Math.log(sigmoid(x)) - (1 - t(row, j)) * Math.log(1 - sigmoid(x)),
      );
      return [
        terms.reduce((a, b) => a + b) / units / 4,
        z.map((x, j) => (sigmoid(x) - t(row, j)) / units / 4),
      ];
    },
    meanSquaredError: (z, row) => [
      z.reduce((sum, x, j) => sum + (x - t(row, j)) ** 2 / 2, 0) / units / 4,
      z.map((x, j) => (x - t(row, j)) / units / 4),
    ],
  };
  const formula = formulas[loss];
  if (formula === undefined) return byItsOwnMaths({ loss, outputs, kind });
  const results = rows.map(formula);
  return [
    results.reduce((sum, [value]) => sum + value, 0),
    ...rows[0]!.map((_, j) => results.reduce((sum, [, gradient]) => sum + gradient[j]!, 0)),
  ];
}

describe("every kind of targets under every loss: the same in both engines and in loss()", () => {
  test.each(cases(cells))(
    "%s of %s outputs: %s, %s",
    async (_loss, _outputs, _what, _type, cell) => {
      const [expected, ...others] = [
        await throughLoss(cell),
        await throughEngine(engines.compiled!, cell),
        await throughEngine(engines.eager!, cell),
      ];
      if (typeof expected === "string") {
        for (const other of others) expect(other).toBe(expected);
        return;
      }
      for (const received of [expected!, ...others]) {
        if (typeof received === "string") throw new Error(received);
        byHand(cell).forEach((value, i) => expect(received[i]).toBeCloseTo(value, 5));
      }
    },
  );
});

function cases(all: readonly Cell[]) {
  return all.map(
    (cell) => [cell.loss, cell.outputs.length / 4, cell.kind.what, cell.type, cell] as const,
  );
}

describe("12 steps with soft targets, weighted examples and single outputs are the plain float64 loops'", () => {
  const sgd = { name: "sgd", learningRate: 0.1 } as const;
  const all = (["bp", "kp", "wm", "dfa", "dkp", "sdfa", "drtp"] as const).flatMap((rule) =>
    (["softmaxCrossEntropy", "sigmoidCrossEntropy"] as const).flatMap((name): TrainingCase[] => [
      trainingCase({
        rule,
        loss: { name, labelSmoothing: 0.1 },
        optimizer: sgd,
        steps: 12,
        soft: true,
        weighted: true,
      }),
      trainingCase({ rule, loss: name, optimizer: sgd, steps: 12, weighted: true }),
    ]),
  );
  const binary = (["bp", "fa", "dfa", "drtp"] as const).map((rule) =>
    trainingCase({
      rule,
      loss: "sigmoidCrossEntropy",
      optimizer: sgd,
      steps: 12,
      sizes: [5, 7, 1],
      weighted: true,
    }),
  );
  test.each(
    [...all, ...binary].flatMap((one) =>
      Object.entries(engines).map(([engine, create]) => [engine, one.name, create, one] as const),
    ),
  )("%s: %s", async (_engine, _name, createEngine, one) => {
    const setup = setupOf(one);
    const expected = plainTrain(one, one.weights, one.batches);
    const engine = await createEngine(setup);
    try {
      const { losses: curve } = await engine.trainEpoch(setup.dataset.train.indices, {
        alignmentBatches: 0,
      });
      expected.losses.forEach((value, step) => expect(curve[step]).toBeCloseTo(value, 4));
      for (const [name, values] of Object.entries(await engine.weights()))
        expected.weights[name]!.flat().forEach((weight, i) =>
          expect(values[i]).toBeCloseTo(weight, 3),
        );
    } finally {
      await engine.dispose();
    }
  });
});

test("a weight of two is the example twice, under every loss", () => {
  const logits = float64Tensor(several, [4, 3]);
  for (const { evaluate, targets } of [...losses] as Loss[]) {
    const rows = forSeveral.find(({ what }) => what === "probabilities of classes")!;
    const target = float64Tensor(rows.values, [4, 3]);
    expect(targets.length).toBeGreaterThan(0);
    const weighted = evaluate(referenceOps, logits, target, float64Tensor([2, 0, 1, 1], [4, 1]));
    const twice = [0, 0, 2, 3].flatMap((row) => [0, 1, 2].map((j) => 3 * row + j));
    const repeated = evaluate(
      referenceOps,
      float64Tensor(
        twice.map((i) => several[i]!),
        [4, 3],
      ),
      float64Tensor(
        twice.map((i) => rows.values[i]!),
        [4, 3],
      ),
    );
    expect(weighted.value.data[0]).toBeCloseTo(repeated.value.data[0]!, 12);
    [0, 1, 2].forEach((j) => {
      expect(weighted.error.data[j]).toBeCloseTo(2 * repeated.error.data[j]!, 12);
      expect(weighted.error.data[3 + j]).toBeCloseTo(0, 12);
    });
  }
});
