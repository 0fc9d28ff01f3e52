import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Engine, EngineFactory } from "@bioflax/trainer";

/**
 * Engines that stop a run after so many steps, as Ctrl-C would that came then.
 *
 * @param stop what the run is stopped by.
 */
export function interruptedAfter(
  steps: number,
  createEngine: EngineFactory,
  stop: AbortController,
): EngineFactory {
  return async (setup) => {
    const engine = await createEngine(setup);
    let left = steps;
    const interrupted: Engine = {
      name: engine.name,
      device: engine.device,
      threads: engine.threads,
      versions: engine.versions,
      async trainEpoch(rows, options) {
        const result = await engine.trainEpoch(rows.subarray(0, left * setup.batchSize), options);
        left -= result.losses.length;
        if (left === 0) stop.abort();
        return result;
      },
      evaluate: (split) => engine.evaluate(split),
      predict: (split, rows) => engine.predict(split, rows),
      weights: () => engine.weights(),
      snapshot: () => engine.snapshot(),
      dispose: () => engine.dispose(),
    };
    return interrupted;
  };
}

/** The lines of a run's `metrics.jsonl` without their timings: what must be the same in every run. */
export function metricsOf(folder: string): string {
  const lines = readFileSync(join(folder, "metrics.jsonl"), "utf8").split("\n");
  if (lines.pop() !== "") throw new Error(`${folder}: metrics.jsonl does not end in a whole line.`);
  return lines
    .map((line) => {
      const { timing, ...record } = JSON.parse(line);
      if (typeof timing !== "object") throw new Error(`${folder}: a line without timing.`);
      return `${JSON.stringify(record)}\n`;
    })
    .join("");
}
