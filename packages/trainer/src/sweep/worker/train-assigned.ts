import { BioflaxError } from "@bioflax/core";
import type { Summary } from "@bioflax/runs";
import { RunFolder } from "@bioflax/runs/node";
import { DivergedError } from "../../diagnosis/diverged";
import type { Reporter, TrainedRun } from "../../loggers/reporter";
import { resume } from "../../run/resume";
import { train } from "../../run/train";
import { startReplicas } from "../../run/train-replicas";
import type { AssignedRun, FromWorker, Outcome } from "./messages";

/** How often progress is told, in milliseconds. */
const TELL_MS = 200;

/**
 * Trains a run of a sweep, or goes on with it where it was stopped: in the threads it was begun with, whatever it would
 * have now, so that its numbers are those of a run that was never stopped.
 *
 * @param tell told how it goes.
 */
export async function trainAssigned(
  { folder, config }: AssignedRun,
  signal: AbortSignal,
  tell: (message: FromWorker) => void,
): Promise<Outcome> {
  const reporter = tellingReporter(folder, config.epochs, tell);
  try {
    const { out: _out, threads, ...settings } = config;
    const { summary } = (await RunFolder.holdsRun(folder))
      ? await resume(folder, { settings, reporter, signal })
      : await train(
          { ...settings, ...(threads !== undefined && { threads }), out: folder },
          { reporter, signal },
        );
    return outcomeOf(summary);
  } catch (error) {
    return outcomeOfError(error, folder, signal);
  }
}

/**
 * Trains runs of a sweep as replicas of one another, or goes on with them.
 *
 * @param tell told how each goes.
 * @param onEnd told how each ends, as soon as it does.
 */
export async function trainReplicasAssigned(
  runs: readonly AssignedRun[],
  signal: AbortSignal,
  tell: (message: FromWorker) => void,
  onEnd: (folder: string, outcome: Outcome) => void,
): Promise<void> {
  const reporters = runs.map(({ folder, config }) => tellingReporter(folder, config.epochs, tell));
  const started = startReplicas(
    runs.map(({ folder, config }) => ({ ...config, out: folder })),
    {
      reporterOf: (replica) => reporters[replica] as Reporter,
      resume: true,
      keepsThreads: true,
      signal,
    },
  );
  await Promise.all(
    runs.map(async ({ folder }, replica) => {
      const outcome = await started
        .then((all) => all[replica] as Promise<TrainedRun>)
        .then(
          ({ summary }) => outcomeOf(summary),
          (error) => outcomeOfError(error, folder, signal),
        );
      onEnd(folder, outcome);
    }),
  );
}

const outcomeOf = ({ status }: Summary): Outcome => ({
  kind: status === "done" ? "done" : "interrupted",
});

async function outcomeOfError(
  error: unknown,
  folder: string,
  signal: AbortSignal,
): Promise<Outcome> {
  if (signal.aborted && error === signal.reason) return { kind: "interrupted" };
  const { message } = error as Error;
  if (error instanceof DivergedError) return { kind: "diverged", error: message };
  const writer = await RunFolder.writer(folder).catch(() => undefined);
  if (writer !== undefined && writer.pid !== process.pid)
    return { kind: "taken", by: `process ${writer.pid} on ${writer.host}` };
  // What is no error of ours is a bug: its stack is worth more than its text.
  const text = error instanceof BioflaxError ? message : ((error as Error).stack ?? message);
  return { kind: "failed", error: text };
}

/** A reporter that tells how far a run is. */
function tellingReporter(
  folder: string,
  epochs: number,
  tell: (message: FromWorker) => void,
): Reporter {
  let [done, examples, before] = [0, 1, 0];
  let toldAt = Number.NEGATIVE_INFINITY;
  const progress = (share: number) => {
    if (performance.now() - toldAt < TELL_MS) return;
    toldAt = performance.now();
    tell({ type: "progress", folder, share });
  };
  return {
    warning: (text) => tell({ type: "warning", folder, text }),
    started({ resumed }) {
      done = resumed?.records.length ?? 0;
      before = resumed?.examples ?? 0;
      progress(done / epochs);
    },
    epochStarted(_epoch, count) {
      examples = count;
      progress((done + before / examples) / epochs);
    },
    progress: (count) => progress((done + count / examples) / epochs),
    epochFinished(record) {
      [done, before] = [record.epoch, 0];
      tell({ type: "epoch", folder, record });
      progress(done / epochs);
    },
  };
}
