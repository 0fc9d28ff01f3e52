import { startGroup } from "./contender";

/** Processes that compute and do nothing else, when they are wanted. */
export class BusyProcesses {
  readonly #pids: readonly number[];

  constructor(count: number) {
    const program = { command: process.execPath, args: ["--eval", "for (;;);"] };
    this.#pids = Array.from({ length: count }, () => startGroup(program).pid as number);
    this.#signal("SIGSTOP");
  }

  #signal(signal: NodeJS.Signals): void {
    for (const pid of this.#pids) process.kill(pid, signal);
  }

  /** Does something while they compute. */
  async beside<T>(work: () => Promise<T>): Promise<T> {
    this.#signal("SIGCONT");
    try {
      return await work();
    } finally {
      this.#signal("SIGSTOP");
    }
  }
}
