import { randomUUID } from "node:crypto";
import { readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname, uptime } from "node:os";
import { setTimeout } from "node:timers/promises";
import { unwritable } from "./failures";

/** How often someone who waits looks again. */
const LOOK_MS = 200;
/** How often an owner shows that it is still there. */
const TOUCH_MS = 5_000;
/** How long a lock may go untouched before its owner counts as gone. */
const ABANDONED_MS = 60_000;
/** How much the clock may have been put right since the machine was started. */
const CLOCK_MS = 60_000;

/** Who has a lock; nothing is known of one whose file cannot be read. */
export interface LockHolder {
  readonly host?: string;
  readonly pid?: number;
  /** When it took the lock, as an ISO date. */
  readonly since?: string;
  /** Whether it is known to be there: a process of this machine, or one that has touched the lock since we look. */
  readonly isAlive: boolean;
}

/** How a lock is waited for. */
export interface LockOptions {
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined;
  /** Called a few times a second while someone else has the lock; what it throws ends the waiting. */
  readonly onWait?: (holder: LockHolder) => unknown;
  /** How long, in milliseconds, a lock may go untouched before its owner counts as gone; a minute when left out. */
  readonly abandonedAfter?: number;
}

/** The locks this process has, by the names of their owners. */
const held = new Set<string>();

/**
 * Does some work that no other process, on this machine or another that shares the folder, does at the same time.
 *
 * The lock is a file that says who has it. One whose owner has died or has not touched it for a minute is taken over.
 *
 * @param path the file; its folder must exist.
 * @param work what to do.
 * @returns what the work returned.
 * @throws BioflaxError when the file cannot be written; the signal's reason when it comes while waiting.
 * @internal
 */
export async function withLock<R>(
  path: string,
  work: () => Promise<R>,
  options: LockOptions = {},
): Promise<R> {
  const since = new Date().toISOString();
  const owner = JSON.stringify({ host: hostname(), pid: process.pid, since, id: randomUUID() });
  held.add(owner);
  try {
    while (!(await create(path, owner))) await wait(path, options);
  } catch (error) {
    held.delete(owner);
    throw error;
  }
  const touching = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, TOUCH_MS).unref();
  try {
    return await work();
  } finally {
    clearInterval(touching);
    held.delete(owner);
    // It may be another's by now, if this process was asleep for long.
    if ((await look(path))?.owner === owner) await rm(path, { force: true });
  }
}

/** Creates the file with its owner's name, unless it is there. */
async function create(path: string, owner: string): Promise<boolean> {
  try {
    await writeFile(path, owner, { flag: "wx" });
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return false;
    // A full disk may have room for the file and none for the name in it.
    if (code === "ENOSPC" || code === "EDQUOT") await rm(path, { force: true }).catch(() => {});
    return unwritable(path)(error as Error);
  }
}

/** Waits until the lock is gone, or removes it when its owner is. */
async function wait(path: string, options: LockOptions): Promise<void> {
  const { signal, onWait, abandonedAfter = ABANDONED_MS } = options;
  let seen = await look(path);
  let seenAt = performance.now();
  let touched = false;
  while (seen !== undefined) {
    // The file's own time says nothing by itself: the clock of another machine may be wrong.
    if (isDead(seen.owner) || performance.now() - seenAt > abandonedAfter) {
      const abandoned = seen;
      // Under a lock on the lock, or two who wait would each remove it, the second one when it is the first one's.
      await withLock(
        `${path}.takeover`,
        async () => {
          const now = await look(path);
          if (now?.owner === abandoned.owner && now.touched === abandoned.touched) {
            await rm(path, { force: true });
          }
        },
        options,
      );
      return;
    }
    onWait?.(holderOf(seen.owner, touched));
    await setTimeout(LOOK_MS, undefined, signal && { signal }).catch(() =>
      signal?.throwIfAborted(),
    );
    const now = await look(path);
    if (now?.owner !== seen.owner || now.touched !== seen.touched) {
      seenAt = performance.now();
      touched = now?.owner === seen.owner;
    }
    seen = now;
  }
}

/** A lock as it is now: what its file says, and when it was last touched; undefined when there is none. */
async function look(path: string): Promise<{ owner: string; touched: number } | undefined> {
  const file = await stat(path).catch(() => undefined);
  // One that may not be read has an owner without a name.
  return file && { owner: await readFile(path, "utf8").catch(() => ""), touched: file.mtimeMs };
}

/** What the file of a lock says; nothing of one that says nothing. */
function read(owner: string): { host?: string; pid?: number; since?: string } {
  try {
    const { host, pid, since } = JSON.parse(owner);
    return {
      ...(typeof host === "string" && { host }),
      ...(typeof pid === "number" && { pid }),
      ...(typeof since === "string" && { since }),
    };
  } catch {
    return {};
  }
}

function holderOf(owner: string, touched: boolean): LockHolder {
  const holder = read(owner);
  return { ...holder, isAlive: touched || holder.host === hostname() };
}

/** Whether an owner is a process of this machine that is no more. */
function isDead(owner: string): boolean {
  const { host, pid, since } = read(owner);
  if (host !== hostname() || pid === undefined) return false;
  // Numbers of processes are given out again: after the machine has started anew, and in a container that has.
  if (since !== undefined && Date.parse(since) < Date.now() - uptime() * 1000 - CLOCK_MS)
    return true;
  if (pid === process.pid) return since !== undefined && !held.has(owner);
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
