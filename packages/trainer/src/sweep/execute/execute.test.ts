import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { scratchFolder } from "../../../test/scratch";
import type { SweepRun } from "../plan/plan-sweep";
import { readSweep } from "../plan/read-sweep";
import { cutUp, type Task } from "../plan/tasks";
import { type ExecuteOptions, execute, listSource, type TaskSource } from "./execute";
import { runStateOf } from "./run-state";

const scratch = scratchFolder();

type End = "done" | "diverged" | "failed" | "die" | "kill" | "taken" | "wait";

/** Executes runs that are told apart by their learning rates, each of whose tries ends as a script says. */
async function executed(
  script: Readonly<Record<number, readonly End[]>>,
  {
    asReplicas,
    size = 1,
    source,
    ...options
  }: Partial<ExecuteOptions> &
    Pick<Task, "asReplicas"> & { size?: number; source?: Partial<TaskSource> } = {},
) {
  const sweep = mkdtempSync(join(scratch, "sweep-"));
  const { runs } = await readSweep({
    base: { dataset: "sinreg", epochs: 2 },
    product: { lr: Object.keys(script).map(Number) },
  });
  const told: string[] = [];
  const { results, stopped } = await execute(
    { ...listSource(cutUp(runs, size).map((some) => ({ runs: some, asReplicas }))), ...source },
    {
      folder: join(sweep, "runs"),
      jobs: 2,
      retries: 1,
      worker: [
        process.execPath,
        join(__dirname, "../../../test/fake-sweep-worker.cjs"),
        JSON.stringify(script),
      ],
      ...options,
      reporter: {
        warning: (text) => told.push(text),
        notice: (text) => told.push(text),
        ...options.reporter,
      },
    },
  );
  const byRate = Object.fromEntries([...results].map(([run, result]) => [run.config.lr, result]));
  const log = () => readFileSync(join(sweep, "tries.log"), "utf8").trimEnd().split("\n");
  const rate = (name: string) => Number(/lr=([\d.e+-]*\d)-/.exec(name)?.[1]);
  return { byRate, stopped, told, tries: () => log().map(rate).sort(), sweep };
}

