import { createRequire } from "node:module";
import type { Worker } from "node:worker_threads";
import type { Model } from "../graph/model";
import type { DeviceMemory } from "./device-memory";
import type { HostArray } from "./host-array";
import { hostTensor } from "./runtime";
import { type CreateSession, runtimeOptions, type Session, type SessionTensor } from "./session";
import type { SessionHost } from "./session-host";

/** An array as threads send it to each other: copied. */
type Sent = Pick<SessionTensor, "type" | "dims" | "data">;

/** What the thread is asked to do; each is answered in its turn. */
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
      readonly feeds: Readonly<Record<string, Sent | number>>;
    }
  | { readonly do: "release"; readonly session: number }
  | { readonly do: "keep"; readonly key: number; readonly array: Sent }
  | { readonly do: "drop"; readonly key: number };

interface Answer {
  readonly error?: string;
  readonly results?: Readonly<Record<string, Sent>>;
  readonly inputNames?: readonly string[];
}

/**
 * What the thread does. Text, not a file: packed as one file or run from its sources, there is nothing to be found.
 *
 * Results are copied back: memory that ONNX Runtime has made cannot be handed over.
 */
const source = `
const { parentPort, workerData } = require("node:worker_threads");
const { InferenceSession, Tensor } = require(workerData.runtime);
const sessions = new Map();
const kept = new Map();
const tensor = ({ type, data, dims }) => new Tensor(type, data, dims);
const actions = {
  async create({ session, bytes, options }) {
    const made = await InferenceSession.create(bytes, options);
    sessions.set(session, made);
    return { inputNames: made.inputNames };
  },
  async run({ session, feeds }) {
    const tensors = Object.entries(feeds).map(([name, given]) => [
      name,
      typeof given === "number" ? kept.get(given) : tensor(given),
    ]);
    const results = await sessions.get(session).run(Object.fromEntries(tensors));
    return {
      results: Object.fromEntries(
        Object.entries(results).map(([name, { type, data, dims }]) => [name, { type, data, dims }]),
      ),
    };
  },
  async release({ session }) {
    await sessions.get(session).release();
    sessions.delete(session);
  },
  async keep({ key, array }) {
    kept.set(key, tensor(array));
  },
  async drop({ key }) {
    kept.delete(key);
  },
};
let last = Promise.resolve();
parentPort.on("message", (request) => {
  last = last.then(async () => {
    try {
      parentPort.postMessage((await actions[request.do](request)) ?? {});
    } catch (error) {
      parentPort.postMessage({ error: String(error?.message ?? error) });
    }
  });
});
`;

/** Who waits for an answer. */
interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

const sent = ({ type, dims, data }: SessionTensor): Sent => ({ type, dims, data });

/**
 * A thread in which sessions run, so that several do at once: ONNX Runtime for Node computes in the thread that asks.
 *
 * What it is given to keep lies there once more, since threads of Node share no memory that ONNX Runtime takes.
 */
export class SessionThread implements SessionHost {
  readonly #thread: Worker;
  readonly #waiting: Waiting[] = [];
  /** What the thread keeps: the number it has there, and what it was made from, by which it is known. */
  readonly #kept = new Map<SessionTensor, { readonly key: number; readonly data: object }>();
  readonly #known = new Map<object, { readonly tensor: Promise<SessionTensor>; users: number }>();
  #next = 0;

  /** What is carried from call to call comes back to the thread that asks. */
  readonly memory: DeviceMemory<SessionTensor> = {
    isDevice: false,
    upload: (array) => this.#keep(array),
    download: async ({ data }) => Float32Array.from(data as Float32Array),
    free: (tensor) => this.#free(tensor),
    async release() {},
  };

  private constructor(thread: Worker) {
    this.#thread = thread;
    thread.unref();
    thread.on("message", (answer: Answer) => {
      const { resolve, reject } = this.#waiting.shift() as Waiting;
      if (this.#waiting.length === 0) thread.unref();
      if (answer.error === undefined) resolve(answer);
      else reject(new Error(answer.error));
    });
    thread.on("error", (error) => this.#fail(error));
    thread.on("exit", () => this.#fail(new Error("the thread has ended")));
  }

  /** Starts one. */
  static async start(): Promise<SessionThread> {
    const { Worker } = await import("node:worker_threads");
    const runtime = createRequire(import.meta.url).resolve("onnxruntime-node");
    return new SessionThread(
      new Worker(source, { eval: true, execArgv: [], workerData: { runtime } }),
    );
  }

  /** Makes a session that runs in the thread. */
  readonly createSession: CreateSession = async (model, options = {}) => {
    const session = this.#next++;
    const { inputNames = [] } = await this.#ask({
      ...{ do: "create", session, bytes: model.bytes },
      options: runtimeOptions(options),
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
      return [name, this.#kept.get(tensor)?.key ?? sent(tensor)];
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

  #keep(array: HostArray): Promise<SessionTensor> {
    const known = this.#known.get(array.data);
    if (known !== undefined) {
      known.users++;
      return known.tensor;
    }
    const tensor = this.#bring(array);
    this.#known.set(array.data, { tensor, users: 1 });
    return tensor;
  }

  async #bring(array: HostArray): Promise<SessionTensor> {
    const tensor = await hostTensor(array);
    const key = this.#next++;
    await this.#ask({ do: "keep", key, array: sent(tensor) });
    this.#kept.set(tensor, { key, data: array.data });
    return tensor;
  }

  #free(tensor: SessionTensor): void {
    const kept = this.#kept.get(tensor);
    const known = kept && this.#known.get(kept.data);
    if (kept === undefined || known === undefined || --known.users > 0) return;
    this.#kept.delete(tensor);
    this.#known.delete(kept.data);
    // Where the thread has ended, nothing is kept.
    this.#ask({ do: "drop", key: kept.key }).catch(() => {});
  }

  /** Ends it, with all that it keeps. */
  async end(): Promise<void> {
    await this.#thread.terminate();
  }

  #ask(request: Request): Promise<Answer> {
    this.#thread.ref();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#thread.postMessage(request);
    });
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
