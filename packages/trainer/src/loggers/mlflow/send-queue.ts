import { setTimeout as sleep } from "node:timers/promises";

/** Something to be sent, which may be tried again until it succeeds. */
export type Job = () => Promise<void>;

/** Milliseconds before what has failed is tried again. */
const FIRST_PAUSE = 200;
/** Milliseconds of waiting that nobody is told of. */
const FIRST_WAIT = 1000;

/** Sends one thing after another in the background; what fails is kept and tried again. */
export class SendQueue {
  readonly #jobs: Job[] = [];
  #sending: Promise<void> | undefined;

  /**
   * @param isLost told each error: whether it would come again, so that the job is given up. Else it is kept, and tried
   *   again with the next one.
   */
  constructor(private readonly isLost: (error: unknown) => boolean) {}

  /** Adds a job; it is sent as soon as those before it are. */
  push(job: Job): void {
    this.#jobs.push(job);
    void this.#send();
  }

  /**
   * Waits until everything is sent, trying again what fails after a while that doubles as long as nothing gets through.
   *
   * @param milliseconds that it takes at most, whatever is under way then.
   * @param waiting told when it has to wait.
   * @returns how many jobs are left.
   */
  async drain(milliseconds: number, waiting: () => void): Promise<number> {
    const over = new AbortController();
    const end = performance.now() + milliseconds;
    const atMost = async (work: Promise<unknown>, time: number) => {
      const timer = sleep(Math.max(0, time), undefined, over).catch(() => {});
      await Promise.race([work, timer]);
    };
    await atMost(this.#send(), Math.min(FIRST_WAIT, milliseconds));
    if (this.#jobs.length > 0) waiting();
    let pause = FIRST_PAUSE;
    while (this.#jobs.length > 0 && performance.now() < end) {
      const before = this.#jobs.length;
      await atMost(this.#send(), end - performance.now());
      if (this.#jobs.length === 0) break;
      await sleep(Math.max(0, Math.min(pause, end - performance.now())));
      pause = this.#jobs.length < before ? FIRST_PAUSE : pause * 2;
    }
    over.abort();
    return this.#jobs.length;
  }

  #send(): Promise<void> {
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
    });
    return this.#sending;
  }

  async #sendAll(): Promise<void> {
    for (let job = this.#jobs[0]; job !== undefined; job = this.#jobs[0]) {
      try {
        await job();
      } catch (error) {
        if (!this.isLost(error)) return;
      }
      this.#jobs.shift();
    }
  }
}
