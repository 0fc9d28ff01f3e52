import type { Engine, EngineSetup } from "../engine";

/** How long steps are timed for, in milliseconds. */
const MILLISECONDS = 200;
/** A call that takes less may be longer: what a call costs beside its steps is then too much of it. */
const SHORT = 50;
/** How many calls are timed at least: one by itself may be a slow one. */
const FEWEST_CALLS = 3;
/** The most steps of a call. */
const MOST_STEPS = 4096;

/** Makes what is measured, of which no more is asked for than to train. */
export type MeasuredFactory = (
  setup: EngineSetup,
) => Promise<Pick<Engine, "trainEpoch" | "dispose">>;

/** So many steps of training examples, in the order they lie in, again and again. */
function rowsOf({ dataset, batchSize }: EngineSetup, steps: number): Int32Array {
  const { indices } = dataset.train;
  return Int32Array.from(
    { length: steps * batchSize },
    (_, i) => indices[i % indices.length] as number,
  );
}

/**
 * Milliseconds of the processor for this process, which others that compute meanwhile leave alone; on more threads than
 * one, where they wait for each other, and on other devices, of the wall.
 */
function clockOf({ device, threads }: Pick<EngineSetup, "device" | "threads">): () => number {
  if (device !== "cpu" || threads !== 1) return () => performance.now();
  return () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  };
}

/**
 * How many milliseconds a step takes in long calls, by a few of them: the best, for others may compute meanwhile.
 *
 * A copy of the network is trained; the weights in the setup stay as they are.
 */
export async function measureStep(
  createEngine: MeasuredFactory,
  setup: EngineSetup,
): Promise<number> {
  const engine = await createEngine({ ...setup, slots: undefined, stepsTaken: 0 });
  const perEpoch = Math.ceil(setup.dataset.train.indices.length / setup.batchSize);
  const most = Math.max(1, Math.min(perEpoch, MOST_STEPS));
  const now = clockOf(setup);
  const millisecondsOf = async (steps: number) => {
    const rows = rowsOf(setup, steps);
    const start = now();
    await engine.trainEpoch(rows, { alignmentBatches: 0 });
    return now() - start;
  };
  try {
    // The first call of a kind compiles.
    await millisecondsOf(1);
    let best = await millisecondsOf(1);
    let steps = Math.max(1, Math.min(8, most, Math.floor(SHORT / best)));
    if (steps > 1) await millisecondsOf(steps);
    const until = now() + MILLISECONDS;
    for (let call = 0; call < FEWEST_CALLS || now() < until; call++) {
      const took = await millisecondsOf(steps);
      best = Math.min(best, took / steps);
      if (took < SHORT) steps = Math.min(4 * steps, most);
    }
    return best;
  } finally {
    await engine.dispose();
  }
}
