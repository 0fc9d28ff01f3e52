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
    }
  | { readonly do: "release"; readonly session: number }
  | { readonly do: "keep"; readonly key: number; readonly array: Sent }
  | { readonly do: "drop"; readonly key: number };

interface Answer {
  /** Of a session that was made. */
  readonly inputNames?: readonly string[];
  /** Of a run. */
  readonly results?: Readonly<Record<string, Sent>>;
}

const sent = ({ type, dims, data }: SessionTensor): Sent => ({ type, dims, data });

/**
 * A thread in which sessions run, so that several do at once: ONNX Runtime for Node computes in the thread that asks.
 *
 * What it is given to keep lies there once more, since threads of Node share no memory that ONNX Runtime takes.
 */
export class SessionThread implements SessionHost {
  readonly #thread: Thread;
  /** What the thread keeps, by the number it has there. */
  readonly #kept = new Map<SessionTensor, number>();
  #next = 0;

  /** What is carried from call to call comes back to the thread that asks. */
  readonly memory: DeviceMemory<SessionTensor> = sharedMemory({
    isDevice: false,
    upload: (array) => this.#keep(array),
    download: async ({ data }) => Float32Array.from(data as Float32Array),
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
  readonly createSession: CreateSession = async (model, setup = {}) => {
    const session = this.#next++;
    const options = runtimeOptions(await loadRuntime(), setup);
    const { inputNames = [] } = await this.#ask({
      ...{ do: "create", session, bytes: model.bytes, options },
    });
    return {
      run: (feeds) => this.#run(session, model, inputNames, feeds),
      release: async () => {
        await this.#ask({ do: "release", session });
      },
    };
  };

  async #run(
    session: number,
    model: Model,
    inputNames: readonly string[],
    feeds: Parameters<Session["run"]>[0],
  ): Promise<SessionTensor[]> {
    const given = inputNames.map((name): [string, Sent | number] => {
      const tensor = feeds[name] as SessionTensor;
      return [name, this.#kept.get(tensor) ?? sent(tensor)];
    });
    const { results = {} } = await this.#ask({
      do: "run",
      session,
      feeds: Object.fromEntries(given),
    });
    return Promise.all(
      model.outputs.map((name) => {
        const { type, data, dims } = results[name] as Sent;
        return hostTensor({ type, data, shape: dims } as HostArray);
      }),
    );
  }

  async #keep(array: HostArray): Promise<SessionTensor> {
    const tensor = await hostTensor(array);
    const key = this.#next++;
    await this.#ask({ do: "keep", key, array: sent(tensor) });
    this.#kept.set(tensor, key);
    return tensor;
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
