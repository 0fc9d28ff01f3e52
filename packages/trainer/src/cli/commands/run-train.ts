import type { CommandConfig } from "../../config/schema";
import type { TrainOptions } from "../../prepare";
import type { TrainedRun } from "../../reporter";
import { colorsFor } from "../colors";
import { exitStatus, type Io } from "../io";
import { quietReporter, terminalReporter } from "../terminal-reporter";

/**
 * `bioflax train`: trains, shows how it goes, and stops at Ctrl-C; at a second one at once.
 *
 * @param start starts the run, or goes on with one.
 * @returns the exit status.
 */
export async function runTrain(
  start: (options: TrainOptions) => Promise<TrainedRun>,
  { quiet, verbose, json }: Pick<CommandConfig, "quiet" | "verbose" | "json">,
  io: Io,
): Promise<number> {
  // Read when TensorFlow's library is loaded, which hides its log otherwise.
  if (verbose) process.env.TF_CPP_MIN_LOG_LEVEL ??= "0";
  const stop = new AbortController();
  const reporter = quiet ? quietReporter(io) : terminalReporter(io);
  const onSignal = () => {
    if (stop.signal.aborted) return io.exit(exitStatus.interrupted);
    stop.abort();
    const { yellow } = colorsFor(io.stderr, io.env);
    if (!quiet)
      io.stderr.write(
        `\n${yellow("stopping")} after the steps under way; press Ctrl-C again to stop at once\n`,
      );
  };
  io.signals.on("SIGINT", onSignal);
  io.signals.on("SIGTERM", onSignal);
  try {
    const { folder, summary } = await start({
      reporter,
      verbose,
      signal: stop.signal,
      startedAt: io.startedAt,
    });
    if (json) io.stdout.write(`${JSON.stringify({ ...summary, folder })}\n`);
    return summary.status === "interrupted" ? exitStatus.interrupted : exitStatus.done;
  } catch (error) {
    // Stopped over a download, before there was a run to save.
    if (stop.signal.aborted && error === stop.signal.reason) return exitStatus.interrupted;
    throw error;
  } finally {
    reporter.close();
    io.signals.off("SIGINT", onSignal);
    io.signals.off("SIGTERM", onSignal);
  }
}
