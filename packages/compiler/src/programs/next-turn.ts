const { setImmediate, MessageChannel } = globalThis as {
  setImmediate?: (then: () => void) => void;
  MessageChannel: typeof globalThis.MessageChannel;
};

/**
 * Lets whatever waits for this thread have its turn: signals, messages, what is to be drawn.
 *
 * A browser has no `setImmediate`, and its timers wait for some milliseconds; a message does not.
 */
export function nextTurn(): Promise<void> {
  return new Promise((then) => {
    if (setImmediate !== undefined) return setImmediate(then);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      then();
    };
    port2.postMessage(undefined);
  });
}
