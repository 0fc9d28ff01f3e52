import { platform } from "#platform";
import type { CreateSession, Session } from "./session";
import type { ThreadCount } from "./thread-count";

/**
 * Makes sessions that compute each call with as many threads as the count says: a session of its own for each
 * number, made when it is first taken.
 *
 * @param stepsOf how many steps a call takes, by what it is fed.
 */
export function sessionsByThreads(
  createSession: CreateSession,
  count: ThreadCount,
  stepsOf: (feeds: Parameters<Session["run"]>[0]) => number,
): CreateSession {
  return async (model, setup = {}) => {
    const sessions = new Map([[count.most, await createSession(model, setup)]]);
    const sessionOf = async (threads: number): Promise<Session> => {
      const known = sessions.get(threads);
      if (known !== undefined) return known;
      // One beside that of all is enough: others will have left another number of processors free.
      for (const [other, session] of sessions) {
        if (other === count.most) continue;
        sessions.delete(other);
        await session.release();
      }
      const session = await createSession(model, { ...setup, threads });
      sessions.set(threads, session);
      return session;
    };
    return {
      async run(feeds) {
        const threads = count.next;
        const session = await sessionOf(threads);
        const before = platform.processorTimes();
        const results = await session.run(feeds);
        const after = platform.processorTimes();
        if (before !== undefined && after !== undefined)
          count.ran(threads, stepsOf(feeds), before, after);
        return results;
      },
      async release() {
        for (const session of sessions.values()) await session.release();
      },
    };
  };
}
