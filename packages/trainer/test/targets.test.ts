import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  BioflaxError,
  float64Tensor,
  getLoss,
  type Loss,
  type LossName,
  losses,
  readTargets,
  referenceOps,
  type Shape,
  sizeOf,
} from "@bioflax/core";
import { plainTrain, type TrainingCase, trainingCase } from "@bioflax/core/testing";
import { type Dataset, wholeSplit } from "@bioflax/datasets";
import { loss as layersLoss } from "@bioflax/layers";
import { describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import { createCompiledEngine } from "../src/engines/compiled";
import { createEagerEngine } from "../src/engines/eager";
import type { EngineFactory } from "../src/engines/engine";
import { setupOf } from "./case-setup";

// No banner, no per-operation checks.
tf.enableProdMode();

const engines: Readonly<Record<string, EngineFactory>> = {
  compiled: createCompiledEngine,
  eager: (setup) => createEagerEngine({ ...setup, device: "cpu" }),
};

/** Outputs of four examples: of several units, and of one (tensorflow#41413). */
const several = [2, 1, -1, 0.5, -0.5, 3, -2, 0, 1, 0.25, 1.5, -0.75];
const single = [-3, 3, 2, -2];

/** A target of each kind a user may come with: what it is, the shape of one, and those of four examples. */
interface Given {
  readonly what: string;
  readonly shape: Shape;
  readonly values: readonly number[];
}
const given = (what: string, shape: Shape, ...values: number[]): Given => ({ what, shape, values });

const forSeveral = [
  given("class numbers", [], 0, 2, 1, 1),
  given("class numbers in a column", [1], 0, 2, 1, 1),
  given("one-hot rows", [3], 1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0),
  given("probabilities of classes", [3], 0.7, 0.2, 0.1, 0.4, 0.35, 0.25, 0, 0.5, 0.5, 1, 0, 0),
  given("multi-hot rows", [3], 1, 1, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1),
  given("rows some of which are zeros", [3], 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0),
  given("probabilities of labels", [3], 0.9, 0.2, 0.7, 0, 1, 0.5, 0.1, 0.1, 0.1, 1, 1, 0.25),
  given("real numbers", [3], 0.5, -2, 3.25, 1, 0, -1, 4, 0.125, 2, 1, 1, -7),
  given("a class number too large", [], 0, 3, 1, 1),
  given("a class number below 0", [], 0, -1, 1, 1),
  given("a class number that is not whole", [], 0, 1.5, 1, 1),
  given("a class number that is NaN", [], 0, Number.NaN, 1, 1),
  given("rows with a NaN", [3], 1, 0, 0, 0, Number.NaN, 0, 0, 1, 0, 0, 1, 0),
  given("rows with an infinity", [3], 1, 0, 0, 0, Number.POSITIVE_INFINITY, 0, 0, 1, 0, 0, 1, 0),
  given("rows of another number of outputs", [2], 1, 0, 0, 1, 1, 0, 0, 1),
];
const forSingle = [
  given("0 or 1", [], 0, 1, 1, 0),
  given("0 or 1 in a column", [1], 0, 1, 1, 0),
  given("probabilities in a column", [1], 0.1, 0.9, 0.5, 0),
  given("real numbers in a column", [1], -3.5, 2, 0.5, 12),
  given("0, 1 and 2 in a column", [1], 0, 1, 2, 0),
  given("a NaN in a column", [1], 0, Number.NaN, 1, 0),
  given("rows of another number of outputs", [2], 1, 0, 0, 1, 1, 0, 0, 1),
];

/** Whether int32 can hold it. */
const isWhole = ({ values }: Given) => values.every(Number.isInteger);
const cells = (losses.names() as LossName[]).flatMap((loss) =>
  (
    [
      [several, forSeveral],
      [single, forSingle],
    ] as const
  ).flatMap(([outputs, kinds]) =>
    kinds.flatMap((kind) =>
      (isWhole(kind) ? (["float32", "int32"] as const) : (["float32"] as const)).map((type) => ({
        loss,
        outputs,
        kind,
        type,
      })),
    ),
  ),
);
type Cell = (typeof cells)[number];

/** A network of one layer that gives out what goes into it, set up on a cell's targets: one step of it shows the gradient. */
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

/** What came of something that may be refused: the message, or the numbers. */
async function outcome(run: () => Promise<readonly number[]>): Promise<string | readonly number[]> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof BioflaxError) return error.message;
    throw error;
  }
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

