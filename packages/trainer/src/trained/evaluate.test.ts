import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sizeOf } from "@bioflax/core";
import { encodeWeights, type Summary } from "@bioflax/runs";
import { readRun } from "@bioflax/runs/node";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { runBioflax } from "../../test/run-bioflax";
import { scratchFolder } from "../../test/scratch";
import { enginesHere } from "../../test/xla-plugin";
import type { ConfigInput } from "../config/schema";
import { train } from "../run/train";
import { evaluateRun } from "./evaluate";
import { openRun } from "./open-run";

const folder = scratchFolder();

/** Trains a little. */
async function trained(name: string, config: ConfigInput) {
  const out = join(folder, name);
  const { summary } = await train({
    trainSetSize: 6,
    testSetSize: 3,
    epochs: 2,
    computeAlignments: false,
    out,
    ...config,
  });
  return { out, summary };
}

describe.each(enginesHere)("%s", (engine) => {
  const runs: Record<string, { out: string; summary: Summary }> = {};
  beforeAll(async () => {
    const labels = { engine, dataset: "blobs", lr: 0.1 } as const;
    runs.labels = await trained(`${engine}-labels`, {
      ...labels,
      hiddenLayers: [9],
      activations: ["tanh"],
    });
    runs.images = await trained(`${engine}-images`, {
      engine,
      dataset: "color-shapes",
      model: "lenet5",
    });
    runs.values = await trained(`${engine}-values`, {
      engine,
      dataset: "teacher",
      inDim: 3,
      seqLen: 4,
    });
  });

  test.each(["labels", "images", "values"])(
    "%s: the summary's numbers, to the bit",
    async (name) => {
      const { out, summary } = runs[name]!;
      const test = await evaluateRun(out);
      expect(test).toMatchObject({
        ...summary.test,
        engine,
        device: summary.device,
        split: "test",
      });
      expect(await evaluateRun(out, { split: "validation" })).toMatchObject(summary.val!);
      const { loss } = await evaluateRun(out, { weights: "initial" });
      expect(loss).not.toBe(test.loss);
    },
  );

  test("by class, where there are classes", async () => {
    const result = await evaluateRun(runs.images!.out, { split: "train" });
    const { classes = [], confusion = [], examples, accuracy = Number.NaN } = result;
    expect(classes[1]).toMatchObject({ label: 1, name: "ring" });
    expect(classes.reduce((sum, one) => sum + one.examples, 0)).toBe(examples);
    const right = confusion.reduce((sum, row, label) => sum + row[label]!, 0);
    expect(right / examples).toBeCloseTo(accuracy, 12);
    classes.forEach((one, label) =>
      expect(one.accuracy).toBe(confusion[label]![label]! / one.examples),
    );
    expect((await evaluateRun(runs.values!.out)).classes).toBeUndefined();
  });
});

test("another engine and device may compute", async () => {
  const { out, summary } = await trained("other", {
    dataset: "blobs",
    hiddenLayers: [9],
    activations: ["tanh"],
  });
  const result = await evaluateRun(out, { engine: "eager", device: "cpu" });
  expect(result).toMatchObject({ engine: "eager", device: "cpu" });
  expect(result.loss).toBeCloseTo(summary.test!.loss, 5);
});

