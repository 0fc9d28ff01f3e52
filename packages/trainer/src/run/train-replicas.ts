import { BioflaxError } from "@bioflax/core";
import { RunFolder, readCheckpoint } from "@bioflax/runs/node";
import type { ConfigInput } from "../config/schema";
import { loadEngine } from "../engines/load";
import { loadReplicasEngine } from "../engines/replicas/load";
import { ReplicaGroup } from "../engines/replicas/replica-group";
import type { ReplicasEngineFactory } from "../engines/replicas/replicas-engine";
import { SharedData } from "../engines/replicas/shared-data";
import { datasetOf } from "../experiment/data";
import { whyNotReplicas } from "../experiment/why-not-replicas";
import type { Reporter, TrainedRun } from "../loggers/reporter";
import { ConfigError, validateConfig } from "../resolve/resolve";
import type { TrainOptions } from "./prepare";
import { resumeOrStart } from "./resume-or-start";
import { train } from "./train";

/** How replicas are watched and stopped. */
export interface TrainReplicasOptions
  extends Pick<TrainOptions, "signal" | "verbose" | "startedAt"> {
  /** Who is told how each of them goes, by its number from 0. */
  readonly reporterOf?: (replica: number) => Reporter;
  /** Whether runs that are in their folders go on, as `resumeOrStart` has it; else folders have to be new or empty. */
  readonly resume?: boolean;
  /** What computes, in place of `config.engine`. */
  readonly createReplicas?: ReplicasEngineFactory;
}

/** {@link TrainReplicasOptions} of who watches each end of a run. */
interface StartReplicasOptions extends TrainReplicasOptions {
  /** Whether runs that go on do so in the threads they were begun with, whatever their settings say. */
  readonly keepsThreads?: boolean;
}

/**
 * Trains several networks as one: runs whose settings differ only in what may differ among replicas, such as seeds,
 * learning rates, momenta, weight decays and scales; `whyNotReplicas` tells.
 *
 * Each is a run as of {@link train}: its own folder, metrics, checkpoints, report and end. One that fails ends alone.
 * Data that they share is in memory once. A run that goes on and was begun by itself goes on by itself.
 *
 * @param inputs the settings of each; those with an `out` have different ones.
 * @returns what came of each, in their order: its run, or the error it ended by.
 * @throws ConfigError for settings that are wrong, or that differ in what may not.
 * @example
 * const outcomes = await trainReplicas([0, 1, 2].map((seed) => ({ mode: "dfa", seed, out: `runs/dfa/${seed}` })));
 */
export async function trainReplicas(
  inputs: readonly ConfigInput[],
  options: TrainReplicasOptions = {},
): Promise<PromiseSettledResult<TrainedRun>[]> {
  return Promise.allSettled(await startReplicas(inputs, options));
}

/** {@link trainReplicas}, of which each is told of when it ends. */
export async function startReplicas(
  inputs: readonly ConfigInput[],
  {
    reporterOf,
    resume = false,
    keepsThreads = false,
    createReplicas,
    ...options
  }: StartReplicasOptions,
): Promise<Promise<TrainedRun>[]> {
  const configs = inputs.map((input) => validateConfig(input));
  const [first] = configs;
  if (first === undefined)
    throw new BioflaxError(
      "trainReplicas: expected the settings of at least one run, received none.",
    );
  for (const config of configs.slice(1)) {
    const why = whyNotReplicas(first, config);
    if (why !== undefined) throw new ConfigError([why]);
  }
  const places = configs.flatMap(({ out }) => out ?? []);
  const twice = places.find((place, i) => places.indexOf(place) < i);
  if (twice !== undefined || (resume && places.length < configs.length))
    throw new ConfigError([
      `--out: expected a folder for each replica, received ${twice === undefined ? "none for some" : `${twice} twice`}`,
    ]);
  const areBegun = await Promise.all(
    configs.map(async ({ out }) => (resume ? howBegun(out as string) : "not")),
  );
  const group = new ReplicaGroup(
    configs.length,
    createReplicas ?? (await loadReplicasEngine(first.engine)),
    await loadEngine(first.engine),
  );
  areBegun.forEach((begun, replica) => {
    if (begun === "alone") group.ended(replica);
  });
  const data = new SharedData();
  const run = ({ out, threads, ...input }: ConfigInput, replica: number): Promise<TrainedRun> => {
    const begun = areBegun[replica];
    const own: TrainOptions = {
      ...options,
      ...(reporterOf && { reporter: reporterOf(replica) }),
      ...(begun !== "alone" && { createEngine: group.factoryFor(replica) }),
      loadDataset: (config, how) => data.load(() => datasetOf(config, how)),
    };
    const isKept = keepsThreads && begun !== "not";
    const settings = { ...input, ...(threads !== undefined && !isKept && { threads }) };
    if (resume) return resumeOrStart(out as string, settings, own);
    return train({ ...settings, ...(out !== undefined && { out }) }, own);
  };
  return inputs.map((input, replica) => run(input, replica).finally(() => group.ended(replica)));
}

/** Whether there is a run in a folder already, and how it has been trained up to now. */
async function howBegun(folder: string): Promise<"not" | "alone" | "as a replica"> {
  if (!(await RunFolder.holdsRun(folder))) return "not";
  // Of a checkpoint that is broken, whoever resumes the run tells.
  const checkpoint = await readCheckpoint(folder).catch(() => undefined);
  const isAlone = checkpoint !== undefined && checkpoint.content.made.replicas === undefined;
  return isAlone ? "alone" : "as a replica";
}
