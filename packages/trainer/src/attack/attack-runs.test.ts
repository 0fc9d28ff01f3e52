import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RunFolderError } from "@bioflax/runs";
import { readRobustness, readRun } from "@bioflax/runs/node";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { smallFiles } from "../../../datasets/test/small-sets";
import { writeFolder } from "../../../datasets/test/write-folder";
import { runBioflax } from "../../test/run-bioflax";
import { scratchFolder } from "../../test/scratch";
import { enginesHere } from "../../test/xla-plugin";
import type { ConfigInput } from "../config/schema";
import { report } from "../report/report";
import { resume } from "../run/resume";
import { train } from "../run/train";
import { evaluateRun } from "../trained/evaluate";
import { type AttackResult, attackRuns } from "./attack-runs";
import type { AttackOptions } from "./settings";

const folder = scratchFolder();

async function trained(name: string, config: ConfigInput): Promise<string> {
  const out = join(folder, name);
  await train({
    hiddenLayers: [30],
    activations: ["tanh"],
    computeAlignments: false,
    out,
    ...config,
  });
  return out;
}

const accuracies = ({ accuracy }: AttackResult) => accuracy.map((one) => one.accuracy);

describe("on images", () => {
  const runs: Record<string, string> = {};
  const eps = [0, 0.05, 0.3];
  beforeAll(async () => {
    // One pixel tells the class: what makes it half as bright, and others as bright, misleads any network.
    const dataDir = writeFolder(join(folder, "pixels"), smallFiles("idx"));
    const config = { dataset: "idx", dataDir, lr: 0.3, batchSize: 8, epochs: 20 } as const;
    for (const mode of ["bp", "dfa"] as const)
      runs[mode] = await trained(mode, { ...config, mode });
  });
  const both = () => [runs.bp as string, runs.dfa as string];

  test.each(enginesHere)(
    "%s: attacks mislead a network under any rule, the stronger ones more often",
    async (engine) => {
      const attack = (more: AttackOptions) => attackRuns(both(), { engine, eps, ...more });
      const [fgsm, pgd] = [await attack({ method: "fgsm" }), await attack({ steps: 10 })];
      for (const [i, run] of both().entries()) {
        const { accuracy = 0 } = await evaluateRun(run, { engine });
        const [asIs, ...moved] = accuracies(fgsm[i] as AttackResult) as [number, ...number[]];
        expect(asIs).toBeCloseTo(accuracy, 10);
        expect(accuracy).toBeGreaterThan(0.9);
        // The trap: with what dfa itself sends to the input, which is nothing, it would seem to stand any attack.
        expect(moved[1]).toBe(0);
        accuracies(pgd[i] as AttackResult).forEach((stronger, at) =>
          expect(stronger).toBeLessThanOrEqual(
            (accuracies(fgsm[i] as AttackResult)[at] ?? 0) + 0.03,
          ),
        );
      }
    },
  );

  test("engines come to the same", async () => {
    const options = { method: "fgsm", eps } as const;
    const [first, ...others] = await Promise.all(
      enginesHere.map((engine) => attackRuns(both(), { ...options, engine })),
    );
    for (const other of others)
      for (const [i, result] of other.entries())
        accuracies(result).forEach((share, at) =>
          expect(Math.abs(share - (accuracies(first?.[i] as AttackResult)[at] ?? 0))).toBeLessThan(
            0.03,
          ),
        );
  });

  test("what came of it is in the run's folder, once for each attack, and on its page", async () => {
    const run = runs.bp as string;
    rmSync(join(run, "robustness.json"), { force: true });
    const before = await readRun(run);
    expect(before.robustness).toBeUndefined();
    await attackRuns([run], { method: "fgsm", eps: [0, 0.3] });
    const [result] = await attackRuns([run], { method: "fgsm", eps: [0, 0.1] });
    await attackRuns([run], { method: "square", queries: 20, examples: 15, eps: [0, 0.6] });
    const { folder: _folder, ...record } = result as AttackResult;
    const { robustness = [] } = await readRun(run);
    expect(robustness[0]).toEqual(record);
    expect(robustness.map(({ method }) => method)).toEqual(["fgsm", "square"]);
    expect(robustness[1]).toMatchObject({ queries: 20, seed: 0, examples: 15, split: "test" });
    const page = await report([run], { out: join(folder, "page.html") });
    expect(readFileSync(page, "utf8")).toContain('aria-label="Robustness"');
  });

  test("examples made for one network are tried on the others", async () => {
    const results = await attackRuns(both(), { transfer: true, eps, steps: 10 });
    expect(results.map(({ folder: run, from }) => [run, from])).toEqual([
      [runs.bp, undefined],
      [runs.bp, "dfa"],
      [runs.dfa, undefined],
      [runs.dfa, "bp"],
    ]);
    const [own, transferred] = results.map(accuracies) as [number[], number[]];
    expect(transferred[0]).toBe(own[0]);
    expect(transferred[1]).toBeGreaterThanOrEqual(own[1] as number);
    expect(transferred[2]).toBeLessThan(own[0] as number);
    const written = (await readRobustness(runs.dfa as string)).filter(({ from }) => from === "bp");
    expect(written).toHaveLength(1);
  });

  test("the command prints a table, or JSON", async () => {
    const args = ["attack", ...both(), "--method", "fgsm", "--eps", "0,0.3"];
    const { status, stdout } = await runBioflax(args);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^ {2}fgsm, linf, 20 test examples\n {2}run +as they are +ε 0\.3\n/);
    expect(stdout).toMatch(/dfa +\d+\.\d\d % +\d+\.\d\d %\n$/);
    const printed = JSON.parse((await runBioflax([...args, "--json"])).stdout);
    expect(printed).toEqual(await attackRuns(both(), { method: "fgsm", eps: [0, 0.3] }));
  });

  test("a run that is trained further has to be attacked again", async () => {
    const run = await trained("further", { dataset: "blobs", epochs: 1 });
    await attackRuns([run], { method: "fgsm", eps: [0.1] });
    expect((await readRun(run)).robustness).toHaveLength(1);
    await resume(run, { settings: { epochs: 2 } });
    expect((await readRun(run)).robustness).toBeUndefined();
  });

  test("a broken robustness.json is refused, and stays", async () => {
    const run = runs.bp as string;
    const file = join(run, "robustness.json");
    writeFileSync(file, '[{"method":"fgsm"}]');
    await expect(attackRuns([run], { method: "fgsm", eps: [0] })).rejects.toThrow(RunFolderError);
    expect(readFileSync(file, "utf8")).toBe('[{"method":"fgsm"}]');
    rmSync(file);
  });

  test.each<[string, AttackOptions, string]>([
    [
      "a method there is not",
      { method: "cw" as "pgd" },
      "--method: expected fgsm, pgd, square, received",
    ],
    ["a norm there is not", { norm: "l1" as "l2" }, "--norm: expected linf, l2, received"],
    [
      "a distance below 0",
      { eps: [0, -0.1] },
      "--eps: expected numbers from 0, such as 0,0.05,0.1",
    ],
    ["no distance", { eps: [] }, "--eps: expected numbers from 0"],
    [
      "steps of an attack that takes one",
      { method: "fgsm", steps: 3 },
      "--steps: expected none with --method fgsm, received 3. It is for pgd.",
    ],
    ["part of a step", { steps: 1.5 }, "--steps: expected a whole number from 1, received 1.5."],
    ["a step of no length", { stepSize: 0 }, "--step-size: expected a number above 0, received 0."],
    ["no queries", { method: "square", queries: 0 }, "--queries: expected a whole number from 1"],
    ["no examples", { examples: 0 }, "--examples: expected a whole number from 1, received 0."],
    [
      "an option that is none",
      { epsilon: 1 } as AttackOptions,
      'attackRuns: unknown option "epsilon"',
    ],
  ])("%s is refused, and nothing is written", async (_name, options, message) => {
    const run = runs.bp as string;
    await expect(attackRuns([run], options)).rejects.toThrow(message);
    expect(existsSync(join(run, "robustness.json"))).toBe(false);
  });

  test("runs on other examples are not tried on each other's", async () => {
    const other = await trained("blobs", { dataset: "blobs", epochs: 1 });
    const given = { transfer: true, eps: [0] };
    await expect(attackRuns([runs.bp as string, other], given)).rejects.toThrow(
      "--transfer: expected runs on the same examples, received",
    );
    const twice = attackRuns([runs.bp as string, runs.bp as string], given);
    await expect(twice).rejects.toThrow("received two called bp.");
  });
});