describe("runs are executed beside each other", () => {
  test("each once, and what it took is known", async () => {
    const { byRate, stopped, tries } = await executed({
      1: ["done"],
      2: ["done"],
      3: ["done"],
      4: ["done"],
      5: ["done"],
    });
    expect(tries()).toEqual([1, 2, 3, 4, 5]);
    expect(Object.values(byRate)).toEqual(
      Array(5).fill({ kind: "done", seconds: 1, peakBytes: 1e6 }),
    );
    expect(stopped).toBeUndefined();
  });

  test.each<[string, End]>([
    ["whose process ends", "die"],
    ["whose process is killed", "kill"],
    ["that fails", "failed"],
  ])("one %s is tried again", async (_name, end) => {
    const { byRate, tries, told } = await executed({ 1: [end, "done"], 2: ["done"] });
    expect(tries()).toEqual([1, 1, 2]);
    expect(byRate).toMatchObject({ 1: { kind: "done" }, 2: { kind: "done" } });
    expect(told.join()).toContain("(tried again: 1 of 1)");
  });

  test("one that dies each time has failed, with its last words, and the others go on", async () => {
    const { byRate, tries } = await executed(
      { 1: ["die"], 2: ["done"], 3: ["done"] },
      { retries: 2 },
    );
    expect(tries()).toEqual([1, 1, 1, 2, 3]);
    expect(byRate[1]).toEqual({
      kind: "failed",
      error: "its process ended with status 3, saying: the last words",
    });
    expect(byRate).toMatchObject({ 2: { kind: "done" }, 3: { kind: "done" } });
  });

  test("one that diverges has a result, and is not tried again", async () => {
    const { byRate, tries, stopped } = await executed(
      { 1: ["diverged"], 2: ["done"] },
      { maxFailures: 1 },
    );
    expect(tries()).toEqual([1, 2]);
    expect(byRate[1]).toMatchObject({ kind: "diverged", error: "Training diverged: NaN." });
    expect(stopped).toBeUndefined();
  });

  test("one that another process trains is waited for", async () => {
    const { byRate, told } = await executed({ 1: ["taken", "taken", "done"], 2: ["done"] });
    expect(byRate[1]).toMatchObject({ kind: "done" });
    expect(told).toEqual([
      expect.stringMatching(/^lr=1-\w+ is trained by process 1 on elsewhere, which is waited for$/),
    ]);
  });

  test("so many failures end the rest", async () => {
    const { byRate, stopped, tries } = await executed(
      { 1: ["failed"], 2: ["failed"], 3: ["done"], 4: ["done"] },
      { jobs: 1, retries: 0, maxFailures: 2 },
    );
    expect(tries()).toEqual([1, 2]);
    expect(Object.keys(byRate)).toEqual(["1", "2"]);
    expect(stopped).toBe("failures");
  });

  test("a signal stops all, after they are saved", async () => {
    const stop = new AbortController();
    let running = 0;
    const { byRate, stopped, tries } = await executed(
      { 1: ["wait"], 2: ["wait"], 3: ["done"] },
      {
        signal: stop.signal,
        reporter: {
          epochFinished() {
            running++;
            if (running === 2) stop.abort();
          },
        },
      },
    );
    expect(tries()).toEqual([1, 2]);
    expect(byRate).toMatchObject({ 1: { kind: "interrupted" }, 2: { kind: "interrupted" } });
    expect(byRate[3]).toBeUndefined();
    expect(stopped).toBe("signal");
  });

  test("one that is not promising ends, and its process takes the next", async () => {
    const { byRate } = await executed(
      { 1: ["wait"], 2: ["done"] },
      { jobs: 1, source: { epochFinished: async (run) => run.config.lr === 1 } },
    );
    expect(byRate).toMatchObject({ 1: { kind: "pruned" }, 2: { kind: "done" } });
  });

  test("of a task whose process dies, the rest is trained, and nothing twice", async () => {
    const { byRate, tries } = await executed(
      { 1: ["done"], 2: ["die", "done"], 3: ["done"] },
      { size: 3 },
    );
    expect(tries()).toEqual([1, 2, 2, 3]);
    expect(byRate).toMatchObject({ 1: { kind: "done" }, 2: { kind: "done" }, 3: { kind: "done" } });
  });

  test("replicas whose process dies go on each by itself, which is no failure of any", async () => {
    const { byRate, tries, told } = await executed(
      { 1: ["done"], 2: ["die", "done"], 3: ["done"] },
      { size: 3, asReplicas: true, retries: 0, maxFailures: 1 },
    );
    expect(tries()).toEqual([1, 2, 2, 3]);
    expect(byRate).toMatchObject({ 1: { kind: "done" }, 2: { kind: "done" }, 3: { kind: "done" } });
    expect(told).toEqual([
      "2 runs that trained as replicas: its process ended with status 3, saying: the last words (each goes on by itself)",
    ]);
  });

  test("of replicas one that dies each time fails alone", async () => {
    const { byRate, tries } = await executed(
      { 1: ["die"], 2: ["done"], 3: ["done"] },
      { size: 3, asReplicas: true },
    );
    expect(tries()).toEqual([1, 1, 1, 2, 3]);
    expect(byRate).toMatchObject({
      1: { kind: "failed" },
      2: { kind: "done" },
      3: { kind: "done" },
    });
  });

  test("of replicas one that fails is tried again, and one that another process trains is waited for", async () => {
    const { byRate, tries } = await executed(
      { 1: ["failed", "done"], 2: ["taken", "done"], 3: ["done"] },
      { size: 3, asReplicas: true },
    );
    expect(tries()).toEqual([1, 1, 2, 2, 3]);
    expect(byRate).toMatchObject({ 1: { kind: "done" }, 2: { kind: "done" }, 3: { kind: "done" } });
  });

  test("one of other settings under its name has not ended, and is not overwritten", async () => {
    const { byRate, sweep } = await executed({ 1: ["done"] });
    expect(byRate[1]).toMatchObject({ kind: "done" });
    const { runs } = await readSweep({
      base: { dataset: "sinreg", epochs: 2 },
      product: { lr: [1] },
    });
    const [run] = runs as [SweepRun];
    const folder = join(sweep, "runs", run.name);
    const written = JSON.parse(readFileSync(join(folder, "config.json"), "utf8"));
    writeFileSync(join(folder, "config.json"), JSON.stringify({ ...written, lr: 2 }));
    await expect(runStateOf(folder, run.config)).rejects.toThrow(
      `${folder}: expected the run of the sweep that has this name, received one of --lr 2 in place of 1. Move it elsewhere, and start the sweep again.`,
    );
  });

  test("a program that is not there fails each of them", async () => {
    const { byRate } = await executed({ 1: ["done"] }, { worker: ["/nowhere/node"], retries: 0 });
    expect(byRate[1]?.error).toContain(
      "its process could not be started: spawn /nowhere/node ENOENT",
    );
  });
});
