import { join } from "node:path";
import { BioflaxError } from "@bioflax/core";
import { loadPlugins } from "../../plugins/load";
import { resolveConfig, withoutCommand } from "../../resolve/resolve";
import { type Executed, execute, listSource } from "../execute/execute";
import type { SweepReporter } from "../execute/reporter";
import { shareOut, withThreads } from "../execute/share-out";
import { SWEEP_FILE } from "../folder/stored-sweep";
import { RUNS, readStoredSweep } from "../folder/sweep-folder";
import type { SweepRun } from "../plan/plan-sweep";
import { tasksOf } from "../plan/tasks";
import type { WorkerCommand } from "../worker/start-worker";
import { runsOfTask } from "./submit";

/**
 * Trains the runs of a task of a job array, as many at a time as it has cores. What has ended is not trained again, and
 * what another task trains is waited for.
 *
 * @throws BioflaxError where the sweep has no such task.
 */
export async function runTask(
  path: string,
  task: number,
  options: {
    readonly signal: AbortSignal;
    readonly reporter: SweepReporter;
    readonly worker?: WorkerCommand | undefined;
  },
): Promise<Executed> {
  const names = await runsOfTask(path, task);
  const runs = await storedRuns(path, names);
  const { jobs, threads } = await shareOut(runs, undefined);
  const ready = withThreads(runs, threads);
  options.reporter.started?.({ runs: ready, jobs });
  return execute(listSource(tasksOf(ready, jobs)), {
    folder: join(path, RUNS),
    jobs: Math.min(jobs, ready.length),
    retries: 1,
    ...options,
  });
}

/** Runs of a sweep as its list has them. */
async function storedRuns(path: string, names: readonly string[]): Promise<readonly SweepRun[]> {
  const { settings: common, runs } = await readStoredSweep(path);
  const file = join(path, SWEEP_FILE);
  const { plugins } = common as { readonly plugins?: readonly string[] };
  await loadPlugins(plugins ?? [], { folder: path, where: `${file}: plugins:` });
  return names.map((name) => {
    const stored = runs.find((run) => run.name === name);
    if (stored === undefined)
      throw new BioflaxError(`${file}: expected the run ${name}, but there is none.`);
    const values = { ...common, ...stored.settings };
    return {
      name,
      digest: name.slice(name.lastIndexOf("-") + 1),
      swept: stored.swept,
      ...(stored.group !== undefined && { group: stored.group }),
      config: withoutCommand(resolveConfig({ file, folder: path, values })),
    };
  });
}
