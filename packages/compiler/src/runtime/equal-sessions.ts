import type { Model } from "../graph/model";
import type { CreateSession, Session } from "./session";

interface Shared {
  readonly model: Model;
  readonly session: Promise<Session>;
  users: number;
}

const areEqual = (a: Uint8Array, b: Uint8Array) =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);

/**
 * Makes sessions of which those of equal models are one, freed with the last that was asked for: networks that differ
 * in their weights alone have the same programs. All are made with the same setup.
 */
export function sharingEqualModels(createSession: CreateSession): CreateSession {
  const all: Shared[] = [];
  return async (model, setup) => {
    const known = all.find((one) => areEqual(one.model.bytes, model.bytes));
    const shared = known ?? { model, session: createSession(model, setup), users: 0 };
    if (known === undefined) all.push(shared);
    shared.users++;
    const leave = async () => {
      if (--shared.users > 0) return;
      all.splice(all.indexOf(shared), 1);
      await (await shared.session).release();
    };
    const session = await shared.session.catch(async (error) => {
      await leave().catch(() => {});
      throw error;
    });
    return { run: (feeds) => session.run(feeds), release: leave };
  };
}
