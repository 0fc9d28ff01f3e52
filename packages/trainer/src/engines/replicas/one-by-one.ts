import type { Engine, EngineFactory, EngineSetup, EpochResult } from "../engine";
import type { ReplicasEngineFactory } from "./replicas-engine";

/** Does something with one after another. */
async function each<Value, Result>(
  values: readonly Value[],
  work: (value: Value, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const [index, value] of values.entries()) results.push(await work(value, index));
  return results;
}

/**
 * Replicas that share nothing but their data: an engine for each, and each takes its turn. A stretch that one of them
 * ends early, the others end where it has.
 */
export function oneByOne(createEngine: EngineFactory): ReplicasEngineFactory {
  return async (setups) => {
    const engines = await each(setups, createEngine);
    const [{ name, device, why, threads, versions }] = engines as [Engine, ...Engine[]];
    const engineOf = (replica: number) => engines[replica] as Engine;
    const { batchSize } = setups[0] as EngineSetup;
    return {
      ...{ name, device, why, threads, versions },
      async trainEpoch(rows, { examples, alignmentBatches, alignEvery, onProgress, signal }) {
        const results = engines.map(
          (): EpochResult => ({ losses: new Float64Array(), alignment: [] }),
        );
        const count = rows[0]?.length ?? 0;
        for (let from = 0; from < count && !signal.aborted; from += batchSize) {
          const batch = await each(engines, (engine, replica) =>
            engine.trainEpoch((rows[replica] as Int32Array).subarray(from, from + batchSize), {
              ...(examples[replica] && { examples: examples[replica] }),
              alignmentBatches: Math.min(1, Math.max(0, alignmentBatches - from / batchSize)),
              alignEvery,
            }),
          );
          batch.forEach(({ losses, alignment }, replica) => {
            const before = results[replica] as EpochResult;
            results[replica] = {
              losses: Float64Array.of(...before.losses, ...losses),
              alignment: [...before.alignment, ...alignment],
            };
          });
          onProgress(
            Math.min(from + batchSize, count),
            batch.map(({ losses }) => losses),
          );
        }
        return results;
      },
      evaluate: (splits) => each(splits, (split, replica) => engineOf(replica).evaluate(split)),
      predict: (replica, split, rows) => engineOf(replica).predict(split, rows),
      weights: (replica) => engineOf(replica).weights(),
      snapshot: (replica) => engineOf(replica).snapshot(),
      async dispose() {
        await each(engines, (engine) => engine.dispose());
      },
    };
  };
}
