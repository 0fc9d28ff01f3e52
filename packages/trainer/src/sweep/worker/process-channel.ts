import type { ToWorker } from "./messages";
import type { Channel } from "./work";

/** What stops a process, as the command's `stopSignals` do. */
const signals = [
  "SIGINT",
  "SIGTERM",
  "SIGHUP",
  "SIGQUIT",
  "SIGUSR1",
  "SIGUSR2",
  "SIGXCPU",
] as const;

/** The channel of this process to the one that started it. */
export function processChannel(): Channel {
  return {
    send: (message) =>
      new Promise((resolve) => {
        // Whoever is gone is told nothing; that it is gone, `onEnd` tells.
        if (process.connected) process.send?.(message, undefined, undefined, () => resolve());
        else resolve();
      }),
    onMessage(listener) {
      process.on("message", (message) => listener(message as ToWorker));
    },
    onEnd(listener) {
      process.once("disconnect", listener);
      for (const signal of signals) process.on(signal, listener);
    },
  };
}