const throughLoss = ({ loss, outputs, kind, type }: Cell) =>
  outcome(async () =>
    tf.tidy(() => {
      const output = tf.tensor([...outputs], [4, outputs.length / 4]);
      const target = tf.tensor([...kind.values], [4, ...kind.shape], type);
      const { value, grad } = tf.valueAndGrad((y) => layersLoss(loss)(target, y))(output);
      return [value.dataSync()[0]!, ...tf.sum(grad, 0).dataSync()];
    }),
  );

/** The same from the formulas of the losses, in float64: a class number is one-hot, or of one output what it is to be. */
function byHand({ loss, outputs, kind }: Cell): readonly number[] {
  const units = outputs.length / 4;
  const isRow = sizeOf(kind.shape) === units;
  const t = (row: number, j: number) =>
    isRow ? kind.values[row * units + j]! : Number(kind.values[row] === j);
  const rows = [0, 1, 2, 3].map((row) => outputs.slice(row * units, (row + 1) * units));
  const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
  const formulas: Record<LossName, (z: readonly number[], row: number) => [number, number[]]> = {
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
  const results = rows.map((z, row) => formulas[loss](z, row));
  return [
    results.reduce((sum, [value]) => sum + value, 0),
    ...rows[0]!.map((_, j) => results.reduce((sum, [, gradient]) => sum + gradient[j]!, 0)),
  ];
}

const tried = new Map<Cell, string | readonly number[]>();

describe("every kind of targets under every loss: the same in both engines and in loss()", () => {
  test.each(cases(cells))(
    "%s of %s outputs: %s, %s",
    async (_loss, _outputs, _what, _type, cell) => {
      const [expected, ...others] = [
        await throughLoss(cell),
        await throughEngine(engines.compiled!, cell),
        await throughEngine(engines.eager!, cell),
      ];
      tried.set(cell, expected!);
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

  // `UPDATE_GENERATED=1 npx jest packages/trainer/test/targets.test.ts` writes the file anew.
  test("docs/targets.md says what came of each", () => {
    expect(tried.size).toBe(cells.length);
    const path = join(__dirname, "../../../docs/targets.md");
    const present = existsSync(path) ? readFileSync(path, "utf8") : "";
    const [begin, end] = ["<!-- targets: what came of each cell -->", "<!-- end of targets -->"];
    const [from, to] = [present.indexOf(begin) + begin.length, present.indexOf(end)];
    const expected = `${present.slice(0, from)}\n\n${tables()}\n\n${present.slice(to)}`;
    if (process.env.UPDATE_GENERATED) writeFileSync(path, expected);
    else expect(present).toBe(expected);
  });
});

function cases(all: readonly Cell[]) {
  return all.map(
    (cell) => [cell.loss, cell.outputs.length / 4, cell.kind.what, cell.type, cell] as const,
  );
}

function tables(): string {
  const names = losses.names() as LossName[];
  const line = (texts: readonly string[]) => `| ${texts.join(" | ")} |`;
  const head = ["targets", "shape of an example's", ...names.map((name) => `\`${name}\``)];
  const tableOf = (kinds: readonly Given[]) =>
    [
      line(head),
      line(head.map(() => "---")),
      ...kinds.map((kind) =>
        line([
          kind.what,
          `[${kind.shape.join(", ")}]`,
          ...names.map((name) => [...new Set(ofCell(name, kind))].join("; ")),
        ]),
      ),
    ].join("\n");
  return `Of three outputs:\n\n${tableOf(forSeveral)}\n\nOf one output:\n\n${tableOf(forSingle)}`;
}

/** What came of a kind of targets under a loss, for each type: taken as what, or why not. */
function ofCell(name: LossName, kind: Given): string[] {
  return cells
    .filter((cell) => cell.loss === name && cell.kind === kind)
    .map((cell) => {
      const result = tried.get(cell)!;
      if (typeof result === "string")
        return `refused${/received a target of shape \[[^\]]*\] (.*?)\.( Such|$)/.exec(result)?.[1]?.replace(/^/, ": ") ?? ": its shape"}`;
      const units = cell.outputs.length / 4;
      const form = readTargets(getLoss(name), { type: cell.type, shape: [4, ...kind.shape] }, [
        4,
        units,
      ]);
      return form === "labels" ? "yes, one-hot" : "yes, as they are";
    });
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
