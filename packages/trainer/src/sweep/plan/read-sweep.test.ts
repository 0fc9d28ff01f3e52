import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { scratchFolder } from "../../../test/scratch";
import { ConfigError } from "../../resolve/resolve";
import type { SweepInput } from "../spec/sweep-spec";
import { readSweep, readSweepWith } from "./read-sweep";

const scratch = scratchFolder();
const base = { dataset: "sinreg", trainSetSize: 4, epochs: 2 } as const;

const sweptOf = async (input: SweepInput) =>
  (await readSweep(input)).runs.map(({ swept }) => swept);

async function problemsOf(given: unknown): Promise<readonly string[]> {
  const error = await readSweep(given as SweepInput).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(ConfigError);
  return (error as ConfigError).problems;
}

describe("the runs of a sweep", () => {
  test("are every combination of a product, with every seed, the last list first", async () => {
    expect(
      await sweptOf({ base, product: { mode: ["fa", "dfa"], lr: [0.1, 0.2] }, seeds: "0..1" }),
    ).toEqual(
      ["fa", "dfa"].flatMap((mode) =>
        [0.1, 0.2].flatMap((lr) => [0, 1].map((seed) => ({ mode, lr, seed }))),
      ),
    );
  });

  test("have what is zipped together", async () => {
    const zip = { hiddenLayers: [[5], [6, 7]], activations: [["tanh"], ["relu", "linear"]] };
    expect(await sweptOf({ base, zip })).toEqual([
      { hiddenLayers: [5], activations: ["tanh"] },
      { hiddenLayers: [6, 7], activations: ["relu", "identity"] },
    ]);
  });

  test("draw the same whatever else changes", async () => {
    const random = { draws: 2, settings: { lr: { logUniform: [0.001, 0.1] } } };
    const more = { draws: 3, settings: { momentum: { uniform: [0, 0.9] }, ...random.settings } };
    const rates = async (input: SweepInput) => (await sweptOf(input)).map(({ lr }) => lr);
    const drawn = await rates({ base, random });
    expect(new Set(drawn).size).toBe(2);
    expect((await rates({ base, random: more })).slice(0, 2)).toEqual(drawn);
    expect(
      await rates({ base: { ...base, epochs: 9 }, random, product: { mode: ["fa"] } }),
    ).toEqual(drawn);
    expect(await rates({ base, random: { ...random, seed: 1 } })).not.toEqual(drawn);
  });

  test("are left out by values, lists of them and bounds, all of a condition", async () => {
    const { runs, excluded, notices } = await readSweep({
      base,
      product: { mode: ["fa", "dfa", "kp"], lr: [0.01, 0.1, 1] },
      exclude: [{ mode: ["fa", "kp"], lr: { above: 0.05 } }, { lr: { from: 1 } }, { lr: 7 }],
    });
    expect(runs.map(({ swept }) => [swept.mode, swept.lr])).toEqual([
      ["fa", 0.01],
      ["dfa", 0.01],
      ["dfa", 0.1],
      ["kp", 0.01],
    ]);
    expect(excluded).toBe(5);
    expect(notices).toEqual(["sweep: exclude[2] leaves out no run"]);
  });

  test("that cannot be may be left out", async () => {
    const product = { mode: ["fa", "drtp"], hiddenLayers: [[4]], activations: [["tanh"]] };
    const teacher = { ...base, dataset: "teacher" };
    expect((await problemsOf({ base: teacher, product }))[0]).toContain('The rule "drtp"');
    expect(await sweptOf({ base: teacher, product, exclude: [{ mode: "drtp" }] })).toHaveLength(1);
  });

  test("with the same settings are one", async () => {
    const product = { outputActivation: ["linear", "identity"], lr: [0.1, 0.1] };
    const { runs, repeated, notices } = await readSweep({ base, product });
    expect(runs).toHaveLength(1);
    expect(repeated).toBe(3);
    expect(notices[0]).toContain("3 of 4 combinations have the settings of another");
  });

  test("go on from config files, one list of which can be swept", async () => {
    const folder = join(scratch, "recipes");
    mkdirSync(folder);
    writeFileSync(
      join(folder, "common.yaml"),
      "dataset: sinreg\ntrainSetSize: 4\nepochs: 9\nlr: 0.3\n",
    );
    writeFileSync(join(folder, "fa.yaml"), "mode: fa\nlr: 0.1\n");
    writeFileSync(join(folder, "dfa.yaml"), "mode: dfa\n");
    const file = join(folder, "sweep.yaml");
    writeFileSync(
      file,
      "base: { extends: common.yaml, epochs: 2 }\nproduct: { extends: [fa.yaml, dfa.yaml] }\nseeds: 3\n",
    );
    const { name, runs } = await readSweep(file);
    expect(name).toBe("sweep");
    expect(
      runs.map(({ swept, config: { mode, lr, epochs } }) => [swept, mode, lr, epochs]),
    ).toEqual([
      [{ extends: "fa", seed: 3 }, "fa", 0.1, 2],
      [{ extends: "dfa", seed: 3 }, "dfa", 0.3, 2],
    ]);
    expect(runs[0]?.name).toMatch(/^extends=fa,seed=3-[0-9a-f]{10}$/);
  });
});

