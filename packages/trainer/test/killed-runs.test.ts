import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { everyCase } from "@bioflax/core/testing";
import type { EpochRecord } from "@bioflax/runs";
import { expect, test } from "@jest/globals";
import type { ConfigInput } from "../src/config/schema";
import { train } from "../src/run/train";
import { trainReplicas } from "../src/run/train-replicas";
import { metricsOf } from "./interrupting";
import { scratchFolder } from "./scratch";
import { hasXla } from "./xla-plugin";

const scratch = scratchFolder();

/**
 * Trains, or goes on, in a process of its own, and kills that so many milliseconds after it has started to train.
 *
 * @param seeds of replicas; a run by itself when left out.
 */
async function killed(
  folder: string,
  settings: ConfigInput,
  after: number,
  seeds?: readonly number[],
): Promise<boolean> {
  const isBegun = seeds === undefined && existsSync(join(folder, "config.json"));
  const child = spawn(
    process.execPath,
    [
      "--conditions=@bioflax/source",
      `--require=${join(__dirname, "../../datasets/test/typescript.cjs")}`,
      "--input-type=commonjs",
      `--eval=require(${JSON.stringify(join(__dirname, "train-process.ts"))})`,
      JSON.stringify(isBegun ? [folder] : [folder, settings, seeds]),
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const closed = once(child, "close");
  await Promise.race([once(child.stdout, "data"), closed]);
  await Promise.race([setTimeout(after, undefined, { ref: false }), closed]);
  child.kill("SIGKILL");
  const [status, signal] = await closed;
  if (status !== 0 && signal !== "SIGKILL")
    throw new Error(`the process ended with status ${status}`);
  return signal === "SIGKILL";
}

/** Where its plugin is installed. */
const xlaRuns: [string, ConfigInput][] = hasXla
  ? [["xla", { engine: "xla", device: "cpu", mode: "brsf", optimizer: "adam" }]]
  : [];

const small: ConfigInput = {
  dataset: "blobs",
  trainSetSize: 400,
  testSetSize: 20,
  hiddenLayers: [24],
  activations: ["tanh"],
  threads: 1,
  epochs: 8,
  checkpointSeconds: 0.05,
};

/** Two runs have come to the same, to the byte. */
function expectSame(run: string, other: string): void {
  expect(metricsOf(run)).toBe(metricsOf(other));
  const final = (of: string) => readFileSync(join(of, "final.safetensors"));
  expect(final(run).equals(final(other))).toBe(true);
  expect(readdirSync(run).sort()).toEqual(readdirSync(other).sort());
}

/** How often one is killed; each time costs a process. */
const KILLS = everyCase ? 3 : 2;

/** The eager engine's steps take many times as long. */
const eager: ConfigInput = { engine: "eager", device: "cpu", trainSetSize: everyCase ? 400 : 60 };

/** The full campaign is `pnpm --filter experiments run kill-campaign`. */
test.each<[string, ConfigInput]>([
  ["compiled", { engine: "compiled", mode: "wm", optimizer: "adam" }],
  ["eager", { ...eager, mode: "brsf", momentum: 0.9 }],
  ["compiled, with errors of the epoch before", { engine: "compiled", mode: "f3" }],
  ["eager, with errors of the epoch before", { ...eager, mode: "f3" }],
  ...xlaRuns,
])(
  "%s: killed with kill -9 at random moments and resumed, a run comes to the same bytes",
  async (name, config) => {
    const settings: ConfigInput = { ...small, ...config };
    const { folder: undisturbed } = await train({
      ...settings,
      out: join(scratch, `${name}-whole`),
    });
    let kills = 0;
    for (let run = 0; kills < KILLS; run++) {
      const folder = join(scratch, `${name}-${run}`);
      while (kills < KILLS && (await killed(folder, settings, Math.random() * 400))) kills++;
      while (await killed(folder, settings, 60_000));
      expectSame(folder, undisturbed);
    }
  },
  300_000,
);

/** The losses of a run's epochs. */
const lossesOf = (run: string) =>
  metricsOf(run)
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as EpochRecord).test.loss);

/** Two runs have come to the same but for rounding: in XLA last bits depend on how many networks train as one. */
function expectAlike(run: string, other: string): void {
  const expected = lossesOf(other);
  const received = lossesOf(run);
  expect(received).toHaveLength(expected.length);
  received.forEach((loss, i) => {
    expect(Math.abs(loss - expected[i]!)).toBeLessThan(1e-4 * expected[i]!);
  });
  expect(readdirSync(run).sort()).toEqual(readdirSync(other).sort());
}

const xlaReplicas: [string, ConfigInput, typeof expectSame][] = hasXla
  ? [["xla", { engine: "xla", device: "cpu", mode: "fa" }, expectAlike]]
  : [];

test.each<[string, ConfigInput, typeof expectSame]>([
  ["compiled", { engine: "compiled", mode: "brsf", momentum: 0.9 }, expectSame],
  ...xlaReplicas,
])(
  "%s: replicas that are killed with kill -9 and resumed come to the same",
  async (name, config, compare) => {
    const settings: ConfigInput = { ...small, epochs: 5, ...config };
    const seeds = [0, 1, 2];
    const undisturbed = join(scratch, `${name}-whole-replicas`);
    const inputs = seeds.map((seed) => ({
      ...settings,
      seed,
      out: join(undisturbed, `seed-${seed}`),
    }));
    await trainReplicas(inputs);
    let kills = 0;
    for (let run = 0; kills < 2; run++) {
      const folder = join(scratch, `${name}-replicas-${run}`);
      while (kills < 2 && (await killed(folder, settings, Math.random() * 400, seeds))) kills++;
      while (await killed(folder, settings, 60_000, seeds));
      for (const seed of seeds)
        compare(join(folder, `seed-${seed}`), join(undisturbed, `seed-${seed}`));
    }
  },
  300_000,
);
