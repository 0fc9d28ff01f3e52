import { platform } from "#platform";
import type { Model } from "../graph/model";
import type { DeviceMemory } from "./device-memory";
import type { HostArray } from "./host-array";
import type { Thread } from "./platform/platform";
import { hostTensor, loadRuntime } from "./runtime";
import { type CreateSession, runtimeOptions, type Session, type SessionTensor } from "./session";
import type { SessionHost } from "./session-host";
import { sharedMemory } from "./shared-memory";

/** An array as threads send it to each other: copied. */
type Sent = Pick<SessionTensor, "type" | "dims" | "data">;
/** What is told of an array that stays in the thread. */
type Told = Pick<SessionTensor, "type" | "dims">;

/** What the thread is asked to do. */
type Request =
  | {
      readonly do: "create";
      readonly session: number;
      readonly bytes: Uint8Array;
      readonly options: object;
    }
  | {
      readonly do: "run";
      readonly session: number;
      /** Arrays, or the numbers of some that the thread keeps. */
      readonly feeds: Readonly<Record<string, Sent | number>>;
      /** Results that the thread keeps, and the numbers they have there. */
      readonly keep: Readonly<Record<string, number>>;
    }
  | { readonly do: "release"; readonly session: number }
  | { readonly do: "keep"; readonly key: number; readonly array: Sent }
  | { readonly do: "fetch"; readonly key: number }
  | { readonly do: "drop"; readonly key: number };

interface Answer {
  /** Of a session that was made. */
  readonly inputNames?: readonly string[];
  /** Of a run; without data where the thread keeps it. */
  readonly results?: Readonly<Record<string, Told & Partial<Sent>>>;
  /** Of what was fetched. */
  readonly data?: Sent["data"];
}

/** A session as it is asked for. */
interface Asked {
  readonly session: number;
  readonly model: Model;
  readonly inputNames: readonly string[];
  /** Results that stay in the thread. */
  readonly resident: readonly string[];
}

const sent = ({ type, dims, data }: SessionTensor): Sent => ({ type, dims, data });

/**
 * A thread in which sessions run, so that several do at once: ONNX Runtime for Node computes in the thread that asks.
 *
 * What lasts from call to call stays there. What it is given to keep lies there once more, since threads of Node share no
 * memory that ONNX Runtime takes.
 */
export class SessionThread implements SessionHost {
  readonly #thread: Thread;
  /** What the thread keeps, by the number it has there. */
  readonly #kept = new Map<SessionTensor, number>();
  #next = 0;

  readonly memory: DeviceMemory<SessionTensor> = sharedMemory({
    isDevice: true,
    upload: (array) => this.#keep(array),
    download: (tensor) => this.#fetch(tensor),
    free: (tensor) => this.#drop(tensor),
    async release() {},
  });

  private constructor(thread: Thread) {
    this.#thread = thread;
  }

  /** Starts one. */
  static async start(): Promise<SessionThread> {
    return new SessionThread(await platform.startThread());
  }

  /** Makes a session that runs in the thread. */
  readonly createSession: CreateSession = async (model, { resident = [], ...setup } = {}) => {
    const session = this.#next++;
    const options = runtimeOptions(await loadRuntime(), setup);
    const { inputNames = [] } = await this.#ask({
      ...{ do: "create", session, bytes: model.bytes, options },
    });
    return {
      run: (feeds) => this.#run({ session, model, inputNames, resident }, feeds),
      release: async () => {
        await this.#ask({ do: "release", session });
      },
    };
  };

  async #run(
    { session, model, inputNames, resident }: Asked,
    feeds: Parameters<Session["run"]>[0],
  ): Promise<SessionTensor[]> {
    const given = inputNames.map((name): [string, Sent | number] => {
      const tensor = feeds[name] as SessionTensor;
      return [name, this.#kept.get(tensor) ?? sent(tensor)];
    });
    const keep = Object.fromEntries(resident.map((name) => [name, this.#next++]));
    const { results = {} } = await this.#ask({
      ...{ do: "run", session, feeds: Object.fromEntries(given), keep },
    });
    return Promise.all(
      model.outputs.map((name) => {
        const key = keep[name];
        const { type, data, dims } = results[name] as Sent;
        return key === undefined
          ? hostTensor({ type, data, shape: dims } as HostArray)
          : this.#know({ type, dims }, key);
      }),
    );
  }

  /** What stands for an array that the thread keeps. */
  #know(told: Told, key: number): SessionTensor {
    const tensor = { ...told } as SessionTensor;
    this.#kept.set(tensor, key);
    return tensor;
  }

  async #keep({ type, data, shape }: HostArray): Promise<SessionTensor> {
    const key = this.#next++;
    const told = { type, dims: shape };
    await this.#ask({ do: "keep", key, array: { ...told, data } as Sent });
    return this.#know(told, key);
  }

  async #fetch(tensor: SessionTensor): Promise<Float32Array> {
    const { data } = await this.#ask({ do: "fetch", key: this.#kept.get(tensor) as number });
    return data as Float32Array;
  }

  #drop(tensor: SessionTensor): void {
    const key = this.#kept.get(tensor);
    if (key === undefined || !this.#kept.delete(tensor)) return;
    // Where the thread has ended, nothing is kept.
    this.#ask({ do: "drop", key }).catch(() => {});
  }

  /** Ends it, with all that it keeps. */
  end(): Promise<void> {
    return this.#thread.end();
  }

  #ask(request: Request): Promise<Answer> {
    return this.#thread.ask(request);
  }
}
