import { epochOrder } from "@bioflax/datasets";
import type { Config } from "../../config/schema";
import { loadEngine } from "../../engines/load";
import { loadReplicasEngine } from "../../engines/replicas/load";
import { ReplicaGroup } from "../../engines/replicas/replica-group";
import { SharedData } from "../../engines/replicas/shared-data";
import { datasetOf, trainingExamples } from "../../experiment/data";
import { prepare, startEngine, startingWeights } from "../../run/prepare";
import type { Measured } from "./messages";

/** How long steps are measured, in seconds. */
const LEAST_SECONDS = 0.3;

const secondsSince = (start: number) => (performance.now() - start) / 1000;

/** A run as far as steps of it can be taken. */
async function startRun(
  { mlflow: _mlflow, ...settings }: Config,
  options: Parameters<typeof prepare>[1],
) {
  const config = { ...settings, tensorboard: false };
  const prepared = await prepare(config, options);
  const weights = await startingWeights(prepared, undefined);
  const { engine } = await startEngine(prepared, { weights });
  const { dataset } = prepared;
  const { seed, shuffle } = config;
  return {
    engine,
    dataset,
    rows: epochOrder(dataset.train, { seed, epoch: 0, shuffle }),
    examples: trainingExamples(config, dataset, 0),
  };
}

/**
 * Measures how long a run takes, or several as replicas of one another, by some steps and one evaluation, in this
 * process; nothing is written.
 *
 * @param configs of each; more than one are replicas.
 * @param startedAt when the process started, as `performance.now()` counts.
 */
export async function measureRuns(
  configs: readonly Config[],
  startedAt: number,
): Promise<Measured> {
  const [config] = configs as readonly [Config];
  const { engine: name, batchSize, computeAlignments, alignmentBatches, alignEvery } = config;
  const group =
    configs.length > 1
      ? new ReplicaGroup(configs.length, await loadReplicasEngine(name), await loadEngine(name))
      : undefined;
  const data = new SharedData();
  const runs = await Promise.all(
    configs.map((own, replica) =>
      startRun(own, {
        ...(group && { createEngine: group.factoryFor(replica) }),
        loadDataset: (settings, how) => data.load(() => datasetOf(settings, how)),
      }),
    ),
  );
  const { rows } = runs[0] as (typeof runs)[number];
  try {
    const inEpoch =
      alignEvery === undefined ? alignmentBatches : Math.ceil(rows.length / batchSize / alignEvery);
    const measured = computeAlignments ? inEpoch : 0;
    const aligned = Math.min(rows.length, measured * batchSize);
    const train = async (count: number, batches: number) => {
      const start = performance.now();
      if (count > 0)
        await Promise.all(
          runs.map(({ engine, rows: own, examples }) =>
            engine.trainEpoch(own.subarray(0, count), { examples, alignmentBatches: batches }),
          ),
        );
      return secondsSince(start);
    };
    const evaluate = async () => {
      const start = performance.now();
      await Promise.all(
        runs.map(async ({ engine, dataset }) => {
          if (dataset.validation !== undefined) await engine.evaluate(dataset.validation);
          await engine.evaluate(dataset.test);
        }),
      );
      return secondsSince(start);
    };
    // Once to compile: a run does so once, too.
    await train(aligned, measured);
    await train(Math.min(batchSize, rows.length), 0);
    await evaluate();
    const startSeconds = secondsSince(startedAt);
    const alignedSeconds = await train(aligned, measured);
    const [plainSeconds, plainExamples] = await timeSteps(rows.length, batchSize, (count) =>
      train(count, 0),
    );
    const evaluateSeconds = await evaluate();
    const rest = rows.length - aligned;
    return {
      startSeconds,
      epochSeconds: alignedSeconds + (rest * plainSeconds) / plainExamples + evaluateSeconds,
      // In kilobytes, by Node, on every system.
      peakBytes: process.resourceUsage().maxRSS * 1024,
    };
  } finally {
    for (const { engine } of runs) await engine.dispose();
  }
}

/** Times more and more steps, until they take long enough or are an epoch. */
async function timeSteps(
  all: number,
  batchSize: number,
  train: (count: number) => Promise<number>,
): Promise<[seconds: number, examples: number]> {
  for (let wanted = batchSize * 8; ; wanted *= 4) {
    const count = Math.min(wanted, all);
    const seconds = await train(count);
    if (seconds >= LEAST_SECONDS || count === all) return [seconds, count];
  }
}
