import { availableThreads } from "@bioflax/core/node";
import type { Config } from "../../config/schema";
import { probeSafely } from "../../devices/list-devices";
import { automaticEngines, isProcessor, takenByAuto } from "../../devices/names";
import type { SweepRun } from "../plan/plan-sweep";

/** Whether runs with these settings compute on a GPU or the like: one run after another has it. */
async function isOnGpu({ engine, device }: Pick<Config, "engine" | "device">): Promise<boolean> {
  if (device !== "auto") return !isProcessor(device);
  const engines = engine === "auto" ? automaticEngines : [engine];
  const probes = engines.flatMap((one) =>
    takenByAuto(one)
      .filter((name) => !isProcessor(name))
      .map((name) => probeSafely(one, name)),
  );
  return (await Promise.all(probes)).some(({ state }) => state === "available");
}

/** How many runs go on at once, and how many threads each computes with. */
export interface Shares {
  readonly jobs: number;
  /** Of runs whose settings do not say. */
  readonly threads: number;
}

/**
 * Shares a machine out among runs: as many at once as there are processors for this process, by one thread each: the
 * threads of one run wait for each other at every product, runs beside each other never. On a GPU one after another,
 * unless more are asked for.
 *
 * @param jobs how many go on at once, where that is said.
 * @param processors how many there are for this process.
 */
export async function shareOut(
  runs: readonly Pick<SweepRun, "config">[],
  jobs: number | undefined,
  processors = availableThreads(),
): Promise<Shares> {
  const configs = runs.map(({ config }) => config);
  if (jobs !== undefined) return { jobs, threads: Math.max(1, Math.floor(processors / jobs)) };
  const kinds = new Map(
    configs.map(({ engine, device }) => [`${engine} ${device}`, { engine, device }]),
  );
  for (const kind of kinds.values())
    if (await isOnGpu(kind)) return { jobs: 1, threads: processors };
  const threads = Math.max(1, ...configs.map((config) => config.threads ?? 1));
  return { jobs: Math.max(1, Math.floor(processors / threads)), threads: 1 };
}

/** Runs with the threads they compute with, where their settings do not say. */
export const withThreads = (runs: readonly SweepRun[], threads: number): readonly SweepRun[] =>
  runs.map((run) => ({
    ...run,
    config: { ...run.config, threads: run.config.threads ?? threads },
  }));
