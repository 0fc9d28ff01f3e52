import { join } from "node:path";
import type { SlurmSpec } from "./slurm-spec";

/** The folder of a sweep's folder that has what Slurm is given, and the logs of its tasks. */
export const SLURM = "slurm";

/** The status of a task that was stopped, and goes on. */
const STOPPED = 130;

/** A word as a shell takes it. */
const quoted = (text: string) =>
  /^[\w./:=@,+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** What a script is made for. */
export interface SlurmJob {
  readonly name: string;
  /** How many tasks there are. */
  readonly tasks: number;
  /** The sweep's folder, absolute. */
  readonly folder: string;
  /** The program and its arguments that are the command `bioflax`. */
  readonly command: readonly string[];
  readonly slurm: SlurmSpec;
}

/**
 * The batch script of a job array, each task of which trains its share of a sweep's runs.
 *
 * Slurm's signal before the time limit comes to the shell alone, which hands it on: the runs are saved, and the task is
 * queued again, to go on. A task that is cancelled is saved and not queued again; what Slurm itself queues again, as for
 * a node that failed, goes on by itself.
 */
export function slurmScript({ name, tasks, folder, command, slurm }: SlurmJob): string {
  const { tasksAtOnce, time, signalSeconds = 120, partition, account, memory, cores = 1 } = slurm;
  const { setup = [], options = [] } = slurm;
  const cap = tasksAtOnce === undefined ? "" : `%${tasksAtOnce}`;
  const directives = [
    `--job-name=${name.replace(/[^\w.-]/g, "_")}`,
    `--array=0-${tasks - 1}${cap}`,
    `--cpus-per-task=${cores}`,
    ...(time === undefined ? [] : [`--time=${time}`]),
    ...(memory === undefined ? [] : [`--mem=${memory}`]),
    ...(partition === undefined ? [] : [`--partition=${partition}`]),
    ...(account === undefined ? [] : [`--account=${account}`]),
    `--signal=B:USR1@${signalSeconds}`,
    "--requeue",
    "--open-mode=append",
    `--output=${quotedDirective(join(folder, SLURM, "%A_%a.log"))}`,
    ...options,
  ];
  const words = [...command, "sweep", "task", folder].map(quoted).join(" ");
  return `#!/bin/bash
${directives.map((directive) => `#SBATCH ${directive}`).join("\n")}
${setup.length === 0 ? "" : `\n${setup.join("\n")}\n`}
job="\${SLURM_ARRAY_JOB_ID}_\${SLURM_ARRAY_TASK_ID}"
again=no
stop() { kill -TERM "$child" 2>/dev/null; }
trap 'again=yes; stop' USR1 USR2
# Sent to a task that is cancelled, or that Slurm queues again itself.
trap stop TERM

${words} "$SLURM_ARRAY_TASK_ID" &
child=$!
# A signal ends the waiting, not the child.
while :; do
  wait "$child"
  status=$?
  kill -0 "$child" 2>/dev/null || break
done

if [ "$status" -eq ${STOPPED} ] && [ "$again" = yes ]; then
  echo "$job is queued again, and goes on"
  scontrol requeue "$job"
fi
exit "$status"
`;
}

/** A path in a line of `#SBATCH`, which takes quotes, and nothing else to escape by. */
const quotedDirective = (path: string) => (/^[\w./%@+,=-]+$/.test(path) ? path : `"${path}"`);