describe("the command", () => {
  let out = "";
  beforeAll(async () => {
    ({ out } = await trained("command", {
      dataset: "blobs",
      hiddenLayers: [9],
      activations: ["tanh"],
    }));
  });

  test("prints a few lines, or JSON", async () => {
    const { loss, accuracy } = await evaluateRun(out);
    const plain = await runBioflax(["evaluate", out]);
    expect(plain).toMatchObject({ status: 0, stderr: "" });
    expect(plain.stdout).toContain(`  accuracy   ${(100 * accuracy!).toFixed(2)} %\n`);
    const { stdout } = await runBioflax(["evaluate", out, "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ loss, accuracy, confusion: expect.any(Array) });
  });

  test("reads the weights of checkpoints, and leaves alone what else they hold", async () => {
    const final = await evaluateRun(out);
    const file = (name: string) => join(out, "checkpoints", `${name}.safetensors`);
    expect(await evaluateRun(out, { weights: "last" })).toEqual({
      ...final,
      weights: file("last"),
    });
    const { summary } = await readRun(out);
    const best = await evaluateRun(out, { weights: "best", split: "validation" });
    expect(best).toMatchObject({ weights: file("best"), ...summary!.best!.val });
    rmSync(join(out, "checkpoints"), { recursive: true });
  });

  test.each<[string[], number, string]>([
    [
      ["--weights", "best"],
      1,
      "but there is no such file. The run has the weights final, initial.",
    ],
    [
      ["--weights", "none.safetensors"],
      1,
      "--weights none.safetensors: expected a readable .safetensors file",
    ],
    [["--device", "tpu"], 2, 'has no device "tpu"'],
    [["--split", "all"], 2, "Allowed choices are test, validation, train"],
    [["--threads", "0"], 2, "Expected a whole number from 1."],
  ])("%j is refused", async (args, status, message) => {
    const ran = await runBioflax(["evaluate", out, ...args]);
    expect(ran.stderr).toContain(message);
    expect(ran).toMatchObject({ status, stdout: "" });
    if (status === 2) expect(ran.stderr).toContain("See bioflax evaluate --help.");
  });

  test("weights so large that nothing is finite any more give an error, not NaN", async () => {
    const { network } = await openRun(out);
    const file = join(folder, "large.safetensors");
    const filled = (value: number) => {
      const weights = network.parameters.map(({ name, shape }) => [
        name,
        new Float32Array(sizeOf(shape)).fill(value),
      ]);
      writeFileSync(file, encodeWeights(network, Object.fromEntries(weights)));
    };
    const narrow = await runBioflax(["predict", out, "-"], { stdin: ["0.5,0.5,0.5\n"] });
    expect(narrow).toMatchObject({ status: 1, stdout: "" });
    expect(narrow.stderr).toContain("standard input: expected one example of shape [2]");
    filled(3e38);
    const evaluated = await runBioflax(["evaluate", out, "--weights", file]);
    expect(evaluated).toMatchObject({ status: 1, stdout: "" });
    expect(evaluated.stderr).toContain(
      `${file}: expected weights that give finite numbers, but the test loss came to NaN. The training that left them diverged`,
    );
    const predicted = await runBioflax(["predict", out, "-", "--weights", file], {
      stdin: ["0.5,0.5\n"],
    });
    expect(predicted).toMatchObject({ status: 1, stdout: "" });
    expect(predicted.stderr).toMatch(/but an output came to (NaN|Infinity)\./);
    filled(Number.NaN);
    const { stderr } = await runBioflax(["evaluate", out, "--weights", file]);
    expect(stderr).toContain(`${file}: expected finite weights, received others.`);
    expect(stderr).toContain("--weights best");
    expect(stderr).not.toContain("Use a file saved under the same --mode");
  });

  test("what is no run, or one without a network, is refused by name", async () => {
    const none = join(folder, "none");
    for (const command of [["evaluate"], ["export", "--format", "onnx"]])
      expect((await runBioflax([...command, none])).stderr).toContain(
        `${none}: expected the folder of a run, but it is not there.`,
      );
    expect((await runBioflax(["evaluate", folder])).stderr).toContain(
      "expected the folder of a run",
    );
    const { out: other } = await trained("broken", {
      dataset: "blobs",
      valSplit: 0,
      hiddenLayers: [9],
      activations: ["tanh"],
    });
    expect((await runBioflax(["evaluate", other, "--split", "validation"])).stderr).toContain(
      "nothing was set aside for validation",
    );
    writeFileSync(join(other, "network.json"), '{"spec": {"inputShape": [2], "layers": 5}}');
    expect(await runBioflax(["evaluate", other])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(
        `${join(other, "network.json")}: expected the description of the run's network`,
      ),
    });
  });
});
