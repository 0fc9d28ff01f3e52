import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import type { ConfigInput } from "../src/config/schema";
import { train } from "../src/run/train";
import { execute } from "../src/sweep/execute/execute";
import type { SweepRun } from "../src/sweep/plan/plan-sweep";
import { readSweep, readSweepWith } from "../src/sweep/plan/read-sweep";
import { bestOfSweep } from "../src/sweep/results/best";
import { readSweepResults } from "../src/sweep/results/read-results";
import type { Trial } from "../src/sweep/search/optuna";
import { SearchSource } from "../src/sweep/search/search-source";
import { sweep } from "../src/sweep/sweep";
import { metricsOf } from "./interrupting";
import { pythonWithOptuna } from "./python-with-optuna";
import { scratchFolder } from "./scratch";
import { workerFromSources as worker } from "./sweep-worker";

const scratch = scratchFolder();
const base: ConfigInput = {
  dataset: "sinreg",
  trainSetSize: 400,
  testSetSize: 2,
  hiddenLayers: [6],
  activations: ["tanh"],
  epochs: 6,
  threads: 1,
  checkpointSeconds: 0.01,
};
const random = { draws: 1, settings: { lr: { logUniform: [0.01, 0.2] } } };
const [good, bad] = [0.1, 0.01];

test("a trial that is not promising ends for all its seeds, and goes on where it was when it is promoted", async () => {
  // Long enough that a trial is told to end before it has.
  const longer = { ...base, trainSetSize: 4000 };
  const plan = await readSweep({
    base: longer,
    random,
    seeds: "0..1",
    metric: "val.loss",
    search: { trials: 2 },
  });
  const told: [number, number | undefined][] = [];
  const reported: [number, number][] = [];
  const asked: Trial[] = [];
  const folder = join(scratch, "pruned", "runs");
  const source = new SearchSource({
    optuna: {
      async ask() {
        const number = asked.length;
        asked.push({ number, state: "running", values: { lr: number === 0 ? bad : good } });
        return asked[number] as Trial;
      },
      async report(number, step, value) {
        expect(value).toBeGreaterThan(0);
        reported.push([number, step]);
        return number === 0 && step === 2;
      },
      async tell(number, value) {
        told.push([number, value]);
      },
    },
    search: plan.search!,
    comparison: { metric: "val.loss", goal: "min" },
    folder,
    trials: [],
    prepare: async (runs) => runs,
    onRuns: async () => {},
    onNotice: () => {},
  });
  const options = { folder, jobs: 2, retries: 0, worker };
  const { results } = await execute(source, options);
  const of = (lr: number) => [...results].filter(([{ config }]) => config.lr === lr);
  expect(of(good).map(([, { kind }]) => kind)).toEqual(["done", "done"]);
  // One of its seeds may have come to its end meanwhile.
  const pruned = of(bad).flatMap(([run, { kind }]) => (kind === "pruned" ? [run] : []));
  expect([of(bad).length, pruned.length > 0]).toEqual([2, true]);
  expect(told).toEqual(
    expect.arrayContaining([
      [0, undefined],
      [1, expect.any(Number)],
    ]),
  );
  expect(reported.filter(([number]) => number === 1).map(([, step]) => step)).toEqual([
    1, 2, 3, 4, 5, 6,
  ]);

  const [
    {
      name,
      config: { seed },
    },
  ] = pruned as [SweepRun];
  const promoted = await readSweep({ base: longer, product: { lr: [bad] }, seeds: seed });
  const before = metricsOf(join(folder, name));
  const { folder: done } = await sweep(promoted, { out: join(scratch, "pruned"), worker });
  const alone = await train({ ...longer, lr: bad, seed, out: join(scratch, "alone") });
  const after = metricsOf(join(done, "runs", name));
  expect(before).not.toBe("");
  expect(after.startsWith(before)).toBe(true);
  expect(after).toBe(metricsOf(alone.folder));
});

const withOptuna = pythonWithOptuna === undefined ? test.skip : test;
if (pythonWithOptuna === undefined)
  console.info(
    "The test of Optuna is skipped: pnpm --filter @bioflax/trainer run check-optuna installs it.",
  );

/** What Optuna itself says of a study. */
function studyIn(folder: string, name: string) {
  const { stdout, stderr } = spawnSync(
    pythonWithOptuna as string,
    [
      "-c",
      `import json, optuna
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
study = optuna.load_study(study_name=${JSON.stringify(name)}, storage=JournalStorage(JournalFileBackend(${JSON.stringify(join(folder, "optuna.journal"))})))
print(json.dumps([[one.state.name, one.value, one.params, len(one.intermediate_values)] for one in study.trials]))`,
    ],
    { encoding: "utf8" },
  );
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout) as [string, number, { lr: number; activations: string }, number][];
}

withOptuna(
  "Optuna proposes values, and learns what they come to; started again, it goes on",
  async () => {
    const out = join(scratch, "optuna");
    const { activations: _activations, ...rest } = base;
    const input = {
      name: "with-optuna",
      base: rest,
      random: {
        ...random,
        settings: { ...random.settings, activations: { choices: [["tanh"], ["sigmoid"]] } },
      },
      metric: "val.loss",
    };
    const search = { python: pythonWithOptuna as string, sampler: "TPE", pruner: "Median" };
    const first = await readSweep({ ...input, search: { ...search, trials: 2 } });
    await sweep(first, { out, worker, jobs: 1 });
    const again = await readSweepWith(
      { ...input, search: { ...search, trials: 2 } },
      { over: { search: { trials: 3 } } },
    );
    const { runs } = await sweep(again, { out, worker, jobs: 1 });
    expect(runs.map(({ result }) => result?.kind)).toEqual(["done", "done", "done"]);

    const trials = studyIn(out, "with-optuna");
    expect(trials.map(([state, , , epochs]) => [state, epochs])).toEqual(
      Array(3).fill(["COMPLETE", 6]),
    );
    expect(new Set(trials.map(([, , { lr }]) => lr)).size).toBe(3);
    const { rows } = await readSweepResults(out);
    expect(trials.map(([, value]) => value)).toEqual(
      rows.map(({ metrics }) => metrics["val.loss"]),
    );
    expect(trials.map(([, , { activations }]) => JSON.parse(activations))).toEqual(
      rows.map(({ swept }) => swept.activations),
    );
    const { groups } = await bestOfSweep(out);
    expect(groups[0]?.result?.mean).toBe(Math.min(...trials.map(([, value]) => value)));
    expect(readFileSync(join(out, "sweep.json"), "utf8")).toContain('"metric": "val.loss"');
  },
  120_000,
);

withOptuna.each<[object, string]>([
  [{ sampler: "TPEE" }, "expected the name of a sampler (BruteForce, CmaEs, GP"],
  [{ pruner: "median2" }, "expected the name of a pruner (Hyperband, Median"],
  [{ pruner: "Percentile" }, "PercentilePruner cannot be made without options of its own"],
])("what Optuna has not is refused: %j", async (more, text) => {
  const search = { trials: 1, python: pythonWithOptuna as string, ...more };
  const plan = await readSweep({ base, random, search });
  await expect(sweep(plan, { out: join(scratch, "refused"), worker })).rejects.toThrow(text);
});

test("a Python that is not there is told of, with what to do", async () => {
  const plan = await readSweep({ base, random, search: { trials: 1, python: "/nowhere/python" } });
  await expect(sweep(plan, { out: join(scratch, "nowhere"), worker })).rejects.toThrow(
    "search: expected a Python that has Optuna, but there is no /nowhere/python. Install it (pip install optuna), or name another with --python.",
  );
});
