import { createNetwork, getModel, sizeOf } from "@bioflax/core";
import { getDataset } from "@bioflax/datasets/node";
import type { Config } from "../../config/schema";
import type { EngineChoice } from "../../devices/names";
import { networkOf } from "../../experiment/network";
import { whyNotReplicas } from "../../experiment/why-not-replicas";
import type { ReplicaChoice } from "../spec/replica-choice";
import { costKeyOf } from "./cost-key";
import type { SweepRun } from "./plan-sweep";

/** Weights up to which a network of dense layers gains by replicas wherever that was measured. */
const FEW_WEIGHTS = 20_000;
/** The largest that was measured in TensorFlow, and gained. */
const MANY_WEIGHTS = 1_000_000;

/**
 * Weights up to which a network of dense layers gains by replicas, by one thread each, in an engine on a device, as far
 * as that is measured: see docs/replicas.md. Which device `auto` of the eager engine is, the process that trains finds out: wasm
 * at least, where a larger network would lose.
 */
const mostWeights: Readonly<Record<EngineChoice, Readonly<Partial<Record<string, number>>>>> = {
  compiled: { auto: FEW_WEIGHTS, cpu: FEW_WEIGHTS },
  eager: { auto: FEW_WEIGHTS, tensorflow: MANY_WEIGHTS, wasm: FEW_WEIGHTS },
  xla: {},
  auto: {},
};

/** Numbers of an example of a data set, as far as that is known before it is loaded. */
function inputsOf(config: Config): number | undefined {
  const { images, exampleSize } = getDataset(config.dataset);
  if (images !== undefined) return images === "of any shape" ? undefined : sizeOf(images);
  return exampleSize?.(config);
}

/** Whether a run trains faster as one of several replicas than beside them, as far as that is measured. */
function gains(config: Config): boolean {
  const { engine, device, dataset, model } = config;
  const inputs = inputsOf(config);
  const most = mostWeights[engine][device];
  if (most === undefined || inputs === undefined || getModel(model).inputs !== "rows") return false;
  const outputs = getDataset(dataset).classes ?? config.outputFeatures;
  try {
    const data = { name: dataset, inputShape: [inputs], outputs };
    const { parameters } = createNetwork(networkOf(config, data));
    const weights = parameters.filter(({ changes }) => changes);
    return weights.reduce((sum, { shape }) => sum + sizeOf(shape), 0) <= most;
  } catch {
    // A model of a plugin may look at more than is known of the data here.
    return false;
  }
}

/** A run's settings, but for what is free in whatever replicas. */
const settingsKey = ({ seed: _seed, epochs: _epochs, ...rest }: Config) => JSON.stringify(rest);

/** Runs that can be replicas of one another, in groups. */
function groupsOf(runs: readonly SweepRun[]): readonly (readonly SweepRun[])[] {
  const byCost = new Map<string, [SweepRun, ...SweepRun[]][]>();
  const bySettings = new Map<string, SweepRun[]>();
  for (const run of runs) {
    const { config } = run;
    const settings = settingsKey(config);
    const known = bySettings.get(settings);
    if (known !== undefined) {
      known.push(run);
      continue;
    }
    // Only what costs the same is compared: to find out whether two are the same graph takes tracing both.
    const key = costKeyOf(config);
    const alike = byCost.get(key) ?? [];
    const found = alike.find(([first]) => whyNotReplicas(first.config, config) === undefined);
    const group: [SweepRun, ...SweepRun[]] = found ?? [run];
    if (found === undefined) byCost.set(key, [...alike, group]);
    else found.push(run);
    bySettings.set(settings, group);
  }
  return [...byCost.values()].flat();
}

/**
 * Runs with the groups they train in: of those that can be replicas of one another and gain by it.
 *
 * What group a run is in does not depend on how many tasks there are, nor on what has ended: a replica's numbers are the
 * same bits whichever it trains with, but not those of a run by itself.
 */
export function withReplicaGroups(
  runs: readonly SweepRun[],
  choice: ReplicaChoice = "auto",
): readonly SweepRun[] {
  if (choice === "never") return runs;
  const known = new Map<string, boolean>();
  const gainsByCost = ({ config }: SweepRun) => {
    const key = costKeyOf(config);
    const answer = known.get(key) ?? gains(config);
    known.set(key, answer);
    return answer;
  };
  const groups = groupsOf(choice === "always" ? runs : runs.filter(gainsByCost));
  const groupOf = new Map(
    groups
      .filter(({ length }) => length > 1)
      .flatMap((group) => group.map((run) => [run, (group[0] as SweepRun).digest] as const)),
  );
  return runs.map((run) => {
    const group = groupOf.get(run);
    return group === undefined ? run : { ...run, group };
  });
}
