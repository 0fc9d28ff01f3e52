import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { BioflaxError } from "@bioflax/core";
import type { EpochRecord } from "@bioflax/runs";
import type { SweepRun } from "../plan/plan-sweep";
import type { Task } from "../plan/tasks";
import type { FromWorker, Outcome } from "../worker/messages";
import { Worker, type WorkerCommand, WorkerDied } from "../worker/start-worker";
import type { RunResult, SweepReporter } from "./reporter";
import { runStateOf } from "./run-state";

/** Where tasks come from, and who learns what became of them. */
export interface TaskSource {
  /** The next task; it may take its time. Undefined when there is none any more. */
  next(): Promise<Task | undefined>;
  /** Told of each epoch. @returns whether the run may end here, for it is not promising. */
  epochFinished?(run: SweepRun, record: EpochRecord): Promise<boolean>;
  /** Told what came of each run. */
  ended?(run: SweepRun, result: RunResult): Promise<void>;
}

/** How tasks are executed. */
export interface ExecuteOptions {
  /** The folder that the runs' folders are in. */
  readonly folder: string;
  /** How many processes train at once. */
  readonly jobs: number;
  /** How often a run that died, or failed, is tried again. */
  readonly retries: number;
  /** How many runs may fail before the rest is left; all when left out. */
  readonly maxFailures?: number | undefined;
  /** Stops everything; what is under way is saved. */
  readonly signal?: AbortSignal | undefined;
  readonly reporter?: SweepReporter;
  /** What starts a process that trains; the built package's own when left out. */
  readonly worker?: WorkerCommand | undefined;
}

/** How an execution ended. */
export interface Executed {
  readonly results: ReadonlyMap<SweepRun, RunResult>;
  /** Why runs were left that had not ended; missing where none was. */
  readonly stopped?: "signal" | "failures";
}

/** How long somebody else's run is left alone before it is looked at again, in milliseconds. */
const LOOK_MS = 500;

/** The tasks of a list. */
export function listSource(tasks: readonly Task[]): TaskSource {
  const left = [...tasks];
  return { next: async () => left.shift() };
}

/**
 * Trains runs in processes beside each other.
 *
 * A run that has ended is not trained again, one that was stopped goes on, and one whose process died is tried again.
 * Of a run that another process trains, that is waited for. Runs whose loss is no longer finite have ended.
 */
export async function execute(source: TaskSource, options: ExecuteOptions): Promise<Executed> {
  const execution = new Execution(source, options);
  return execution.run();
}

class Execution {
  readonly #source: TaskSource;
  readonly #options: ExecuteOptions;
  readonly #results = new Map<SweepRun, RunResult>();
  readonly #attempts = new Map<SweepRun, number>();
  readonly #pruned = new Set<SweepRun>();
  /** Runs that others train, each by itself. */
  readonly #waiting: Task[] = [];
  readonly #taken = new Set<SweepRun>();
  readonly #workers = new Set<Worker>();
  readonly #stop = new AbortController();
  #stopped: Executed["stopped"];
  #failures = 0;

  constructor(source: TaskSource, options: ExecuteOptions) {
    this.#source = source;
    this.#options = options;
  }

