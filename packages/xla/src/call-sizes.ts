/** How long one call should take: long enough to cost nothing, short enough to stop. */
const CALL_MILLISECONDS = 250;
/** A call that takes less is made longer: part of its time may not be its steps'. */
const SHORT_MILLISECONDS = 500;
const GROWTH = 1.5;
/** The most steps of a call; their row numbers are copied to the device. */
const MOST_STEPS = 4096;
/** The most row numbers of a call. */
const MOST_ROWS = 2 ** 20;
/** How many steps are timed first. */
const FIRST_STEPS = 8;

/** The most steps that a call of batches of a size may take: what its program is made for. */
export const mostSteps = (batch: number): number =>
  Math.max(1, Math.min(MOST_STEPS, Math.floor(MOST_ROWS / batch)));

/** Decides how many steps each call takes: as many as fit a stretch of time. */
export class CallSizes {
  #fitting: number;

  /** @param isSlow whether a step is known to take long, so that the first call is one step to see how long. */
  constructor(isSlow: boolean) {
    this.#fitting = isSlow ? 1 : FIRST_STEPS;
  }

  /** How many steps the next call takes. @param most how many there are to take, at least 1. */
  next(most: number): number {
    return Math.min(most, Math.max(1, Math.floor(this.#fitting)));
  }

  /** Is told how long a call of full batches took. */
  took(steps: number, milliseconds: number): void {
    const fitting = (steps * CALL_MILLISECONDS) / milliseconds;
    const isShort = milliseconds < SHORT_MILLISECONDS;
    this.#fitting = isShort ? Math.max(fitting, steps * GROWTH) : fitting;
  }
}
