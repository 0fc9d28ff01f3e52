/** Decides how many steps each call into ONNX Runtime takes. */
export interface CallSizes {
  /**
   * How many steps of a call each iteration of its loop takes; undefined where all are written out one after another.
   */
  perIteration(steps: number, observe: boolean): number | undefined;
  /**
   * How many steps the next call takes.
   *
   * @param most how many there are to take, at least 1.
   * @param observe whether they also measure alignment.
   * @param nodes counts the nodes one step comes to, which takes building it.
   */
  next(most: number, observe: boolean, nodes: () => number): number;
  /** Is told how long a call of full batches took, and whether it also measured alignment. */
  took(steps: number, milliseconds: number, observe: boolean): void;
}

/** How long one call should take: long enough to cost nothing, short enough to stop. */
const CALL_MILLISECONDS = 250;
/** Steps that one iteration of a loop takes, where a call has as many. */
const PER_ITERATION = 8;

/** A call of whole iterations may take this much longer; beyond it, steps are taken one by one. */
const PATIENCE_MILLISECONDS = 1000;

/**
 * Calls of a loop, which takes as many steps as it is told: as many as fit a stretch of time.
 *
 * @param isSlow whether a step is known to take long, so that the first call is one step to see how long.
 */
export function timedCalls({ isSlow = false } = {}): CallSizes {
  const perStep: { observed?: number; plain?: number } = {};
  /** How many steps fit, at least one; undefined where that is not known. */
  const fitting = (milliseconds: number | undefined) =>
    milliseconds === undefined
      ? undefined
      : Math.max(1, Math.floor(CALL_MILLISECONDS / milliseconds));
  return {
    perIteration: (steps, observe) => (observe || steps % PER_ITERATION > 0 ? 1 : PER_ITERATION),
    next(most, observe) {
      const { observed, plain = observed } = perStep;
      if (observe) return Math.min(most, isSlow ? (fitting(observed) ?? 1) : most);
      const takesLong =
        plain === undefined ? isSlow : plain * PER_ITERATION > PATIENCE_MILLISECONDS;
      if (takesLong) return Math.min(most, fitting(plain) ?? 1);
      if (most < PER_ITERATION) return most;
      const iterations =
        plain === undefined ? 1 : Math.ceil(CALL_MILLISECONDS / plain / PER_ITERATION);
      return Math.min(iterations, Math.floor(most / PER_ITERATION)) * PER_ITERATION;
    },
    took(steps, milliseconds, observe) {
      perStep[observe ? "observed" : "plain"] = milliseconds / steps;
    },
  };
}

/** The most steps that are written out, and the most nodes they may come to: ONNX Runtime takes long to load more. */
const UNROLLED_STEPS = 32;
const UNROLLED_NODES = 2000;

/** Calls whose steps are written out, a program for each number of them: powers of two, to have few programs. */
export function unrolledCalls(): CallSizes {
  const limits = new Map<boolean, number>();
  return {
    perIteration: () => undefined,
    next(most, observe, nodes) {
      const limit = limits.get(observe) ?? Math.min(UNROLLED_STEPS, UNROLLED_NODES / nodes());
      limits.set(observe, limit);
      return 2 ** Math.floor(Math.log2(Math.max(1, Math.min(most, limit))));
    },
    took() {},
  };
}
