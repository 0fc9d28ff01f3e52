import { loadPlugins } from "../../plugins/load";
import { measureRun } from "./measure-run";
import type { FromWorker, ToWorker } from "./messages";
import { trainAssigned } from "./train-assigned";

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
 * What a worker of a sweep does: trains the runs it is given, one after another, until it is told to stop, or nobody is
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
          const result = await measure(message.config);
          send({ type: "measured", result });
        });
      if (message.type === "task")
        working = working.then(async () => {
          for (const run of message.runs) {
            const start = performance.now();
            current = { folder: run.folder, stop: new AbortController() };
            const signal = AbortSignal.any([stop.signal, current.stop.signal]);
            const outcome = stop.signal.aborted
              ? ({ kind: "interrupted" } as const)
              : await trainAssigned(run, signal, send);
            current = undefined;
            send({
              type: "ended",
              folder: run.folder,
              outcome,
              seconds: (performance.now() - start) / 1000,
              peakBytes: process.resourceUsage().maxRSS * 1024,
            });
          }
          send({ type: "idle" });
        });
    });
  });
}

async function measure(config: Parameters<typeof measureRun>[0]) {
  try {
    await loadPlugins(config.plugins ?? []);
    return await measureRun(config, 0);
  } catch (error) {
    return { error: (error as Error).message };
  }
}
