import { CALL_MILLISECONDS, FittingSteps } from "../call-sizes";

/** Decides how many steps each call into ONNX Runtime takes. */
export interface CallSizes {
  /**
   * How many steps of a call each iteration of its loop takes; undefined where all are written out one after another.
   */
  perIteration(steps: number): number | undefined;
  /**
   * How many steps the next call takes.
   *
   * @param most how many there are to take, at least 1.
   * @param nodes counts the nodes one step comes to, which takes building it.
   */
  next(most: number, nodes: () => number): number;
  /** Is told how long a call of full batches took. */
  took(steps: number, milliseconds: number): void;
}

/** Steps that one iteration of a loop takes at most, where a call has as many. */
const PER_ITERATION = 8;
/** And of quick steps, beside which it counts what each iteration costs. */
const QUICK_PER_ITERATION = 16;
/** Layers that an iteration writes out at most: with more, ONNX Runtime takes longer to load it than they save. */
const LAYERS_PER_ITERATION = 128;
/** Where fewer than so many fit the time of a call, an iteration would take too long, and steps are taken one by one. */
const FEW_STEPS = 2;

/** The largest power of two that is not more, at least 1. */
const powerOfTwoIn = (most: number) => 2 ** Math.floor(Math.log2(Math.max(1, most)));

/** How many steps of a network with so many layers are written out one after another. */
const stepsTogether = (layers: number, most = PER_ITERATION) =>
  powerOfTwoIn(Math.min(most, LAYERS_PER_ITERATION / layers));

/**
 * Calls of a loop, which takes as many steps as it is told: as many as fit a stretch of time.
 *
 * @param isSlow whether a step is known to take long, so that the first call is one step to see how long.
 * @param isQuick whether a step is known to take some microseconds.
 * @param layers how many the network has.
 */
export function timedCalls({
  isSlow = false,
  isQuick = false,
  layers = 1,
  milliseconds = CALL_MILLISECONDS,
} = {}): CallSizes {
  const fitting = new FittingSteps({ isSlow, milliseconds });
  const perIteration = stepsTogether(layers, isQuick ? QUICK_PER_ITERATION : PER_ITERATION);
  return {
    perIteration: (steps) => (steps % perIteration > 0 ? 1 : perIteration),
    next(most) {
      if (fitting.count < FEW_STEPS) return Math.min(most, Math.max(1, Math.floor(fitting.count)));
      if (most < perIteration) return most;
      const iterations = Math.ceil(fitting.count / perIteration);
      return Math.min(iterations, Math.floor(most / perIteration)) * perIteration;
    },
    took: (steps, milliseconds) => fitting.took(steps, milliseconds),
  };
}

/**
 * Calls whose steps are written out, as many as one iteration of a loop would take, and no more than fit a stretch of
 * time. @param options as of {@link timedCalls}.
 */
export function timedUnrolledCalls({ isSlow = false, layers = 1 } = {}): CallSizes {
  const fitting = new FittingSteps({ isSlow });
  return {
    perIteration: () => undefined,
    next: (most) => powerOfTwoIn(Math.min(most, fitting.count, stepsTogether(layers))),
    took: (steps, milliseconds) => fitting.took(steps, milliseconds),
  };
}

/** The most steps that are written out, and the most nodes they may come to: ONNX Runtime takes long to load more. */
const UNROLLED_STEPS = 32;
const UNROLLED_NODES = 2000;

/** Calls whose steps are written out, a program for each number of them: powers of two, to have few programs. */
export function unrolledCalls(): CallSizes {
  let limit: number | undefined;
  return {
    perIteration: () => undefined,
    next(most, nodes) {
      limit ??= Math.min(UNROLLED_STEPS, UNROLLED_NODES / nodes());
      return powerOfTwoIn(Math.min(most, limit));
    },
    took() {},
  };
}
