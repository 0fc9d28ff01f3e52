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
   * @param milliseconds after which what fails is not tried again.
   * @param waiting told when it has to wait.
   * @returns how many jobs are left.
   */
  async drain(milliseconds: number, waiting: () => void): Promise<number> {
    const end = performance.now() + milliseconds;
    await this.#send();
    if (this.#jobs.length > 0) waiting();
    for (let pause = 200; this.#jobs.length > 0; pause *= 2) {
      const left = end - performance.now();
      if (left <= 0) break;
      await sleep(Math.min(pause, left));
      await this.#send();
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
