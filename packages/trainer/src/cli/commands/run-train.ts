import type { CommandConfig } from "../../config/schema";
import type { TrainedRun } from "../../loggers/reporter";
import type { TrainOptions } from "../../run/prepare";
import { exitStatus, type Io } from "../io";
import { quietReporter, terminalReporter } from "../terminal-reporter";

/**
 * `bioflax train`: trains, shows how it goes, and stops when the signal says so.
 *
 * @param start starts the run, or goes on with one.
 * @param signal stops it; what there is is saved.
 * @returns the exit status.
 */
export async function runTrain(
  start: (options: TrainOptions) => Promise<TrainedRun>,
  { quiet, verbose, json }: Pick<CommandConfig, "quiet" | "verbose" | "json">,
  io: Io,
  signal: AbortSignal,
): Promise<number> {
  // Read when TensorFlow's library is loaded, which hides its log otherwise.
  if (verbose) process.env.TF_CPP_MIN_LOG_LEVEL ??= "0";
  const reporter = quiet ? quietReporter(io) : terminalReporter(io);
  try {
    const { folder, summary } = await start({
      reporter,
      verbose,
      signal,
      startedAt: io.startedAt,
    });
    if (json) io.stdout.write(`${JSON.stringify({ ...summary, folder })}\n`);
    return summary.status === "interrupted" ? exitStatus.interrupted : exitStatus.done;
  } catch (error) {
    // Stopped before there was a run to save.
    if (signal.aborted && error === signal.reason) return exitStatus.interrupted;
    throw error;
  } finally {
    reporter.close();
  }
}
