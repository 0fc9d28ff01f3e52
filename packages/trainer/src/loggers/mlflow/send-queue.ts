import { setTimeout as sleep } from "node:timers/promises";

/** Something to be sent, which may be tried again until it succeeds. */
export type Job = () => Promise<void>;

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
   * Waits until everything is sent, trying again what fails after a while that doubles.
   *
   * @param milliseconds to try for.
   * @returns how many jobs are left.
   */
  async drain(milliseconds: number): Promise<number> {
    const end = performance.now() + milliseconds;
    const left = () => end - performance.now();
    for (let pause = 200; this.#jobs.length > 0 && left() > 0; pause *= 2) {
      await Promise.race([this.#send(), sleep(left(), undefined, { ref: false })]);
      if (this.#jobs.length > 0) await sleep(Math.max(0, Math.min(pause, left())));
    }
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
