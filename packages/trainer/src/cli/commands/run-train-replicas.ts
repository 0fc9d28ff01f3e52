import { join } from "node:path";
import { BioflaxError } from "@bioflax/core";
import { RunFolder } from "@bioflax/runs/node";
import type { CommandConfig, ConfigInput } from "../../config/schema";
import { validateConfig } from "../../resolve/resolve";
import { trainReplicas } from "../../run/train-replicas";
import { placeOf } from "../../stored/run-config";
import { colorsFor } from "../colors";
import { exitStatus, type Io } from "../io";
import { replicasReporter } from "../replicas-reporter";

/** What a command line asks of replicas. */
export interface ReplicasCommand {
  readonly seeds: readonly number[];
  /** Their settings, but for the seed and the folder. */
  readonly settings: ConfigInput;
  /** The folder whose folders `seed-0`, `seed-1`, … are theirs; a new one under `runs` when left out. */
  readonly out?: string | undefined;
  /** Whether runs that are there go on. */
  readonly resume: boolean;
}

/**
 * `bioflax train --seeds`: trains replicas, shows how they go, and stops all when the signal says so.
 *
 * @returns the exit status: of one that failed, if there is one.
 */
export async function runTrainReplicas(
  { seeds, settings, out, resume }: ReplicasCommand,
  { quiet, verbose, json }: Pick<CommandConfig, "quiet" | "verbose" | "json">,
  io: Io,
  signal: AbortSignal,
): Promise<number> {
  const folder =
    out ?? (await RunFolder.create(placeOf(validateConfig(settings)), new Date())).path;
  const inputs = seeds.map((seed) => ({ ...settings, seed, out: join(folder, `seed-${seed}`) }));
  const { reporterOf, close } = replicasReporter(io, seeds, quiet);
  try {
    const { startedAt } = io;
    const outcomes = await trainReplicas(inputs, {
      reporterOf,
      resume,
      signal,
      verbose,
      startedAt,
    });
    const statuses = outcomes.map((outcome, replica): number => {
      if (outcome.status === "fulfilled") {
        const { summary, folder: own } = outcome.value;
        if (json) io.stdout.write(`${JSON.stringify({ ...summary, folder: own })}\n`);
        return summary.status === "interrupted" ? exitStatus.interrupted : exitStatus.done;
      }
      const { reason } = outcome;
      if (signal.aborted && reason === signal.reason) return exitStatus.interrupted;
      if (!(reason instanceof BioflaxError)) throw reason;
      close();
      const { red } = colorsFor(io.stderr, io.env);
      io.stderr.write(`${red("error:")} seed ${seeds[replica]}: ${reason.message}\n`);
      return exitStatus.failed;
    });
    if (statuses.includes(exitStatus.failed)) return exitStatus.failed;
    return statuses.find((status) => status !== exitStatus.done) ?? exitStatus.done;
  } finally {
    close();
  }
}