describe("on other data", () => {
  test("points are not bounded, and no image is found in them", async () => {
    const run = await trained("moons", {
      dataset: "moons",
      hiddenLayers: [20],
      epochs: 5,
      lr: 0.2,
    });
    const [result] = await attackRuns([run], { norm: "l2", eps: [0, 0.3, 1], steps: 10 });
    const [asIs, near, far] = accuracies(result as AttackResult) as [number, number, number];
    expect(asIs).toBeGreaterThan(0.7);
    expect(near).toBeLessThanOrEqual(asIs);
    expect(far).toBeLessThan(asIs);
    await expect(attackRuns([run], { method: "square", eps: [0.1] })).rejects.toThrow(
      "--method square: expected a data set of images, in which to change squares, received moons.",
    );
  });

  test("one-hot codes are not moved, whatever their data set is called", async () => {
    const run = await trained("codes", { dataset: "copy", model: "rnn", epochs: 1 });
    await expect(attackRuns([run], { method: "fgsm", eps: [0, 0.1] })).rejects.toThrow(
      `${run}: expected a network of quantities, of which an attack makes some a little more or less, received one of copy, whose inputs are one-hot codes`,
    );
    expect(existsSync(join(run, "robustness.json"))).toBe(false);
  });

  test("classes that have other numbers than in training are refused", async () => {
    const small = { trainSetSize: 1, testSetSize: 1, epochs: 1 } as const;
    const run = await trained("shapes", { dataset: "color-shapes", ...small });
    const file = join(run, "network.json");
    writeFileSync(file, readFileSync(file, "utf8").replace('"ring"', '"loop"'));
    await expect(attackRuns([run])).rejects.toThrow(
      'of which number 1 is "loop", but in color-shapes it is "ring" now.',
    );
  });

  test("a network of values cannot be misled", async () => {
    const run = await trained("sine", { dataset: "sinreg", epochs: 1 });
    await expect(attackRuns([run])).rejects.toThrow("expected a network that tells one class");
  });
});
