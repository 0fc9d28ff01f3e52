import type { Config } from "../../config/schema";
import { loadPlugins } from "../../plugins/load";
import { measureRuns } from "./measure-run";
import type { AssignedRun, FromWorker, Outcome, ToWorker } from "./messages";
import { trainAssigned, trainReplicasAssigned } from "./train-assigned";

/** Where a worker hears from, and tells to: a process with a channel to its parent. */
export interface Channel {
  /** @returns when it is on its way. */
  send(message: FromWorker): Promise<void>;
  /** @param listener told each message. */
  onMessage(listener: (message: ToWorker) => void): void;
  /** @param listener told when there is nobody at the other end any more, or a signal says to stop. */
  onEnd(listener: () => void): void;
}

/**
 * What a worker of a sweep does: trains the runs it is given, one after another or as replicas, until it is told to stop, or nobody is
 * there to tell it. What is under way then is saved.
 */
export function work({ send: sendOne, onMessage, onEnd }: Channel): Promise<void> {
  return new Promise((resolve) => {
    const stop = new AbortController();
    let sent = Promise.resolve();
    const send = (message: FromWorker) => {
      sent = sendOne(message);
    };
    let current: { readonly folder: string; readonly stop: AbortController } | undefined;
    let working = Promise.resolve();
    const ended = (folder: string, start: number) => (outcome: Outcome) =>
      send({
        type: "ended",
        folder,
        outcome,
        seconds: (performance.now() - start) / 1000,
        peakBytes: process.resourceUsage().maxRSS * 1024,
      });
    const trainOne = async (run: AssignedRun) => {
      const tell = ended(run.folder, performance.now());
      if (stop.signal.aborted) return tell({ kind: "interrupted" });
      current = { folder: run.folder, stop: new AbortController() };
      const signal = AbortSignal.any([stop.signal, current.stop.signal]);
      const outcome = await trainAssigned(run, signal, send);
      current = undefined;
      tell(outcome);
    };
    const trainTogether = async (runs: readonly AssignedRun[]) => {
      const start = performance.now();
      await trainReplicasAssigned(runs, stop.signal, send, (folder, outcome) =>
        ended(folder, start)(outcome),
      );
    };
    const end = () => {
      stop.abort();
      working.then(() => sent).then(resolve);
    };
    onEnd(end);
    onMessage((message) => {
      if (message.type === "stop") end();
      if (message.type === "stopRun" && current?.folder === message.folder) current.stop.abort();
      if (message.type === "measure")
        working = working.then(async () => {
          const result = await measure(message.configs);
          send({ type: "measured", result });
        });
      if (message.type === "task")
        working = working.then(async () => {
          if (message.asReplicas) await trainTogether(message.runs);
          else for (const run of message.runs) await trainOne(run);
          send({ type: "idle" });
        });
    });
  });
}

async function measure(configs: readonly Config[]) {
  try {
    await loadPlugins(configs[0]?.plugins ?? []);
    return await measureRuns(configs, 0);
  } catch (error) {
    return { error: (error as Error).message };
  }
}
