import { randomUUID } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname, uptime } from "node:os";

/** How much the clock may have been put right since the machine was started. */
const CLOCK_MS = 60_000;

/** Who has a lock, as its file says; nothing is known of an owner whose file cannot be read. */
export interface LockOwner {
  readonly host?: string;
  readonly pid?: number;
  /** When it took the lock, as an ISO date. */
  readonly since?: string;
  /** Within what its process number has a meaning, as {@link machine} has it. */
  readonly machine?: string;
  /** When its process was started, as {@link processOf} has it. */
  readonly start?: string;
}

/**
 * Within what a number names one process: this machine since it was started and, on Linux, the PID namespace, which a
 * container has of its own. Hostnames and numbers of two containers may well be the same.
 *
 * @returns undefined where that cannot be told; then no number says anything.
 */
function findMachine(): string | undefined {
  if (process.platform !== "linux") return hostname();
  try {
    // A /proc of another namespace numbers processes otherwise.
    if (readlinkSync("/proc/self") !== String(process.pid)) return undefined;
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return undefined;
  }
}

const machine = findMachine();

/**
 * A process of this machine as /proc has it: its state, and when it was started; undefined where that cannot be read.
 */
function processOf(pid: number): { readonly state: string; readonly start: string } | undefined {
  if (process.platform !== "linux" || machine === undefined) return undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // "pid (name) state …"; the name may hold anything. The start is field 22, in clock ticks since the machine's own.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0] as string, start: fields[19] as string };
  } catch {
    return undefined;
  }
}

/** The text of a lock's file that this process has from now on; no two are the same. */
export function newOwner(): string {
  const { start } = processOf(process.pid) ?? {};
  return JSON.stringify({
    host: hostname(),
    pid: process.pid,
    since: new Date().toISOString(),
    ...(machine !== undefined && { machine }),
    ...(start !== undefined && { start }),
    id: randomUUID(),
  });
}

/** What the text of a lock's file says. */
export function parseOwner(text: string): LockOwner {
  try {
    const values = JSON.parse(text) as Record<string, unknown>;
    const { pid } = values;
    const texts = (["host", "since", "machine", "start"] as const).flatMap((key) =>
      typeof values[key] === "string" ? [[key, values[key]]] : [],
    );
    return { ...Object.fromEntries(texts), ...(typeof pid === "number" && { pid }) };
  } catch {
    return {};
  }
}

/** Whether an owner's process number says whether it is there. */
export function isOfThisMachine(owner: LockOwner): boolean {
  return machine !== undefined && owner.machine === machine && owner.pid !== undefined;
}

/**
 * Whether an owner is a process of this machine that is no more.
 *
 * @param isHeld whether this process itself has the lock.
 */
export function isDead(owner: LockOwner, isHeld: boolean): boolean {
  const { pid, since, start } = owner;
  if (!isOfThisMachine(owner) || pid === undefined) return false;
  if (pid === process.pid) return !isHeld;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
  // Numbers of processes are given out again.
  const found = processOf(pid);
  if (found === undefined) return since !== undefined && wasBeforeStart(since);
  // A process that was killed keeps its number until its parent has asked how it ended, which in a container may be
  // never.
  return found.state === "Z" || found.state === "X" || (start ?? found.start) !== found.start;
}

/** Whether a time is before the machine was started, where nothing better tells. */
function wasBeforeStart(since: string): boolean {
  return (
    process.platform !== "linux" && Date.parse(since) < Date.now() - uptime() * 1000 - CLOCK_MS
  );
}
