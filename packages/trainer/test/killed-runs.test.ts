import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import type { ConfigInput } from "../src/config/schema";
import { train } from "../src/run/train";
import { metricsOf } from "./interrupting";
import { scratchFolder } from "./scratch";
import { hasXla } from "./xla-plugin";

const scratch = scratchFolder();

/** Trains, or goes on, in a process of its own, and kills that so many milliseconds after it has started to train. */
async function killed(folder: string, settings: ConfigInput, after: number): Promise<boolean> {
  const begun = existsSync(join(folder, "config.json"));
  const child = spawn(
    process.execPath,
    [
      "--conditions=@bioflax/source",
      `--require=${join(__dirname, "../../datasets/test/typescript.cjs")}`,
      "--input-type=commonjs",
      `--eval=require(${JSON.stringify(join(__dirname, "train-process.ts"))})`,
      JSON.stringify(begun ? [folder] : [folder, settings]),
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

/** The full campaign is `pnpm --filter experiments run kill-campaign`. */
test.each<[string, ConfigInput]>([
  ["compiled", { engine: "compiled", mode: "wm", optimizer: "adam" }],
  ["eager", { engine: "eager", device: "cpu", mode: "brsf", momentum: 0.9 }],
  ...xlaRuns,
])(
  "%s: killed with kill -9 at random moments and resumed, a run comes to the same bytes",
  async (name, config) => {
    const settings: ConfigInput = {
      dataset: "blobs",
      trainSetSize: 400,
      testSetSize: 20,
      hiddenLayers: [24],
      activations: ["tanh"],
      threads: 1,
      epochs: 8,
      checkpointSeconds: 0.05,
      ...config,
    };
    const { folder: undisturbed } = await train({
      ...settings,
      out: join(scratch, `${name}-whole`),
    });
    let kills = 0;
    for (let run = 0; kills < 3; run++) {
      const folder = join(scratch, `${name}-${run}`);
      while (kills < 3 && (await killed(folder, settings, Math.random() * 400))) kills++;
      while (await killed(folder, settings, 60_000));
      expect(metricsOf(folder)).toBe(metricsOf(undisturbed));
      const final = (of: string) => readFileSync(join(of, "final.safetensors"));
      expect(final(folder).equals(final(undisturbed))).toBe(true);
      expect(readdirSync(folder).sort()).toEqual(readdirSync(undisturbed).sort());
    }
  },
  300_000,
);
