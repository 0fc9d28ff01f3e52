import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { everyCase } from "@bioflax/core/testing";
import { expect, test } from "@jest/globals";
import type { ConfigInput } from "../src/config/schema";
import { train } from "../src/run/train";
import { trainReplicas } from "../src/run/train-replicas";
import { metricsOf } from "./interrupting";
import { scratchFolder } from "./scratch";

const scratch = scratchFolder();

/** The command, in a process of its own. */
function bioflax(args: readonly string[]): ChildProcess & { said: () => string } {
  const child = spawn(
    process.execPath,
    [
      "--conditions=@bioflax/source",
      `--require=${join(__dirname, "../../datasets/test/typescript.cjs")}`,
      "--input-type=commonjs",
      `--eval=require(${JSON.stringify(join(__dirname, "cli-process.ts"))})`,
      JSON.stringify(args),
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (text) => {
      said += text;
    });
  return Object.assign(child, { said: () => said });
}

const settings: ConfigInput = {
  dataset: "sinreg",
  trainSetSize: 300,
  testSetSize: 10,
  hiddenLayers: [16],
  activations: ["tanh"],
  // Enough for a second and more of a run to be left when another one ends, however few steps a machine takes at once.
  epochs: 100,
  checkpointSeconds: 0.05,
};

const summaryOf = (run: string) => join(run, "summary.json");

/** Waits until something is so, or the process has ended. */
async function until(child: ChildProcess, isSo: () => boolean): Promise<void> {
  while (!isSo() && child.exitCode === null) await setTimeout(10);
}

/** The process that writes a folder; undefined where none does any more. */
function writerOf(folder: string): number | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, ".lock"), "utf8")).pid;
  } catch {
    return undefined;
  }
}

/** Kills whoever writes a run, as a machine that loses its power would. */
function killWriter(run: string): void {
  try {
    process.kill(writerOf(run) as number, "SIGKILL");
  } catch {
    // Nobody does any more.
  }
}

test.each(["auto", "never"] as const)(
  "a sweep that is killed, then stopped, and started again loses nothing, and trains nothing twice: replicas %s",
  async (replicas) => {
    const file = join(scratch, `${replicas}.yaml`);
    const sweep = {
      base: settings,
      product: { mode: ["dfa", "brsf"], lr: [0.05, 1e30] },
      seeds: "0..1",
      replicas,
    };
    writeFileSync(file, JSON.stringify(sweep));
    const out = join(scratch, replicas);
    const args = ["sweep", file, "--out", out, "--jobs", "2", "--json"];
    const runs = () =>
      existsSync(join(out, "runs"))
        ? readdirSync(join(out, "runs")).map((name) => join(out, "runs", name))
        : [];
    const ended = () => runs().filter((run) => existsSync(summaryOf(run)));
    const begun = () =>
      runs().filter((run) => existsSync(join(run, "checkpoints", "last.safetensors")));

    // Killed while runs are under way, with every process of it.
    const killed = bioflax(args);
    await until(killed, () => begun().length > 0);
    killed.kill("SIGKILL");
    for (const run of runs()) killWriter(run);
    await once(killed, "close");
    expect(killed.signalCode).toBe("SIGKILL");
    expect(ended().length).toBeLessThan(8);

    // Stopped by a signal: what is under way is saved.
    const stopped = bioflax(args);
    // Those that the killed one left may still end a run, so that it is waited for until this one is at it.
    await until(stopped, () => writerOf(out) === stopped.pid);
    const before = ended().length;
    await until(stopped, () => ended().length > before);
    stopped.kill("SIGTERM");
    await once(stopped, "close");
    expect([stopped.exitCode, stopped.said()]).toEqual([
      130,
      expect.stringContaining("left: the same command goes on with them"),
    ]);
    const done = ended().filter(
      (run) => JSON.parse(readFileSync(summaryOf(run), "utf8")).status !== "interrupted",
    );
    expect(done.length).toBeGreaterThan(0);
    const times = done.map((run) => statSync(summaryOf(run)).mtimeMs);

    // Killed alone: its processes save what they have, and end by themselves, which is waited for.
    const left = bioflax(args);
    await until(left, () => runs().some((run) => existsSync(join(run, ".lock"))));
    left.kill("SIGKILL");
    await once(left, "close");

    const last = bioflax(args);
    await once(last, "close");
    expect([last.exitCode, last.said()]).toEqual([0, expect.anything()]);
    expect(JSON.parse(last.said().trimEnd().split("\n").at(-1)!)).toMatchObject({
      done: 4,
      diverged: 4,
      failed: 0,
      left: 0,
    });
    expect(done.map((run) => statSync(summaryOf(run)).mtimeMs)).toEqual(times);
    expect(readdirSync(out).sort()).toEqual(["report.html", "runs", "sweep.json"]);

    expect(runs()).toHaveLength(8);
    for (const run of runs().filter((name) => name.includes("lr=0.05"))) {
      const { mode, seed } = JSON.parse(readFileSync(join(run, "config.json"), "utf8"));
      // Each is trained anew, which takes as long as the sweep.
      if (seed > 0 && !everyCase) continue;
      const alone = join(scratch, `${replicas}-${mode}-${seed}`);
      const input = { ...settings, mode, seed, lr: 0.05, threads: 1, out: alone };
      if (replicas === "never") await train(input);
      else await trainReplicas([input]);
      expect(JSON.parse(readFileSync(summaryOf(run), "utf8")).replicas !== undefined).toBe(
        replicas === "auto",
      );
      expect(metricsOf(run)).toBe(metricsOf(alone));
      const final = (folder: string) => readFileSync(join(folder, "final.safetensors"));
      expect(final(run).equals(final(alone))).toBe(true);
      expect(readdirSync(run).sort()).toEqual(readdirSync(alone).sort());
    }
  },
  300_000,
);

test("two sweeps do not execute the same runs at once", async () => {
  const out = join(scratch, "twice");
  const args = [
    "sweep",
    "--set",
    "lr=0.01,0.02",
    "--dataset",
    "blobs",
    "--epochs",
    "4000",
    "--out",
    out,
  ];
  const first = bioflax(args);
  await until(
    first,
    () => existsSync(join(out, "runs")) && readdirSync(join(out, "runs")).length > 0,
  );
  const second = bioflax(args);
  await once(second, "close");
  expect([second.exitCode, second.said()]).toEqual([
    1,
    expect.stringMatching(
      /expected a sweep that nobody executes, but process \d+ on .* does\. Wait for it or stop it/,
    ),
  ]);
  first.kill("SIGINT");
  await once(first, "close");
  expect(first.exitCode).toBe(130);
});
