import { BioflaxError } from "@bioflax/core";
import { type LockHolder, withLock } from "@bioflax/datasets";
import { writingFailed } from "./write-atomically";

/** The file that says who is writing a run folder. */
export const LOCK = ".lock";

/** How someone who has a lock is called. */
function nameOf({ host, pid, since }: LockHolder): string {
  const who = pid === undefined ? "another process" : `process ${pid} on ${host}`;
  return since === undefined ? who : `${who} since ${since}`;
}

/**
 * Does some work in a run folder that no other process writes meanwhile.
 *
 * The lock of a process of this machine that is no more is taken over; that of another machine's, when nobody has touched it for
 * a minute.
 *
 * @param folder the run folder.
 * @param path the lock's file in it.
 * @param onNotice told when it has to wait to see whether the process of another machine is still there.
 * @throws BioflaxError naming the process that is writing it; the signal's reason when that comes first.
 */
export async function withRunLock<R>(
  folder: string,
  path: string,
  work: () => Promise<R>,
  { signal, onNotice }: { signal?: AbortSignal | undefined; onNotice?: (text: string) => void },
): Promise<R> {
  let told = false;
  let started = false;
  const begin = () => {
    started = true;
    return work();
  };
  const onWait = (holder: LockHolder) => {
    if (holder.isAlive)
      throw new BioflaxError(
        `${folder}: expected a run folder that nobody is writing, but ${nameOf(holder)} is. ` +
          `Wait for it or stop it; if it is not there any more, delete ${path}.`,
      );
    if (!told)
      onNotice?.(`waiting up to a minute to see whether ${nameOf(holder)} still writes ${folder}`);
    told = true;
  };
  try {
    return await withLock(path, begin, { signal, onWait });
  } catch (error) {
    const { cause } = error as BioflaxError;
    throw !started && cause instanceof Error ? writingFailed(path, cause) : error;
  }
}
