import { type StopSignal, stopSignals } from "../base/stop-signals";
import { colorsFor } from "./colors";
import { exitStatus, type Io } from "./io";

/** What a person sends from a terminal: a second one is meant. Others come again from whoever sends them twice. */
const fromKeyboard: readonly StopSignal[] = ["SIGINT", "SIGQUIT"];

/**
 * Does some work that signals stop: the first one aborts, and a Ctrl-C after it ends the process at once.
 *
 * Clusters send one signal well before the end and another one shortly before; the second changes nothing, so that what
 * the first one has begun to save is saved.
 *
 * @param work told by its signal, whose reason is an error, when it is to stop.
 * @param options.quiet whether nothing is said of it.
 */
export async function stoppable<R>(
  io: Io,
  { quiet }: { readonly quiet: boolean },
  work: (signal: AbortSignal) => Promise<R>,
): Promise<R> {
  const stop = new AbortController();
  const { yellow } = colorsFor(io.stderr, io.env);
  const listeners = stopSignals.map((name) => {
    const listener = () => {
      if (stop.signal.aborted) {
        if (fromKeyboard.includes(name)) io.exit(exitStatus.interrupted);
        return;
      }
      stop.abort();
      if (quiet) return;
      const why = name === "SIGINT" ? "" : ` at ${name}`;
      const again = name === "SIGINT" ? "press Ctrl-C again" : "press Ctrl-C";
      io.stderr.write(
        `\n${yellow("stopping")}${why} after the steps under way; ${again} to stop at once\n`,
      );
    };
    io.signals.on(name, listener);
    return { name, listener };
  });
  try {
    return await work(stop.signal);
  } finally {
    for (const { name, listener } of listeners) io.signals.off(name, listener);
  }
}
