/** Decides how many steps each call into ONNX Runtime takes. */
export interface CallSizes {
  /** Whether a call's steps are written out one after another; else they are a loop's. */
  readonly isUnrolled: boolean;
  /**
   * How many steps the next call takes.
   *
   * @param most how many there are to take, at least 1.
   * @param observe whether they also measure alignment.
   * @param nodes counts the nodes one step comes to, which takes building it.
   */
  next(most: number, observe: boolean, nodes: () => number): number;
  /** Is told how long a call of full batches took that measured nothing. */
  took(steps: number, milliseconds: number): void;
}

/** How long one call should take: long enough to cost nothing, short enough to stop. */
const CALL_MILLISECONDS = 250;
/** Steps of the very first call, whose time sizes the next. */
const FIRST_STEPS = 4;

/** Calls of a loop, which takes as many steps as it is told: as many as fit a stretch of time. */
export function timedCalls(): CallSizes {
  let millisecondsPerStep: number | undefined;
  return {
    isUnrolled: false,
    next(most, observe) {
      if (observe) return most;
      const wanted =
        millisecondsPerStep === undefined
          ? FIRST_STEPS
          : Math.ceil(CALL_MILLISECONDS / millisecondsPerStep);
      return Math.min(wanted, most);
    },
    took(steps, milliseconds) {
      millisecondsPerStep = milliseconds / steps;
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
    isUnrolled: true,
    next(most, observe, nodes) {
      const limit = limits.get(observe) ?? Math.min(UNROLLED_STEPS, UNROLLED_NODES / nodes());
      limits.set(observe, limit);
      return 2 ** Math.floor(Math.log2(Math.max(1, Math.min(most, limit))));
    },
    took() {},
  };
}
