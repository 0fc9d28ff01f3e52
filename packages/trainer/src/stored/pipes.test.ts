import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { BioflaxError } from "@bioflax/core";
import { beforeAll, expect, test } from "@jest/globals";
import { scratchFolder } from "../../test/scratch";
import { report } from "../report/report";
import { resume } from "../run/resume";
import { train } from "../run/train";
import { evaluateRun } from "../trained/evaluate";
import { exportRun } from "../trained/export/export-run";

const scratch = scratchFolder();
const folder = join(scratch, "run");

beforeAll(async () => {
  await train({
    dataset: "blobs",
    hiddenLayers: [4],
    activations: ["tanh"],
    trainSetSize: 4,
    testSetSize: 2,
    epochs: 1,
    tensorboard: false,
    out: folder,
  });
});

/** What reads a run; predict opens it as evaluate and export do. */
const commands = {
  evaluate: () => evaluateRun(folder),
  evaluateLast: () => evaluateRun(folder, { weights: "last" }),
  export: () => exportRun(folder, "safetensors", { out: join(scratch, "exported") }),
  report: () => report([folder], { out: join(scratch, "report.html") }),
  resume: () => resume(folder, { settings: { epochs: 2 } }),
};

const readers: readonly [string, readonly (keyof typeof commands)[]][] = [
  ["config.json", ["evaluate", "export", "report", "resume"]],
  ["network.json", ["evaluate", "export", "resume"]],
  ["metrics.jsonl", ["evaluate", "export", "report", "resume"]],
  ["summary.json", ["evaluate", "export", "report", "resume"]],
  ["initial.safetensors", ["resume"]],
  ["final.safetensors", ["evaluate", "export", "resume"]],
  ["checkpoints/last.safetensors", ["evaluateLast", "resume"]],
  ["checkpoints/best.safetensors", ["resume"]],
  ["report.html", ["resume"]],
  [".lock", ["resume"]],
];

(process.platform === "win32" ? test.skip : test).each(readers)(
  "a pipe in place of %s is refused by who reads it, and never waited for",
  async (name, those) => {
    const path = join(folder, name);
    const away = existsSync(path) ? `${path}.away` : undefined;
    if (away !== undefined) spawnSync("mv", [path, away]);
    spawnSync("mkfifo", [path]);
    for (const command of those) {
      const outcome = await commands[command]().catch((error: unknown) => error);
      expect(outcome).toBeInstanceOf(BioflaxError);
      expect((outcome as Error).message).toMatch(/pipe/);
      expect((outcome as Error).message).toContain(path);
    }
    rmSync(path);
    if (away !== undefined) spawnSync("mv", [away, path]);
  },
);

test("the page of a run whose final weights are a pipe says so", async () => {
  if (process.platform === "win32") return;
  const path = join(folder, "final.safetensors");
  spawnSync("mv", [path, `${path}.away`]);
  spawnSync("mkfifo", [path]);
  const page = await commands.report();
  expect(readFileSync(page, "utf8")).toContain("expected a readable file, but it is a pipe");
  rmSync(path);
  spawnSync("mv", [`${path}.away`, path]);
});
