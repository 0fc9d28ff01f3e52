import { epochOrder } from "@bioflax/datasets";
import type { Config } from "../../config/schema";
import { trainingExamples } from "../../experiment/data";
import { prepare, startingWeights, withEngine } from "../../run/prepare";
import type { Measured } from "./messages";

/** How long steps are measured, in seconds. */
const LEAST_SECONDS = 0.3;

const secondsSince = (start: number) => (performance.now() - start) / 1000;

/**
 * Measures how long a run takes, by some of its steps and one evaluation, in this process; nothing is written.
 *
 * @param startedAt when the process started, as `performance.now()` counts.
 */
export async function measureRun(config: Config, startedAt: number): Promise<Measured> {
  const { mlflow: _mlflow, ...settings } = config;
  const quiet = { ...settings, tensorboard: false };
  const prepared = await prepare(quiet, {});
  const weights = await startingWeights(prepared, undefined);
  return withEngine(prepared, { weights }, async ({ engine }) => {
    const { dataset } = prepared;
    const { seed, shuffle, batchSize, computeAlignments, alignmentBatches } = config;
    const rows = epochOrder(dataset.train, { seed, epoch: 0, shuffle });
    const examples = trainingExamples(config, dataset, 0);
    const measured = computeAlignments ? alignmentBatches : 0;
    const aligned = rows.subarray(0, Math.min(rows.length, measured * batchSize));
    const train = async (some: Int32Array, batches: number) => {
      const start = performance.now();
      if (some.length > 0) await engine.trainEpoch(some, { examples, alignmentBatches: batches });
      return secondsSince(start);
    };
    const evaluate = async () => {
      const start = performance.now();
      if (dataset.validation !== undefined) await engine.evaluate(dataset.validation);
      await engine.evaluate(dataset.test);
      return secondsSince(start);
    };
    // Once to compile: a run does so once, too.
    await train(aligned, measured);
    await train(rows.subarray(0, batchSize), 0);
    await evaluate();
    const startSeconds = secondsSince(startedAt);
    const alignedSeconds = await train(aligned, measured);
    const [plainSeconds, plainExamples] = await timeSteps(rows, batchSize, (some) =>
      train(some, 0),
    );
    const evaluateSeconds = await evaluate();
    const rest = rows.length - aligned.length;
    return {
      startSeconds,
      epochSeconds: alignedSeconds + (rest * plainSeconds) / plainExamples + evaluateSeconds,
      // In kilobytes, by Node, on every system.
      peakBytes: process.resourceUsage().maxRSS * 1024,
    };
  });
}

/** Times more and more steps, until they take long enough or are an epoch. */
async function timeSteps(
  rows: Int32Array,
  batchSize: number,
  train: (some: Int32Array) => Promise<number>,
): Promise<[seconds: number, examples: number]> {
  for (let count = batchSize * 8; ; count *= 4) {
    const some = rows.subarray(0, Math.min(count, rows.length));
    const seconds = await train(some);
    if (seconds >= LEAST_SECONDS || some.length === rows.length) return [seconds, some.length];
  }
}
