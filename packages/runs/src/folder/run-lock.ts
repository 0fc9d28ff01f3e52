import { access } from "node:fs/promises";
import { BioflaxError } from "@bioflax/core";
import { type Lock, type LockHolder, withLock } from "@bioflax/datasets/node";
import { writingFailed } from "./write-atomically";

/** The file that says who is writing a run folder. */
export const LOCK = ".lock";

/** How someone who has a lock is called. */
function nameOf({ host, pid, since }: Omit<LockHolder, "isAlive">): string {
  const who = pid === undefined ? "another process" : `process ${pid} on ${host}`;
  return since === undefined ? who : `${who} since ${since}`;
}

/**
 * Checks that nobody else writes a run folder by now: this process may have been stopped for long, so that another has
 * taken it over, and the folder may have been moved or removed.
 *
 * @throws BioflaxError saying which.
 */
async function checkOwn(folder: string, path: string, lock: Lock): Promise<void> {
  const holder = await lock.lostTo();
  if (holder === undefined) return;
  await access(folder).catch((error) => {
    throw writingFailed(folder, error);
  });
  throw new BioflaxError(
    holder.pid === undefined
      ? `${folder}: expected ${path} to be there, by which no two processes write one run, but it has been removed. What was saved ` +
          `before is there: bioflax train --resume ${folder}`
      : `${folder}: expected to be the only one that writes it, but ${nameOf(holder)} has taken it over, for this one showed for ` +
          "half a minute no sign of being there. The run goes on over there.",
  );
}

/**
 * Does some work in a run folder that no other process writes meanwhile.
 *
 * The lock of a process of this machine that is no more is taken over; that of another machine's or another
 * container's, when nobody has touched it for half a minute.
 *
 * @param folder the run folder.
 * @param path the lock's file in it.
 * @param work is given what to call before each change to the folder; it throws when somebody else writes there by now.
 * @param onNotice told when it has to wait to see whether the process of another machine is still there.
 * @throws BioflaxError naming the process that is writing it; the signal's reason when that comes first.
 */
export async function withRunLock<R>(
  folder: string,
  path: string,
  work: (check: () => Promise<void>) => Promise<R>,
  { signal, onNotice }: { signal?: AbortSignal | undefined; onNotice?: (text: string) => void },
): Promise<R> {
  let told = false;
  let started = false;
  const begin = (lock: Lock) => {
    started = true;
    return work(() => checkOwn(folder, path, lock));
  };
  const onWait = (holder: LockHolder) => {
    if (holder.isAlive)
      throw new BioflaxError(
        `${folder}: expected a run folder that nobody is writing, but ${nameOf(holder)} is. ` +
          `Wait for it or stop it; if it is not there any more, delete ${path}.`,
      );
    if (!told)
      onNotice?.(
        `waiting up to half a minute to see whether ${nameOf(holder)} still writes ${folder}`,
      );
    told = true;
  };
  try {
    return await withLock(path, begin, { signal, onWait });
  } catch (error) {
    const { cause } = error as BioflaxError;
    throw !started && cause instanceof Error ? writingFailed(path, cause) : error;
  }
}
