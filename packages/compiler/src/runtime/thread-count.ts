/** What the processors have done until a moment, in milliseconds. */
export interface ProcessorTimes {
  /** The moment, by the clock. */
  readonly at: number;
  /** All processors together, for whomever. */
  readonly all: number;
  /** For this process. */
  readonly own: number;
}

/** The least time over which is seen what others use: the system counts in hundredths of a second. */
const SEEN_MILLISECONDS = 100;
/** How many calls by each number of threads are compared, in turn. */
const TURNS = 2;
/** How long what was found holds before it is tried again. */
const HOLDS_MILLISECONDS = 10_000;

/** What calls by a number of threads took. */
interface Tally {
  calls: number;
  steps: number;
  milliseconds: number;
}

const none = (): Tally => ({ calls: 0, steps: 0, milliseconds: 0 });

/** Two numbers of threads that are compared. */
interface Trial {
  readonly fewer: number;
  readonly ofFewer: Tally;
  readonly ofMost: Tally;
}

/**
 * Chooses with how many threads calls compute, by measurement, where others use the same processors.
 *
 * Threads share every node's work out and wait for each other at its end. While they have the processors to themselves,
 * all are best. Where one has to wait for a processor, the others wait for it at every node, and a call may be
 * faster with as many as the others leave free; or not, as it depends on how the system shares processors out. So calls
 * take turns, and the faster number is kept for ten seconds, or until the others have gone.
 */
export class ThreadCount {
  #trial: Trial | undefined;
  /** What the last trial found, and when. */
  #found: { readonly threads: number; readonly at: number } | undefined;
  #next: number;

  /** @param most how many there are at most, and while nobody else computes. */
  constructor(readonly most: number) {
    this.#next = most;
  }

  /** How many the next call takes. */
  get next(): number {
    return this.#next;
  }

  /** Is told of a call: by how many threads, how many steps it took, and what the processors had done before and after. */
  ran(threads: number, steps: number, before: ProcessorTimes, after: ProcessorTimes): void {
    const milliseconds = after.at - before.at;
    if (milliseconds < SEEN_MILLISECONDS) return;
    const others = (after.all - before.all - (after.own - before.own)) / milliseconds;
    const fewer = Math.max(1, Math.round(this.most - others));
    if (fewer >= this.most) {
      this.#trial = undefined;
      this.#next = this.most;
      return;
    }
    if (this.#trial !== undefined) this.#compare(this.#trial, threads, steps, milliseconds, after);
    else if (this.#found !== undefined && after.at - this.#found.at < HOLDS_MILLISECONDS)
      this.#next = this.#found.threads;
    else {
      this.#trial = { fewer, ofFewer: none(), ofMost: none() };
      this.#next = fewer;
    }
  }

  #compare(
    { fewer, ofFewer, ofMost }: Trial,
    threads: number,
    steps: number,
    milliseconds: number,
    { at }: ProcessorTimes,
  ): void {
    const tally = threads === fewer ? ofFewer : ofMost;
    tally.calls++;
    tally.steps += steps;
    tally.milliseconds += milliseconds;
    if (ofFewer.calls < TURNS || ofMost.calls < TURNS) {
      this.#next = ofFewer.calls > ofMost.calls ? this.most : fewer;
      return;
    }
    const isFewerFaster = ofFewer.milliseconds / ofFewer.steps < ofMost.milliseconds / ofMost.steps;
    this.#next = isFewerFaster ? fewer : this.most;
    this.#found = { threads: this.#next, at };
    this.#trial = undefined;
  }
}
