import { constants } from "node:fs";
import { type FileHandle, open, rm, stat } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { BioflaxError } from "@bioflax/core";
import { unwritable } from "./failures";
import { startHeartbeat } from "./heartbeat";
import { isDead, isOfThisMachine, type LockOwner, newOwner, parseOwner } from "./lock-owner";
import { kindOf } from "./regular-file";

/** How often someone who waits looks again. */
const LOOK_MS = 200;
/** How often an owner shows that it is still there. */
const TOUCH_MS = 2_000;
/** How long a lock may go untouched before its owner counts as gone. */
const ABANDONED_MS = 30_000;
/**
 * The most that one look counts for: who was asleep between two of them, or waited for a server, has seen nothing
 * meanwhile.
 */
const MOST_MS = 1_000;

/** Who has a lock; nothing is known of one whose file cannot be read. */
export interface LockHolder extends Pick<LockOwner, "host" | "pid" | "since"> {
  /** Whether it is known to be there: a process of this machine, or one that has touched the lock since we look. */
  readonly isAlive: boolean;
}

/** How a lock is waited for. */
export interface LockOptions {
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined;
  /** Called a few times a second while someone else has the lock; what it throws ends the waiting. */
  readonly onWait?: (holder: LockHolder) => unknown;
  /**
   * How long, in milliseconds, a lock may go untouched before its owner counts as gone; half a minute when left out.
   */
  readonly abandonedAfter?: number;
}

/** A lock that this process has taken. */
export interface Lock {
  /**
   * Whether this process still has it: another may have taken it over if this one was stopped for long, or somebody may
   * have removed it.
   *
   * @returns undefined while it has; else what is known of who has it now, which is nothing when nobody has.
   */
  lostTo(): Promise<Omit<LockOwner, "machine" | "start"> | undefined>;
}

/** The locks this process has, by the texts of their files. */
const held = new Set<string>();

/**
 * Does some work that no other process, on this machine or another that shares the folder, does at the same time.
 *
 * The lock is a file that says who has it, and is touched every two seconds. An owner that is no more is known at once
 * where its process number says so: on the same machine, not started anew since, in the same PID namespace. Any other,
 * as in another container or on a cluster's shared disk, counts as gone when nobody has touched its lock for half a
 * minute. It may be there all the same, stopped or cut off: so who has a lock asks, before each change it makes under
 * it, whether it still has it.
 *
 * Not by a lock of the kernel, which Node cannot take: on a network disk mounted with `nolock` or `localflock` that
 * holds for one machine alone, without a word, so that all of this would be needed beside it.
 *
 * @param path the file; its folder must exist.
 * @param work what to do.
 * @returns what the work returned.
 * @throws BioflaxError when the file cannot be written; the signal's reason when it comes while waiting.
 * @internal
 */
export async function withLock<R>(
  path: string,
  work: (lock: Lock) => Promise<R>,
  options: LockOptions = {},
): Promise<R> {
  const owner = newOwner();
  held.add(owner);
  try {
    const file = await take(path, owner, options);
    const stopHeartbeat = startHeartbeat(file.fd, TOUCH_MS);
    try {
      return await work({ lostTo: () => lostTo(path, owner) });
    } finally {
      await stopHeartbeat();
      await file.close().catch(() => {});
      // It may be another's by now. One that cannot be removed is that of a process that is no more soon.
      await look(path)
        .then((now) => (now?.owner === owner ? rm(path, { force: true }) : undefined))
        .catch(() => {});
    }
  } finally {
    held.delete(owner);
  }
}

/**
 * Who has a lock, as far as can be told without waiting: an owner of another machine counts as being there as long as
 * the lock's file was touched within half a minute by this machine's clock.
 *
 * @param path the lock's file.
 * @returns undefined where nobody has it.
 * @throws BioflaxError when something else is there.
 * @internal
 */
