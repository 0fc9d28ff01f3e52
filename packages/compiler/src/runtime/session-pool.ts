import type { Model } from "../graph/model";
import { createSession, type Session, type SessionOptions } from "./session";

/** What a session of a pool is made of. */
export interface PooledModel {
  readonly model: Model;
  /** Outputs that stay where the session computes. */
  readonly resident: readonly string[];
}

/** Sessions by name; each is made when it is first needed. */
export class SessionPool {
  readonly #options: SessionOptions;
  readonly #sessions = new Map<string, Promise<Session>>();

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** The session of a name, made of a model the first time. */
  get(name: string, make: () => PooledModel): Promise<Session> {
    let session = this.#sessions.get(name);
    if (session === undefined) {
      const { model, resident } = make();
      session = createSession(model, { ...this.#options, resident });
      this.#sessions.set(name, session);
      // A session that could not be made is forgotten, so that the next call tries again.
      session.catch(() => this.#sessions.delete(name));
    }
    return session;
  }

  /** Frees the sessions. */
  async release(): Promise<void> {
    const sessions = await Promise.all(this.#sessions.values());
    this.#sessions.clear();
    await Promise.all(sessions.map((session) => session.release()));
  }
}
