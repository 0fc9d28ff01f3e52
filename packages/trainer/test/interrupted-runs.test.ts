import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { everyCase } from "@bioflax/core/testing";
import type { Summary } from "@bioflax/runs";
import { describe, expect, test } from "@jest/globals";
import type { ConfigInput } from "../src/config/schema";
import type { EngineName } from "../src/devices/names";
import { loadEngine } from "../src/engines/load";
import { resume } from "../src/run/resume";
import { train } from "../src/run/train";
import { interruptedAfter, metricsOf } from "./interrupting";
import { scratchFolder } from "./scratch";
import { hasXla } from "./xla-plugin";

const scratch = scratchFolder();
let runs = 0;

/** Two epochs of a few steps each, the last of them smaller: with noise, memory, schedules and images that move. */
const small: Readonly<Record<string, ConfigInput>> = {
  "brsf, momentum": {
    dataset: "blobs",
    mode: "brsf",
    momentum: 0.9,
    hiddenLayers: [6],
    activations: ["tanh"],
    trainSetSize: 5,
    alignmentBatches: 2,
  },
  "wm, adam, warm-up and cosine": {
    dataset: "teacher",
    mode: "wm",
    optimizer: "adam",
    schedule: "cosine",
    warmupEpochs: 0.5,
    hiddenLayers: [6, 5],
    trainSetSize: 4,
    weightDecay: 0.001,
  },
  "dfa and bp, rmsprop, images that move": {
    dataset: "color-shapes",
    augment: true,
    layerModes: ["dfa", "bp"],
    optimizer: "rmsprop",
    momentum: 0.5,
    hiddenLayers: [4],
    activations: ["relu"],
    batchSize: 8,
    trainSetSize: 4,
    alignmentBatches: 10,
  },
  "fa, dropout, adam": {
    dataset: "blobs",
    mode: "fa",
    dropout: 0.4,
    optimizer: "adam",
    hiddenLayers: [6],
    activations: ["relu"],
    trainSetSize: 4,
    alignEvery: 3,
  },
  "fdfa, momentum": {
    dataset: "blobs",
    mode: "fdfa",
    momentum: 0.9,
    hiddenLayers: [6, 5],
    activations: ["tanh", "relu"],
    trainSetSize: 4,
    alignmentBatches: 2,
  },
  "dkp, no validation, adamw": {
    dataset: "spirals",
    mode: "dkp",
    optimizer: "adamw",
    hiddenLayers: [5],
    activations: ["elu"],
    trainSetSize: 3,
    valSplit: 0,
    computeAlignments: false,
  },
};

const stepsOf = ({ trainSetSize = 50, valSplit = 0.1 }: ConfigInput) =>
  2 * Math.ceil(trainSetSize * (1 - valSplit));

/** The summary without what a clock says. */
const factsOf = ({ timing: _timing, throughput: _throughput, ...facts }: Summary) => facts;

const devices: readonly (readonly [EngineName, string])[] = [
  ["compiled", "cpu"],
  ["eager", "cpu"],
  ["eager", "wasm"],
  // Where its native part is installed.
  ...(process.env.BIOFLAX_TENSORFLOW ? [["eager", "tensorflow"] as const] : []),
  ...(hasXla ? [["xla", "cpu"] as const] : []),
];

/**
 * After which steps a run is interrupted: after one of each epoch, other ones for each run, by its number; with
 * `BIOFLAX_EVERY_CASE=1` after every one. XLA compiles every run for itself, so there once.
 */
function interruptions(engine: EngineName, run: number, steps: number): number[] {
  if (everyCase) return Array.from({ length: steps - 1 }, (_, i) => i + 1);
  const epoch = steps / 2;
  return engine === "xla"
    ? [Math.floor(epoch)]
    : [1 + (run % epoch), epoch + 1 + (run % (epoch - 1))];
}

describe.each(devices)("%s on %s", (engine, device) => {
  test.each(Object.entries(small).map(([name, config], run) => [name, config, run] as const))(
    "interrupted after any step and resumed, the run is what it would have been: %s",
    async (_name, config, run) => {
      const settings = { ...config, engine, device, threads: 1, epochs: 2, testSetSize: 1 };
      const fresh = () => join(scratch, String(runs++));
      const undisturbed = await train({ ...settings, out: fresh() });
      const createEngine = await loadEngine(engine);
      const steps = stepsOf(config);
      for (const step of interruptions(engine, run, steps)) {
        const out = fresh();
        const stop = new AbortController();
        const { summary } = await train(
          { ...settings, out },
          { createEngine: interruptedAfter(step, createEngine, stop), signal: stop.signal },
        );
        expect(summary.status).toBe("interrupted");
        const resumed = await resume(out);
        expect(metricsOf(out)).toBe(metricsOf(undisturbed.folder));
        expect(factsOf(resumed.summary)).toEqual(factsOf(undisturbed.summary));
        expect(readdirSync(out)).toEqual(readdirSync(undisturbed.folder));
        const final = (folder: string) => readFileSync(join(folder, "final.safetensors"));
        expect(final(out).equals(final(undisturbed.folder))).toBe(true);
        expect(existsSync(join(out, "checkpoints", "best.safetensors"))).toBe(true);
      }
    },
    300_000,
  );
});
