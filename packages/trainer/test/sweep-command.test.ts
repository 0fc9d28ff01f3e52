import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EpochRecord } from "@bioflax/runs";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { encodeSweep, factsOf } from "../src/sweep/folder/stored-sweep";
import { readSweep } from "../src/sweep/plan/read-sweep";
import { bestOfSweep } from "../src/sweep/results/best";
import { runBioflax } from "./run-bioflax";
import { scratchFolder } from "./scratch";

const scratch = scratchFolder();
const out = join(scratch, "sweep");

const evaluation = (loss: number, accuracy: number) => ({ loss, accuracy });
const recordOf = (epoch: number, accuracy: number): EpochRecord => ({
  epoch,
  train: { loss: 1 / epoch },
  val: evaluation(1 - accuracy, accuracy),
  test: evaluation(1 - accuracy, accuracy - 0.1),
  timing: { trainSeconds: 1, evaluateSeconds: 0.1, examplesPerSecond: 100 },
});

/** A sweep of three rates and two seeds: of one rate a run has diverged, of another one is under way. */
beforeAll(async () => {
  const plan = await readSweep({
    base: { dataset: "blobs", epochs: 2 },
    product: { lr: [0.01, 0.1, 1] },
    seeds: "0..1",
    metric: "val.accuracy",
  });
  mkdirSync(out);
  writeFileSync(
    join(out, "sweep.json"),
    encodeSweep(
      factsOf(plan),
      plan.runs.map((run) => ({ run })),
      out,
    ),
  );
  const accuracies: Readonly<Record<number, readonly number[]>> = {
    0.01: [0.5, 0.7],
    0.1: [0.9, 0.8],
    1: [0.99],
  };
  for (const { name, config } of plan.runs) {
    const { lr, seed } = config;
    const accuracy = accuracies[lr]?.[seed];
    const folder = join(out, "runs", name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "config.json"), JSON.stringify(config));
    const isUnderWay = lr === 0.01 && seed === 1;
    const records = accuracy === undefined ? [] : [1, 2].map((epoch) => recordOf(epoch, accuracy));
    const done = isUnderWay ? records.slice(0, 1) : records;
    writeFileSync(
      join(folder, "metrics.jsonl"),
      done.map((record) => `${JSON.stringify(record)}\n`).join(""),
    );
    if (isUnderWay) continue;
    const { epoch, train, val, test } = recordOf(2, accuracy ?? 0);
    writeFileSync(
      join(folder, "summary.json"),
      JSON.stringify({
        ...(accuracy === undefined
          ? {
              status: "failed",
              diverged: true,
              error: "Training diverged: NaN, at once. Try less.",
              epochs: 0,
            }
          : { status: "done", epochs: 2, best: { epoch, train, val, test } }),
        timing: { trainSeconds: 2, totalSeconds: 3 },
        throughput: { examplesPerSecond: 100 },
        engine: "compiled",
        device: "cpu",
        threads: 1,
        versions: {},
      }),
    );
  }
});

const bioflax = async (...args: string[]) => {
  const { status, stdout, stderr } = await runBioflax(["sweep", ...args]);
  return { status, stdout, stderr };
};
const linesOf = (text: string) => text.trimEnd().split("\n");

