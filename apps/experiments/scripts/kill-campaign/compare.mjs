import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The lines of a run's metrics, timings apart, as they stand in the file. */
function metricsOf(folder) {
  const text = readFileSync(join(folder, "metrics.jsonl"), "utf8");
  return text.replaceAll(/,"timing":\{[^{}]*\}\}$/gm, "}");
}

/** Whether all of some runs have come to the same as another. */
export function compareAll(undisturbed, folders) {
  const results = folders.map((folder) => compare(undisturbed, folder));
  const all = (what) => results.every((result) => result[what]);
  const [sameMetrics, sameWeights, sameFiles] = ["sameMetrics", "sameWeights", "sameFiles"].map(
    all,
  );
  return {
    sameMetrics,
    sameWeights,
    sameFiles,
    identical: sameMetrics && sameWeights && sameFiles,
  };
}

/**
 * Whether a run has come to the same as another.
 *
 * @returns whether its metrics are the same bytes, timings apart, its last weights the same bits, and its files those
 *   of the other.
 */
function compare(undisturbed, killed) {
  const sameMetrics = metricsOf(undisturbed) === metricsOf(killed);
  const weights = (folder) => readFileSync(join(folder, "final.safetensors"));
  const sameWeights = weights(undisturbed).equals(weights(killed));
  // A run that goes on has further event files, named after the time.
  const files = (folder) =>
    readdirSync(folder, { recursive: true })
      .filter((path) => !path.startsWith("tensorboard"))
      .sort()
      .join();
  const sameFiles = files(undisturbed) === files(killed);
  return { sameMetrics, sameWeights, sameFiles };
}