describe("the names of runs", () => {
  const nameOf = async (input: SweepInput) => (await readSweep(input)).runs[0]?.name;
  const digestOf = async (input: SweepInput) => (await readSweep(input)).runs[0]?.digest;

  test("can be read, and are the same each time", async () => {
    const product = {
      mode: ["dfa"],
      lr: [0.03],
      hiddenLayers: [[4, 4]],
      activations: [["tanh", "tanh"]],
    };
    const name = await nameOf({ base, product });
    expect(name).toMatch(/^mode=dfa,lr=0.03,hidden-layers=4x4,activations=tanhxtanh-[0-9a-f]{10}$/);
    expect(await nameOf({ base, product })).toBe(name);
  });

  test("tell runs apart by their settings, not by where or how long they go on", async () => {
    const product = { lr: [0.03] };
    const digest = await digestOf({ base, product });
    expect(await digestOf({ base: { ...base, epochs: 50, threads: 2 }, product })).toBe(digest);
    expect(await digestOf({ base: { ...base, lr: 0.03 } })).toBe(digest);
    expect(await digestOf({ base: { ...base, batchSize: 8 }, product })).not.toBe(digest);
    // What is swept tells runs apart, whatever it is.
    const epochs = await readSweep({ base, product: { epochs: [2, 3] } });
    expect(new Set(epochs.runs.map((run) => run.digest)).size).toBe(2);
  });
});

