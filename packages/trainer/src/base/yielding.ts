import { setImmediate } from "node:timers/promises";

/** Milliseconds of work between two moments at which signals are heard. */
const YIELD_MS = 50;

/**
 * Does long work that yields now and then, letting in other work, signals too, some times a second.
 *
 * @returns what the generator returns.
 * @throws the signal's reason when that comes meanwhile.
 */
export async function runYielding<R>(
  work: Iterator<unknown, R>,
  signal: AbortSignal | undefined,
): Promise<R> {
  let last = performance.now();
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    if (performance.now() - last < YIELD_MS) continue;
    await setImmediate();
    signal?.throwIfAborted();
    last = performance.now();
  }
}
