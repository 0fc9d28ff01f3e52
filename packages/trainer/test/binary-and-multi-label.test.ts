import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Dataset, discs, moons, takeTargets } from "@bioflax/datasets";
import { readRun } from "@bioflax/runs/node";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { runBioflax } from "./run-bioflax";
import { scratchFolder } from "./scratch";
import { enginesHere } from "./xla-plugin";

const folder = scratchFolder();
const sizes = { batchSize: 32, trainSetSize: 50, testSetSize: 4 } as const;
const settings = [
  ..."--train-set-size 50 --test-set-size 4 --hidden-layers 24 --activations tanh".split(" "),
  ..."--optimizer adam --lr 0.03 --epochs 4 --compute-alignments false --plot".split(" "),
];

/** What a command prints; it must end well. */
async function printed(args: readonly string[], stdin: readonly string[] = []): Promise<string> {
  const { status, stdout, stderr } = await runBioflax(args, { stdin });
  expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
  return stdout;
}

const trained = (dataset: string, engine: string, ...more: readonly string[]) => {
  const out = join(folder, `${dataset}-${engine}${more.join("")}`);
  return printed([
    ...["train", "--dataset", dataset, "--engine", engine, "--mode", "dfa", "--out", out],
    ...settings,
    ...more,
  ]).then(() => out);
};

/** The test examples as JSON, for `predict -`, and their targets, an example a row. */
function testSet({ test: { examples, indices } }: Dataset) {
  const row = (values: ArrayLike<number>, i: number) => {
    const size = values.length / examples.count;
    return Array.from({ length: size }, (_, j) => values[i * size + j]!);
  };
  return {
    inputs: JSON.stringify([...indices].map((i) => row(examples.inputs, i))),
    targets: [...indices].map((_, i) => row(takeTargets(examples, indices), i)),
  };
}