describe("a sweep that is refused says", () => {
  test.each<[string, unknown, string]>([
    [
      "what it knows",
      { prodct: {} },
      'sweep: unknown part "prodct" of a sweep. Did you mean "product"?',
    ],
    [
      "where settings belong",
      { lr: 0.1 },
      'unknown part "lr" of a sweep. Settings of every run stand under base',
    ],
    ["what a sweep is", [1], "sweep: expected a sweep"],
    [
      "that a list is one",
      { product: { lr: 0.1 } },
      "sweep: product: lr: expected a list of values, such as [1, 2], received 0.1",
    ],
    [
      "the nearest setting",
      { product: { lrr: [1] } },
      'sweep: product: unknown setting "lrr". Did you mean "lr"?',
    ],
    [
      "the value that is wrong",
      { product: { lr: [0.1, -1] } },
      "sweep: product: lr: expected a number from 0 upwards, received -1 (with lr -1)",
    ],
    [
      "the setting of the base",
      { base: { epoch: 3 } },
      'sweep: base: unknown setting "epoch". Did you mean "epochs"?',
    ],
    [
      "lists of other lengths",
      { zip: { lr: [1, 2], mode: ["fa"] } },
      "sweep: zip: expected lists of the same length",
    ],
    [
      "a setting with two lists",
      { product: { lr: [1] }, zip: { lr: [2] } },
      "sweep: zip: lr: expected values of a setting in one place",
    ],
    [
      "a seed with two lists",
      { product: { seed: [1] }, seeds: "0..1" },
      "sweep: seeds: seed: expected values of a setting in one place",
    ],
    ["what seeds are", { seeds: "a" }, "sweep: seeds: expected seeds, such as 0..4 or 0,1,2"],
    [
      "what a draw needs",
      { random: { settings: { lr: [1] } } },
      "sweep: random: draws: expected a whole number from 1",
    ],
    [
      "that folders are the sweep's",
      { product: { out: ["a"] } },
      "sweep: product: out: the sweep gives its runs their folders",
    ],
    [
      "that folders are the sweep's, too",
      { base: { out: "a" } },
      "sweep: base: out: the sweep gives its runs their folders",
    ],
    [
      "what a condition is",
      { exclude: [{ mod: 1 }] },
      'sweep: exclude[0]: unknown setting "mod". Did you mean "mode"?',
    ],
    ["its value", { exclude: [{ mode: "faa" }] }, "sweep: exclude[0]: mode: expected one of"],
    [
      "its bounds",
      { exclude: [{ mode: { above: 1 } }] },
      "sweep: exclude[0]: mode: expected a value, a list of values or, of a number, bounds",
    ],
    [
      "that nothing is left",
      { product: { lr: [1] }, exclude: [{ lr: 1 }] },
      "sweep: expected at least one run, but exclude leaves out all 1",
    ],
    [
      "that there are too many",
      { seeds: "0..9999", product: { lr: Array.from({ length: 11 }, (_, i) => i) } },
      "expected at most 100000 runs, received 110000",
    ],
    [
      "a file that is not there",
      { base: { extends: "nowhere.yaml" } },
      "nowhere.yaml: expected a readable file, but there is no such file",
    ],
    [
      "a metric that no run can have",
      { metric: "val.acuracy" },
      'received "val.acuracy". Did you mean "val.accuracy"?',
    ],
    [
      "one of which nobody knows the goal",
      { metric: "alignment.weights" },
      "expected goal: min or max",
    ],
    [
      "a count that is none",
      { jobs: 0 },
      "sweep: jobs: expected a whole number from 1, received 0",
    ],
  ])("%s", async (_name, given, text) => {
    expect((await problemsOf(given)).join("\n")).toContain(text);
  });

  test("all that is wrong at once, each once, and in which runs", async () => {
    const problems = await problemsOf({
      base: { ...base, epoch: 1 },
      product: { mode: ["fa", "faa"], lr: [0.1, -1] },
      seeds: "0..2",
    });
    expect(problems).toHaveLength(3);
    expect(problems[0]).toBe('sweep: base: unknown setting "epoch". Did you mean "epochs"?');
    expect(problems[1]).toMatch(/received -1 \(with mode fa, lr -1, seed 0, and in 5 more runs\)$/);
  });
});

describe("the command line", () => {
  test("adds settings and lists, which override those of the sweep", async () => {
    const { runs } = await readSweepWith(
      { base, product: { lr: [1, 2], mode: ["fa"] }, seeds: "0..4" },
      { flags: { epochs: 7 }, sets: { lr: [0.5] }, over: { seeds: "8" } },
    );
    expect(runs.map(({ swept, config }) => [swept, config.epochs])).toEqual([
      [{ mode: "fa", lr: 0.5, seed: 8 }, 7],
    ]);
  });

  test("has paths relative to the working directory", async () => {
    const folder = join(scratch, "elsewhere");
    mkdirSync(folder);
    const file = join(folder, "sweep.yaml");
    writeFileSync(file, "{ base: { dataset: sinreg } }");
    const [recipe, init] = [relative(".", join(scratch, "recipe.yaml")), "some.safetensors"];
    writeFileSync(recipe, "lr: 0.5");
    const { runs } = await readSweepWith(file, { sets: { init: [init], extends: [recipe] } });
    expect(runs.map(({ config }) => [config.init, config.lr])).toEqual([[resolve(init), 0.5]]);
  });

  test("is told which metric of it no run can have", async () => {
    const adding = readSweepWith({ base, seeds: 0 }, { over: { metric: "loss" } });
    await expect(adding).rejects.toThrow("--metric: expected something that runs measure");
  });

  test("has no one value of what is swept", async () => {
    const adding = readSweepWith({ base, product: { lr: [1, 2] } }, { flags: { lr: 3 } });
    await expect(adding).rejects.toThrow(
      "--lr: expected one value for all runs, but sweep: product has values of it",
    );
  });
});
