import { describe, expect, test } from "@jest/globals";
import type { SweepInput } from "../spec/sweep-spec";
import type { SweepRun } from "./plan-sweep";
import { readSweep } from "./read-sweep";
import { tasksOf } from "./tasks";

const small: SweepInput = {
  base: { dataset: "sinreg", hiddenLayers: [16], activations: ["tanh"] },
  seeds: "0..3",
};

/** How many runs each task has, those of replicas in brackets. */
const sizes = (runs: readonly SweepRun[], jobs: number) =>
  tasksOf(runs, jobs).map(({ runs: own, asReplicas }) => (asReplicas ? [own.length] : own.length));

const groupsOf = (runs: readonly SweepRun[]) =>
  new Set(runs.flatMap(({ group }) => group ?? [])).size;

describe("runs of a sweep share a graph", () => {
  test.each<[string, SweepInput["product"], number]>([
    ["whatever their seeds", {}, 1],
    [
      "whatever numbers they learn with",
      { lr: [0.1, 0.2], momentum: [0.5, 0.9], scaleB: [1, 2] },
      1,
    ],
    ["however long they go on", { epochs: [1, 2] }, 1],
    ["but with and without momentum", { momentum: [0, 0.9] }, 2],
    ["but of two rules", { mode: ["fa", "dfa"] }, 2],
    ["but of two batch sizes", { batchSize: [16, 32] }, 2],
  ])("%s", async (_name, product = {}, groups) => {
    const { runs } = await readSweep({ ...small, product });
    expect(groupsOf(runs)).toBe(groups);
    expect(runs.every(({ group }) => group !== undefined)).toBe(true);
  });

  test.each<[string, SweepInput]>([
    ["large networks", { ...small, base: { dataset: "sinreg" } }],
    [
      "networks of many inputs",
      { ...small, base: { ...small.base, dataset: "mnist", hiddenLayers: [100] } },
    ],
    ["convolutions", { ...small, base: { dataset: "mnist", model: "lenet5" } }],
    ["plain JavaScript", { ...small, base: { ...small.base, engine: "eager", device: "cpu" } }],
    ["XLA", { ...small, base: { ...small.base, engine: "xla" } }],
    ["a GPU", { ...small, base: { ...small.base, device: "webgpu" } }],
    ["a run alone", { ...small, seeds: [0] }],
    ["runs that are not to", { ...small, replicas: "never" }],
  ])("but not %s", async (_name, input) => {
    const { runs } = await readSweep(input);
    expect(groupsOf(runs)).toBe(0);
    expect(sizes(runs, 2)).toEqual(runs.map(() => 1));
  });

  test.each([
    ["tensorflow", 1],
    ["wasm", 0],
    ["auto", 0],
  ])("in TensorFlow.js, of 784-100-10 by what was measured on %s", async (device, groups) => {
    const tiny: SweepInput["base"] = { ...small.base, engine: "eager", device };
    expect(groupsOf((await readSweep({ ...small, base: tiny })).runs)).toBe(1);
    const base: SweepInput["base"] = { ...tiny, dataset: "mnist", hiddenLayers: [100] };
    expect(groupsOf((await readSweep({ ...small, base })).runs)).toBe(groups);
  });

  test("of whatever size where they are told to always", async () => {
    const base = { dataset: "mnist", model: "lenet5" } as const;
    const { runs } = await readSweep({ ...small, base, replicas: "always" });
    expect(sizes(runs, 2)).toEqual([[2], [2]]);
  });

  test("but nobody else's choice", async () => {
    await expect(readSweep({ ...small, replicas: "sometimes" as never })).rejects.toThrow(
      'sweep: replicas: expected auto, always, never, received "sometimes"',
    );
  });
});

test("tasks keep all processes busy, and none has too many runs", async () => {
  const { runs } = await readSweep({ ...small, seeds: "0..9" });
  expect(sizes(runs, 1)).toEqual([[10]]);
  expect(sizes(runs, 2)).toEqual([[5], [5]]);
  expect(sizes(runs, 4)).toEqual([[2], [3], [2], [3]]);
  expect(sizes(runs, 20)).toEqual(runs.map(() => [1]));
  expect(sizes(runs.slice(0, 7), 2)).toEqual([[3], [4]]);
  const many = await readSweep({ ...small, seeds: "0..99" });
  expect(Math.max(...sizes(many.runs, 2).flat())).toBeLessThanOrEqual(16);
  const two = await readSweep({ ...small, product: { mode: ["fa", "dfa"] } });
  expect(sizes(two.runs, 2)).toEqual([[4], [4]]);
  expect(tasksOf(many.runs, 2).flatMap((task) => task.runs)).toEqual(many.runs);
});