describe.each(enginesHere)("%s", (engine) => {
  const runs: Record<string, string> = {};
  beforeAll(async () => {
    for (const dataset of ["moons", "discs"]) runs[dataset] = await trained(dataset, engine);
  });

  test("binary classification with one output: learns, evaluates, predicts a probability, reports", async () => {
    const run = runs.moons!;
    const { records } = await readRun(run);
    const last = records.at(-1)!.test;
    expect(last.accuracy).toBeGreaterThan(0.9);
    expect(last.exactMatch).toBeUndefined();

    const evaluation = JSON.parse(await printed(["evaluate", run, "--json"]));
    expect(evaluation).toMatchObject({ ...last, classes: [{ label: 0 }, { label: 1 }] });
    const { inputs, targets } = testSet(moons(sizes));
    const lines = (await printed(["predict", run, "-"], [inputs])).trimEnd().split("\n");
    expect(lines[0]).toBe("label,probability,p0,p1");
    const confusion = [
      [0, 0],
      [0, 0],
    ];
    let loss = 0;
    lines.slice(1).forEach((line, i) => {
      const [label, probability, p0, p1] = line.split(",").map(Number) as [
        number,
        number,
        number,
        number,
      ];
      expect(p0 + p1).toBeCloseTo(1, 6);
      expect(label).toBe(p1 > 0.5 ? 1 : 0);
      expect(probability).toBe(Math.max(p0, p1));
      confusion[targets[i]![0]!]![label]! += 1;
      loss -= Math.log(targets[i]![0] === 1 ? p1 : p0) / targets.length;
    });
    expect(evaluation.confusion).toEqual(confusion);
    expect(loss).toBeCloseTo(last.loss, 4);
    const page = readFileSync(join(run, "report.html"), "utf8");
    expect(page).toContain("Confusion matrix");
    expect(page).toContain("Test accuracy");
  });

  test("multi-label classification: learns, evaluates, predicts every label's probability, reports", async () => {
    const run = runs.discs!;
    const last = (await readRun(run)).records.at(-1)!.test;
    expect(last.accuracy).toBeGreaterThan(0.85);
    expect(last.exactMatch).toBeGreaterThan(0.6);

    const evaluation = JSON.parse(await printed(["evaluate", run, "--json"]));
    expect(evaluation).toMatchObject(last);
    expect(evaluation.confusion).toBeUndefined();
    const { inputs, targets } = testSet(discs(sizes));
    const lines = (await printed(["predict", run, "-", "--json"], [inputs])).trimEnd().split("\n");
    let [right, exact, loss] = [0, 0, 0];
    const told = lines.map((line, i) => {
      const { labels, probabilities } = JSON.parse(line) as {
        labels: number[];
        probabilities: number[];
      };
      const given = probabilities.map((p) => Number(p > 0.5));
      expect(labels).toEqual([0, 1, 2].filter((label) => given[label] === 1));
      const row = targets[i]!;
      right += given.filter((one, j) => one === row[j]).length / 3;
      exact += Number(given.every((one, j) => one === row[j]));
      loss -= probabilities.reduce((sum, p, j) => sum + Math.log(row[j] === 1 ? p : 1 - p), 0) / 3;
      return given;
    });
    const n = targets.length;
    expect(last.accuracy).toBeCloseTo(right / n, 5);
    expect(last.exactMatch).toBeCloseTo(exact / n, 5);
    expect(last.loss).toBeCloseTo(loss / n, 4);
    [0, 1, 2].forEach((label) => {
      const has = targets.map((row) => row[label]!);
      const given = told.map((row) => row[label]!);
      const both = has.filter((one, i) => one === 1 && given[i] === 1).length;
      const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
      expect(evaluation.labels[label]).toEqual({
        label,
        examples: sum(has),
        accuracy: expect.closeTo(has.filter((one, i) => one === given[i]).length / n, 10),
        precision: both / sum(given),
        recall: both / sum(has),
      });
    });
    const page = readFileSync(join(run, "report.html"), "utf8");
    for (const text of ["How well each label is told", "All labels right"])
      expect(page).toContain(text);
    expect(page).not.toContain("Confusion matrix");
    expect(await printed(["evaluate", run])).toContain("all right");
  });

  test("class weights: the balanced ones are the numbers they come to, and an example of weight 0 teaches nothing", async () => {
    const { train } = moons(sizes);
    const labels = [...takeTargets(train.examples, train.indices)];
    const ones = labels.filter((label) => label === 1).length;
    const numbers = [labels.length - ones, ones].map((count) => labels.length / 2 / count);
    const [balanced, same, none] = await Promise.all(
      [["balanced"], numbers.map(String), ["0", "1"]].map(async (weights) => {
        const run = await trained("moons", engine, "--class-weights", ...weights);
        return (await readRun(run)).records.at(-1)!;
      }),
    );
    expect(balanced!.train.loss).toBeCloseTo(same!.train.loss, 6);
    expect(balanced!.train.loss).not.toBe((await readRun(runs.moons!)).records.at(-1)!.train.loss);
    // Nothing is heard of class 0, so that most of it is taken for class 1.
    expect(none!.test.accuracy).toBeLessThan(0.7);
  });
});

test("engines agree", async () => {
  for (const dataset of ["moons", "discs"]) {
    const [one, ...others] = await Promise.all(
      enginesHere.map(async (engine) =>
        (await readRun(join(folder, `${dataset}-${engine}`))).records.at(-1),
      ),
    );
    for (const other of others) {
      expect(one!.test.loss).toBeCloseTo(other!.test.loss, 4);
      expect(one!.train.loss).toBeCloseTo(other!.train.loss, 4);
    }
  }
});

test.each([
  [
    "--class-weights 1 2 3",
    "--class-weights: expected 2 numbers, one for each class of moons, or balanced, received 3 (1, 2, 3).",
  ],
  ["--class-weights balance", "--class-weights: expected balanced or a list of numbers from 0"],
  ["--class-weights -1 1", "--class-weights[0]: expected a number from 0 upwards, received -1"],
  ["--class-weights -.5 1", "--class-weights[0]: expected a number from 0 upwards, received -0.5"],
  ["--class-weights=1,-1", "--class-weights[1]: expected a number from 0 upwards, received -1"],
  ["--dataset discs --class-weights balanced", "where examples do not belong to one class each"],
  ["--dataset sinreg --class-weights balanced", "where examples do not belong to one class each"],
  ["--loss softmaxCrossEntropy", "Use sigmoidCrossEntropy, or another data set"],
])("%s is refused", async (given, text) => {
  const out = join(folder, "refused");
  const { status, stderr } = await runBioflax([
    "train",
    "--dataset",
    "moons",
    "--out",
    out,
    ...given.split(" "),
  ]);
  expect(status).toBeGreaterThan(0);
  expect(stderr).toContain(text);
});
