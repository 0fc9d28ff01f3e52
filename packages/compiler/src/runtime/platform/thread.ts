import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import type { Thread } from "./platform";

/**
 * What the thread does. Text, not a file: packed as one file or run from its sources, there is nothing to be found.
 *
 * Results that are not kept here are copied back: memory that ONNX Runtime has made cannot be handed over.
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
  async run({ session, feeds, keep }) {
    const tensors = Object.entries(feeds).map(([name, given]) => [
      name,
      typeof given === "number" ? kept.get(given) : tensor(given),
    ]);
    const results = await sessions.get(session).run(Object.fromEntries(tensors));
    const answer = Object.entries(results).map(([name, result]) => {
      const { type, dims } = result;
      if (keep[name] === undefined) return [name, { type, dims, data: result.data }];
      kept.set(keep[name], result);
      return [name, { type, dims }];
    });
    return { results: Object.fromEntries(answer) };
  },
  async release({ session }) {
    await sessions.get(session).release();
    sessions.delete(session);
  },
  async keep({ key, array }) {
    kept.set(key, tensor(array));
  },
  async fetch({ key }) {
    return { data: kept.get(key).data };
  },
  async drop({ key }) {
    const { buffer } = kept.get(key).data;
    kept.delete(key);
    // At once: the collector would leave those of many calls behind.
    const { port1, port2 } = new MessageChannel();
    port1.postMessage(undefined, [buffer]);
    port1.close();
    port2.close();
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
  readonly resolve: (answer: object) => void;
  readonly reject: (error: Error) => void;
}

/** Starts a thread of Node that has ONNX Runtime. */
export async function startThread(): Promise<Thread> {
  const runtime = createRequire(import.meta.url).resolve("onnxruntime-node");
  const thread = new Worker(source, { eval: true, execArgv: [], workerData: { runtime } });
  // It keeps the process only while something is waited for.
  thread.unref();
  const waiting: Waiting[] = [];
  let ended: Error | undefined;
  let isEnding = false;
  const end = (error: Error) => {
    ended ??= error;
    for (const { reject } of waiting.splice(0)) reject(ended);
  };
  thread.on("message", ({ error, ...answer }: { readonly error?: string }) => {
    const { resolve, reject } = waiting.shift() as Waiting;
    // One that is told to end is waited for, though it answers what it was asked before.
    if (waiting.length === 0 && !isEnding) thread.unref();
    if (error === undefined) resolve(answer);
    else reject(new Error(error));
  });
  thread.on("error", end);
  thread.on("exit", () => end(new Error("The thread has ended.")));
  return {
    async ask(request) {
      if (ended !== undefined) throw ended;
      thread.ref();
      return new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        thread.postMessage(request);
      });
    },
    async end() {
      isEnding = true;
      await thread.terminate();
    },
  };
}
