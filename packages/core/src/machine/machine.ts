import { readFileSync } from "node:fs";
import { availableParallelism, freemem, totalmem } from "node:os";
import { groupMemory, groupProcessors, type ReadFile } from "./control-group";

/** What of a machine says how much of it a process may use. */
export interface Machine {
  /** Reads a file of the system; undefined when there is none. */
  readonly read: ReadFile;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The processors this process may run on (its affinity), by the system. */
  readonly processors: number;
  /** Bytes of memory. */
  readonly memory: number;
  /** Bytes of it that nobody uses. */
  readonly freeMemory: number;
}

/** The machine this process runs on. */
const thisMachine = (): Machine => ({
  read(path) {
    try {
      return readFileSync(path, "utf8");
    } catch {
      return undefined;
    }
  },
  env: process.env,
  processors: availableParallelism(),
  memory: totalmem(),
  freeMemory: freemem(),
});

/**
 * How many threads this process should compute with: the processors it may run on (its affinity), but not more than
 * Slurm has given its task (`SLURM_CPUS_PER_TASK`), nor than the whole processors' time that a control group (of
 * version 1 or 2, as containers and batch systems set them) allows. Threads beyond these only wait for each other.
 *
 * @returns at least 1.
 */
export function availableThreads(machine: Machine = thisMachine()): number {
  const { read, env, processors } = machine;
  const task = Number(env.SLURM_CPUS_PER_TASK);
  const limits = [
    processors,
    Number.isInteger(task) && task > 0 ? task : processors,
    groupProcessors(read) ?? processors,
  ];
  return Math.max(1, Math.floor(Math.min(...limits)));
}

/** How much memory there is for a process, in bytes. */
export interface AvailableMemory {
  /** All there ever is: the machine's, or less where a control group allows less. */
  readonly total: number;
  /** What of it is free now. */
  readonly free: number;
  /** Whether a control group sets the total. */
  readonly isGroup: boolean;
}

/** How much memory there is for this process. */
export function availableMemory(machine: Machine = thisMachine()): AvailableMemory {
  const { read, memory, freeMemory } = machine;
  const allowed = groupMemory(read) ?? memory;
  const total = Math.min(memory, allowed);
  return { total, free: Math.min(freeMemory, total), isGroup: allowed < memory };
}
