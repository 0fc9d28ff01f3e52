import { checkFree, RunFolder } from "@bioflax/runs/node";
import type { ConfigInput } from "../config/schema";
import type { TrainedRun } from "../loggers/reporter";
import type { TrainOptions } from "./prepare";
import { resume } from "./resume";
import { train } from "./train";

/**
 * Goes on with the run in a folder, or starts it there when there is none yet: for jobs that a cluster queues again
 * with the command they had. What is done already is not done again.
 *
 * @param path the run folder; it may be missing or empty.
 * @param input the settings of the run. A run that is there must have those that the numbers come from; what is left
 *   out it has its own of.
 * @returns as {@link train}.
 * @throws as {@link resume} where there is a run, and as {@link train} where there is none.
 * @example
 * const { summary } = await resumeOrStart(`runs/${process.env.SLURM_JOB_ID}`, { mode: "dfa", epochs: 50 });
 */
export async function resumeOrStart(
  path: string,
  input: ConfigInput,
  options: TrainOptions = {},
): Promise<TrainedRun> {
  if (await RunFolder.holdsRun(path)) return resume(path, { ...options, settings: input });
  await checkFree(path, "resume-or-start");
  return train({ ...input, out: path }, options);
}
