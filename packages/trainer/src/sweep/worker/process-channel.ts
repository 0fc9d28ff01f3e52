import { stopSignals } from "../../base/stop-signals";
import type { ToWorker } from "./messages";
import type { Channel } from "./work";

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
      for (const signal of stopSignals) process.on(signal, listener);
    },
  };
}
