import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { EpochRecord, Summary } from "@bioflax/runs";
import { expect, test } from "@jest/globals";
import { metricsOf } from "./interrupting";
import { runBioflax } from "./run-bioflax";
import { scratchFolder } from "./scratch";
import { hasXla } from "./xla-plugin";

const scratch = scratchFolder();
const small = [
  ...["train", "--dataset", "sinreg", "--hidden-layers", "4", "--activations", "relu"],
  ...[
    "--train-set-size",
    "4",
    "--test-set-size",
    "2",
    "--val-split",
    "0",
    "--epochs",
    "2",
    "--no-tensorboard",
  ],
];
const statusOf = (folder: string) =>
  JSON.parse(readFileSync(join(folder, "summary.json"), "utf8")).status as string;

test("--seeds trains a run of each, shows them as one, and goes on after Ctrl-C", async () => {
  const [out, whole] = [join(scratch, "stopped"), join(scratch, "whole")];
  const stopped = await runBioflax([...small, "--seeds", "0..1,5", "--resume-or-start", out], {
    onStart: (interrupt) => setTimeout(() => interrupt("SIGTERM"), 300),
  });
  expect([0, 130]).toContain(stopped.status);
  const again = await runBioflax([...small, "--seeds", "0..1,5", "--resume-or-start", out]);
  expect(again.status).toBe(0);
  const { status, stdout, stderr } = await runBioflax([
    ...small,
    ...["--seeds", "0..1,5", "--out", whole, "--json"],
  ]);
  expect(status).toBe(0);
  expect(stderr).toContain("replicas  seeds 0, 1, 5");
  expect(stderr).toMatch(/epoch 2\/2 · train loss [\d.]+ ± [\d.]+ · test loss [\d.]+ ± [\d.]+/);
  expect(stderr).toContain("seed 5: done in");
  const folders = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line).folder as string);
  expect(folders).toEqual([0, 1, 5].map((seed) => join(whole, `seed-${seed}`)));
  for (const seed of [0, 1, 5]) {
    expect(statusOf(join(out, `seed-${seed}`))).toBe("done");
    expect(metricsOf(join(out, `seed-${seed}`))).toBe(metricsOf(join(whole, `seed-${seed}`)));
  }
});

(hasXla ? test.each(["xla", "auto"]) : test.skip.each(["xla"]))(
  "--seeds trains on --engine %s, each run to the numbers it has alone",
  async (engine) => {
    const out = join(scratch, engine);
    const args = [...small, "--engine", engine];
    const { status } = await runBioflax([...args, "--seeds", "3,4", "--out", out]);
    expect(status).toBe(0);
    const own = join(out, "seed-4");
    const summary = JSON.parse(readFileSync(join(own, "summary.json"), "utf8")) as Summary;
    expect(summary).toMatchObject({ status: "done", replicas: 2 });
    if (engine === "xla") expect(summary.engine).toBe("xla");
    const alone = join(scratch, `${engine}-alone`);
    await runBioflax([...small, "--engine", summary.engine, "--seed", "4", "--out", alone]);
    const losses = (folder: string) =>
      metricsOf(folder)
        .trim()
        .split("\n")
        .map((line) => (JSON.parse(line) as EpochRecord).train.loss);
    const expected = losses(alone);
    losses(own).forEach((loss, i) => {
      expect(Math.abs(loss - expected[i]!)).toBeLessThanOrEqual(1e-5 * expected[i]!);
    });
  },
);

test.each([
  [["--seeds", "2..1"], "--seeds: expected seeds, such as 0..4 or 0,1,2"],
  [["--seeds", "0..2", "--seed", "1"], "--seeds and --seed: expected one of them"],
  [["--seeds", "0..2", "--resume", "runs/x"], "use --resume-or-start"],
])("%j is bad usage", async (args, message) => {
  const { status, stderr } = await runBioflax([...small, ...args]);
  expect(status).toBe(2);
  expect(stderr).toContain(message);
});
