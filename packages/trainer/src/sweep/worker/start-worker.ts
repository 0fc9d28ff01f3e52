import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Config } from "../../config/schema";
import type { AssignedTask, FromWorker, Measured, ToWorker } from "./messages";

/** The program and its arguments that start a worker. */
export type WorkerCommand = readonly [program: string, ...args: string[]];

/** The worker of the built package. */
const builtWorker = (): WorkerCommand => [
  process.execPath,
  fileURLToPath(new URL("./sweep-worker.js", import.meta.url)),
];

/** How much is kept of what a worker says on its standard error, in characters. */
const KEPT = 2000;

/** A worker whose process ended before its work was done. */
export class WorkerDied extends Error {
  override name = "WorkerDied";
}

/** A process that trains runs of a sweep. */
export class Worker {
  readonly #process: ChildProcess;
  readonly #died: Promise<never>;
  readonly #closed: Promise<void>;
  #listener: (message: FromWorker) => void = () => {};
  #said = "";

  /** Starts the process. @param command what starts it; the built package's own when left out. */
  constructor(command: WorkerCommand = builtWorker()) {
    const [program, ...args] = command;
    // In a process group of its own: Ctrl-C is for the sweep alone, which then has its workers save.
    this.#process = spawn(program, args, {
      detached: process.platform !== "win32",
      windowsHide: true,
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      serialization: "advanced",
    });
    this.#process.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#said = (this.#said + text).slice(-KEPT);
    });
    this.#process.on("message", (message) => this.#listener(message as FromWorker));
    let close: () => void;
    this.#closed = new Promise((resolve) => {
      close = resolve;
    });
    this.#died = new Promise((_, reject) => {
      this.#process.on("error", (error) => {
        close();
        reject(new WorkerDied(`its process could not be started: ${error.message}`));
      });
      this.#process.on("close", (status, signal) => {
        close();
        const how = signal === null ? `status ${status}` : signal;
        const said = this.#said.trim();
        reject(
          new WorkerDied(`its process ended with ${how}${said === "" ? "" : `, saying: ${said}`}`),
        );
      });
    });
    // Who waits for nothing has nothing to be told.
    this.#died.catch(() => {});
  }

  /** The number of its process. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  /**
   * Has it train runs, one after another or as replicas of one another.
   *
   * @param onMessage told how they go, and how each ends.
   * @throws WorkerDied when its process ends meanwhile.
   */
  async train(task: AssignedTask, onMessage: (message: FromWorker) => void): Promise<void> {
    const idle = new Promise<void>((resolve) => {
      this.#listener = (message) => {
        if (message.type === "idle") resolve();
        else onMessage(message);
      };
    });
    this.#send({ type: "task", ...task });
    await Promise.race([idle, this.#died]);
  }

  /** Has it measure how long such runs take, several as replicas of one another. @throws WorkerDied when its process ends meanwhile. */
  async measure(configs: readonly Config[]): Promise<Measured | { readonly error: string }> {
    const measured = new Promise<Measured | { readonly error: string }>((resolve) => {
      this.#listener = (message) => {
        if (message.type === "measured") resolve(message.result);
      };
    });
    this.#send({ type: "measure", configs });
    return Promise.race([measured, this.#died]);
  }

  /** Has it stop the run in a folder, which is saved. */
  stopRun(folder: string): void {
    this.#send({ type: "stopRun", folder });
  }

  /** Has it save what is under way, and end; a run it is training ends as interrupted. */
  stop(): void {
    this.#send({ type: "stop" });
  }

  /** Has it end, and waits until it has. */
  async close(): Promise<void> {
    this.stop();
    await this.#closed;
  }

  #send(message: ToWorker): void {
    if (this.#process.connected) this.#process.send(message, () => {});
  }
}