export async function lockHolder(path: string): Promise<LockHolder | undefined> {
  const seen = await look(path);
  if (seen === undefined) return undefined;
  const owner = parseOwner(seen.owner);
  if (isDead(owner, held.has(seen.owner))) return undefined;
  const isAlive = isOfThisMachine(owner) || Date.now() - seen.touched < ABANDONED_MS;
  const { host, pid, since } = owner;
  return isAlive
    ? {
        ...(host !== undefined && { host }),
        ...(pid !== undefined && { pid }),
        ...(since !== undefined && { since }),
        isAlive,
      }
    : undefined;
}

/** Waits until the lock is this process's. */
async function take(path: string, owner: string, options: LockOptions): Promise<FileHandle> {
  for (;;) {
    const file = await create(path, owner);
    if (file !== undefined) return file;
    await wait(path, options);
  }
}

/** Creates the file with its owner's name; undefined when it is there. */
async function create(path: string, owner: string): Promise<FileHandle | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, "wx");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return undefined;
    return unwritable(path)(error as Error);
  }
  try {
    await file.writeFile(owner);
    return file;
  } catch (error) {
    // A full disk may have room for the file and none for the name in it.
    await file.close().catch(() => {});
    await rm(path, { force: true }).catch(() => {});
    return unwritable(path)(error as Error);
  }
}

/** Waits until the lock is gone, or removes it when its owner is. */
async function wait(path: string, options: LockOptions): Promise<void> {
  const { signal, onWait, abandonedAfter = ABANDONED_MS } = options;
  let seen = await look(path);
  let seenAt = performance.now();
  let untouchedFor = 0;
  let touched = false;
  while (seen !== undefined) {
    const owner = parseOwner(seen.owner);
    // The file's own time says nothing by itself: the clock of another machine may be wrong.
    if (isDead(owner, held.has(seen.owner)) || untouchedFor > abandonedAfter) {
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
    const { host, pid, since } = owner;
    onWait?.({
      ...(host !== undefined && { host }),
      ...(pid !== undefined && { pid }),
      ...(since !== undefined && { since }),
      isAlive: touched || isOfThisMachine(owner),
    });
    await setTimeout(LOOK_MS, undefined, signal && { signal }).catch(() =>
      signal?.throwIfAborted(),
    );
    const now = await look(path);
    const lookedAt = performance.now();
    untouchedFor += Math.min(lookedAt - seenAt, MOST_MS);
    seenAt = lookedAt;
    if (now?.owner !== seen.owner || now.touched !== seen.touched) {
      untouchedFor = 0;
      touched = now?.owner === seen.owner;
    }
    seen = now;
  }
}

async function lostTo(path: string, owner: string) {
  const now = await look(path);
  return now?.owner === owner ? undefined : parseOwner(now?.owner ?? "");
}

/**
 * A lock as it is now: what its file says, and when it was last touched; undefined when there is none.
 *
 * The file is opened for both: network disks answer from memory to who asks without, for a minute.
 *
 * @throws BioflaxError when something else is there, which nobody takes over and which may keep a reader waiting for
 *   ever.
 */
async function look(path: string): Promise<{ owner: string; touched: number } | undefined> {
  const refuse = (what: string): never => {
    throw new BioflaxError(
      `${path}: expected the file that says who is writing here, received ${what}. Remove it.`,
    );
  };
  const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants;
  let file: FileHandle;
  try {
    file = await open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ELOOP") return refuse("a link");
    if (code === "ENXIO") return refuse("a socket");
    // The last is how a network disk says that it has been removed meanwhile.
    if (code === "ENOENT" || code === "ENOTDIR" || code === "ESTALE") return undefined;
    if (code !== "EACCES" && code !== "EPERM") return unwritable(path)(error as Error);
    // One that may not be read has an owner without a name.
    const found = await stat(path).catch(() => undefined);
    return found && { owner: "", touched: found.mtimeMs };
  }
  try {
    const found = await file.stat();
    if (!found.isFile()) refuse(kindOf(found));
    return { owner: await file.readFile("utf8"), touched: found.mtimeMs };
  } finally {
    await file.close();
  }
}