  async run(): Promise<Executed> {
    const { jobs, signal } = this.#options;
    const onAbort = () => this.#end("signal");
    if (signal?.aborted) onAbort();
    signal?.addEventListener("abort", onAbort);
    try {
      const lanes = Array.from({ length: jobs }, () => this.#lane());
      const ended = await Promise.allSettled(lanes);
      const broken = ended.find((lane) => lane.status === "rejected");
      if (broken !== undefined) throw broken.reason;
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
    return {
      results: this.#results,
      ...(this.#stopped !== undefined && { stopped: this.#stopped }),
    };
  }

  /** Stops everything, and has what is under way saved. */
  #end(why: NonNullable<Executed["stopped"]>): void {
    this.#stopped ??= why;
    this.#stop.abort();
    for (const worker of this.#workers) worker.stop();
  }

  /** Takes a task after another, with one process for all of them, as long as that lives. */
  async #lane(): Promise<void> {
    let worker: Worker | undefined;
    try {
      for (let given = await this.#take(); given !== undefined; given = await this.#take()) {
        const left: Task[] = [{ ...given, runs: await this.#unended(given.runs) }];
        for (let task = left.shift(); task !== undefined; task = left.shift()) {
          if (task.runs.length === 0) continue;
          if (this.#stop.signal.aborted) {
            for (const run of task.runs) await this.#settle(run, { kind: "interrupted" });
            continue;
          }
          worker ??= this.#startWorker();
          const [rest, isAlive] = await this.#train(worker, task);
          if (!isAlive) {
            this.#workers.delete(worker);
            worker = undefined;
          }
          // Of replicas whose process died nobody knows for whose sake, so each goes on by itself.
          const isApart = task.asReplicas && !isAlive;
          for (const runs of isApart ? rest.map((run) => [run]) : [rest])
            left.push({ ...task, runs });
        }
      }
    } catch (error) {
      // Nothing is left running that nobody watches.
      this.#end("failures");
      throw error;
    } finally {
      if (worker !== undefined) {
        await worker.close();
        this.#workers.delete(worker);
      }
    }
  }

  #startWorker(): Worker {
    const worker = new Worker(this.#options.worker);
    this.#workers.add(worker);
    return worker;
  }

  async #take(): Promise<Task | undefined> {
    if (this.#stop.signal.aborted) return undefined;
    const next = await this.#source.next();
    if (next !== undefined) return next;
    const waiting = this.#waiting.shift();
    if (waiting === undefined) return undefined;
    const { signal } = this.#stop;
    await setTimeout(LOOK_MS, undefined, { signal }).catch(() => {});
    return waiting;
  }

  #folderOf(run: SweepRun): string {
    return join(this.#options.folder, run.name);
  }

  /** The runs that are to be trained; of the others it is told that they have ended. */
  async #unended(runs: readonly SweepRun[]): Promise<SweepRun[]> {
    const left: SweepRun[] = [];
    for (const run of runs) {
      try {
        const state = await runStateOf(this.#folderOf(run), run.config);
        if (state.status === "done" || state.status === "diverged")
          await this.#settle(run, { kind: state.status, earlier: true });
        else left.push(run);
      } catch (error) {
        if (!(error instanceof BioflaxError)) throw error;
        await this.#settle(run, { kind: "failed", error: error.message });
      }
    }
    return left;
  }

  /**
   * Has a process train some runs.
   *
   * @returns the runs that are to be trained still, and whether the process lives.
   */
  async #train(worker: Worker, task: Task): Promise<[SweepRun[], boolean]> {
    const { reporter } = this.#options;
    const { runs, asReplicas } = task;
    const byFolder = new Map(runs.map((run) => [this.#folderOf(run), run]));
    const open = new Set(runs);
    const again: SweepRun[] = [];
    let settling = Promise.resolve();
    const end = (
      run: SweepRun,
      outcome: Outcome,
      took: Pick<RunResult, "seconds" | "peakBytes">,
    ) => {
      open.delete(run);
      const [next] = open;
      if (next !== undefined && !asReplicas) reporter?.runStarted?.(next);
      settling = settling.then(async () => {
        if (!(await this.#resolve({ ...task, runs: [run] }, outcome, took))) again.push(run);
      });
    };
    for (const run of asReplicas ? runs : runs.slice(0, 1))
      reporter?.runStarted?.(run, asReplicas && runs.length);
    const assigned = runs.map((run) => ({ folder: this.#folderOf(run), config: run.config }));
    try {
      await worker.train({ runs: assigned, asReplicas }, (message: FromWorker) => {
        if (!("folder" in message)) return;
        const run = byFolder.get(message.folder);
        if (run === undefined) return;
        if (message.type === "progress") reporter?.runProgress?.(run, message.share);
        if (message.type === "warning") reporter?.warning?.(`${run.name}: ${message.text}`);
        if (message.type === "epoch") {
          reporter?.epochFinished?.(run, message.record);
          this.#considerPruning(worker, run, message.record);
        }
        if (message.type === "ended") end(run, message.outcome, message);
      });
      await settling;
      return [again, true];
    } catch (error) {
      if (!(error instanceof WorkerDied)) throw error;
      const [current, ...others] = open;
      if (asReplicas && others.length > 0)
        reporter?.warning?.(
          `${open.size} runs that trained as replicas: ${error.message} (each goes on by itself)`,
        );
      else if (current !== undefined) end(current, { kind: "failed", error: error.message }, {});
      await settling;
      return [[...again, ...open], false];
    }
  }

  #considerPruning(worker: Worker, run: SweepRun, record: EpochRecord): void {
    this.#source
      .epochFinished?.(run, record)
      .then((isToEnd) => {
        if (!isToEnd) return;
        this.#pruned.add(run);
        worker.stopRun(this.#folderOf(run));
      })
      .catch((error: Error) => this.#options.reporter?.warning?.(error.message));
  }

  /** Decides what an outcome of a run comes to, which is the task by itself. @returns whether the run is settled, and not to be trained again now. */
  async #resolve(
    task: Task,
    outcome: Outcome,
    { seconds, peakBytes }: Pick<RunResult, "seconds" | "peakBytes">,
  ): Promise<boolean> {
    const { retries, reporter } = this.#options;
    const [run] = task.runs as readonly [SweepRun];
    const took = {
      ...(seconds !== undefined && { seconds }),
      ...(peakBytes !== undefined && { peakBytes }),
    };
    const isStopped = this.#stop.signal.aborted;
    if (outcome.kind === "done" || outcome.kind === "diverged") {
      await this.#settle(run, { ...outcome, ...took });
      return true;
    }
    if (outcome.kind === "taken") {
      if (!this.#taken.has(run))
        reporter?.notice?.(`${run.name} is trained by ${outcome.by}, which is waited for`);
      this.#taken.add(run);
      this.#waiting.push(task);
      return true;
    }
    if (outcome.kind === "interrupted" && this.#pruned.has(run)) {
      await this.#settle(run, { kind: "pruned", ...took });
      return true;
    }
    if (isStopped) {
      await this.#settle(run, { kind: "interrupted", ...took });
      return true;
    }
    const attempts = (this.#attempts.get(run) ?? 0) + 1;
    this.#attempts.set(run, attempts);
    const why = outcome.kind === "failed" ? outcome.error : "its process was told to stop";
    if (attempts <= retries) {
      reporter?.warning?.(`${run.name}: ${why} (tried again: ${attempts} of ${retries})`);
      return false;
    }
    await this.#settle(run, { kind: "failed", error: why, ...took });
    return true;
  }

  async #settle(run: SweepRun, result: RunResult): Promise<void> {
    this.#results.set(run, result);
    this.#options.reporter?.runEnded?.(run, result);
    await this.#source.ended?.(run, result);
    if (result.kind !== "failed") return;
    this.#failures++;
    if (this.#failures >= (this.#options.maxFailures ?? Number.POSITIVE_INFINITY))
      this.#end("failures");
  }
}