describe("bioflax sweep status", () => {
  test("tells what has come of each run, and how many there are of each kind", async () => {
    const { status, stdout } = await bioflax("status", out);
    expect(status).toBe(0);
    expect(stdout).toMatch(/lr=0\.01,seed=1-\w+ +unfinished +1\/2 +0\.7\n/);
    expect(stdout).toMatch(
      /lr=1,seed=1-\w+ +diverged +0\/2 +– +Training diverged: NaN, at once\.\n/,
    );
    expect(linesOf(stdout).at(-1)).toBe("sweep: 6 runs: 4 done, 1 unfinished, 1 diverged");
  });

  test("prints rows that all have the same keys", async () => {
    const { stdout } = await bioflax("status", out, "--jsonl");
    const rows = linesOf(stdout).map((line) => JSON.parse(line));
    expect(new Set(rows.map((row) => Object.keys(row).join())).size).toBe(1);
    expect(rows[0]).toMatchObject({
      status: "done",
      lr: 0.01,
      seed: 0,
      epochs: 2,
      "val.accuracy": 0.5,
      "best.epoch": 2,
      seconds: 3,
      error: null,
    });
    expect(rows[5]).toMatchObject({
      status: "diverged",
      "val.accuracy": null,
      error: "Training diverged: NaN, at once. Try less.",
    });
  });

  test("prints CSV", async () => {
    const { stdout } = await bioflax("status", out, "--csv");
    const [titles, ...rows] = linesOf(stdout);
    expect(titles).toMatch(
      /^run,status,lr,seed,epochs,plannedEpochs,train\.loss,val\.loss,val\.accuracy/,
    );
    expect(rows).toHaveLength(6);
    expect(rows[5]).toMatch(
      /^"lr=1,seed=1-\w+",diverged,1,1,0,2,.*,"Training diverged: NaN, at once\. Try less\."$/,
    );
  });
});

describe("bioflax sweep best", () => {
  test("has mean, deviation and number over seeds, and what diverged below all else", async () => {
    const { metric, goal, groups } = await bestOfSweep(out);
    expect([metric, goal]).toEqual(["val.accuracy", "max"]);
    expect(
      groups.map(({ label, result, diverged }) => [
        label,
        result?.mean,
        result?.sd,
        result?.n,
        diverged,
      ]),
    ).toEqual([
      ["lr 0.1", expect.closeTo(0.85), expect.closeTo(0.0707, 4), 2, 0],
      ["lr 0.01", 0.5, undefined, 1, 0],
      ["lr 1", 0.99, undefined, 1, 1],
    ]);
  });

  test("goes by another metric, the least of which is best where that is so", async () => {
    const { stdout } = await bioflax(
      "best",
      out,
      "--metric",
      "best.test.loss",
      "--jsonl",
      "--top",
      "1",
    );
    expect(linesOf(stdout).map((line) => JSON.parse(line))).toEqual([
      {
        place: 1,
        lr: 0.1,
        metric: "best.test.loss",
        mean: expect.closeTo(0.15),
        sd: expect.closeTo(0.0707, 4),
        n: 2,
        runs: 2,
        diverged: 0,
      },
    ]);
  });

  test("prints a table", async () => {
    const { stdout } = await bioflax("best", out);
    expect(stdout).toMatch(/settings +val\.accuracy +± sd +n\n +1 +lr 0\.1 +0\.85 +0\.071 +2\n/);
    expect(stdout).toMatch(/3 +lr 1 +0\.99 +– +1 of 2 +1 diverged\n/);
  });

  test.each<[string[], string]>([
    [["--metric", "val.acuracy"], 'received "val.acuracy". Did you mean "val.accuracy"'],
    [
      ["--metric", "best.epoch"],
      "--metric best.epoch: expected --goal min or --goal max beside it",
    ],
  ])("refuses %j", async (args, text) => {
    const { status, stderr } = await bioflax("best", out, ...args);
    expect(stderr).toContain(text);
    expect(status).toBe(1);
  });
});

test("bioflax sweep report has the metric over what is swept, on an axis of powers", async () => {
  const page = join(scratch, "page.html");
  const { stdout } = await bioflax("report", out, "--out", page);
  expect(stdout).toBe(`${page}\n`);
  const text = readFileSync(page, "utf8");
  expect(text).toContain("<h4>val.accuracy over lr</h4>");
  expect(text).toContain("lr 0.1: 0.850 ± 0.071");
  // The powers of ten are as far from each other.
  const place = (value: string) =>
    Number(new RegExp(`x="([\\d.]+)" y="217" text-anchor="middle">${value}<`).exec(text)?.[1]);
  expect(place("0.1") - place("0.01")).toBeCloseTo(place("1") - place("0.1"), 0);
});

test.each(["status", "best", "report"])(
  "bioflax sweep %s refuses a folder that is no sweep's",
  async (command) => {
    const { status, stderr } = await bioflax(command, scratch);
    expect(stderr).toContain(
      `${scratch}: expected the folder of a sweep, but there is no sweep.json in it`,
    );
    expect(status).toBe(1);
  },
);
