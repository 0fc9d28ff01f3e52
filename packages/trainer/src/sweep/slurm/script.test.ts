import { spawnSync } from "node:child_process";
import { expect, test } from "@jest/globals";
import { slurmScript } from "./script";
import { parseSlurm, type SlurmSpec } from "./slurm-spec";

const scriptOf = (slurm: SlurmSpec, folder = "/scratch/sweeps/rates") =>
  slurmScript({
    name: "rates",
    tasks: 3,
    folder,
    command: ["/opt/node", "/opt/bioflax.js"],
    slurm,
  });

const directivesOf = (script: string) =>
  [...script.matchAll(/^#SBATCH (.*)$/gm)].map(([, directive]) => directive);

test("a script is one job array, with all that the sweep says of it", () => {
  const script = scriptOf({
    tasksAtOnce: 2,
    time: "2:00:00",
    signalSeconds: 90,
    partition: "small",
    account: "project_1",
    memory: "4G",
    cores: 4,
    setup: ["module load nodejs"],
    options: ["--gres=gpu:1"],
  });
  expect(directivesOf(script)).toEqual([
    "--job-name=rates",
    "--array=0-2%2",
    "--cpus-per-task=4",
    "--time=2:00:00",
    "--mem=4G",
    "--partition=small",
    "--account=project_1",
    "--signal=B:USR1@90",
    "--requeue",
    "--open-mode=append",
    "--output=/scratch/sweeps/rates/slurm/%A_%a.log",
    "--gres=gpu:1",
  ]);
  expect(script).toContain("\nmodule load nodejs\n\njob=");
  expect(script).toContain(
    '/opt/node /opt/bioflax.js sweep task /scratch/sweeps/rates "$SLURM_ARRAY_TASK_ID" &',
  );
});

test("of what is not said, nothing is", () => {
  expect(directivesOf(scriptOf({}))).toEqual([
    "--job-name=rates",
    "--array=0-2",
    "--cpus-per-task=1",
    "--signal=B:USR1@120",
    "--requeue",
    "--open-mode=append",
    "--output=/scratch/sweeps/rates/slurm/%A_%a.log",
  ]);
});

test("a shell reads it, whatever the folder is called", () => {
  const script = scriptOf({ setup: ["true"] }, "/tmp/it's a sweep; rm x");
  expect(spawnSync("bash", ["-n"], { input: script, encoding: "utf8" })).toMatchObject({
    status: 0,
    stderr: "",
  });
  expect(script).toContain("sweep task '/tmp/it'\\''s a sweep; rm x' ");
});

test.each<[unknown, string]>([
  [{ tim: 1 }, 'slurm: unknown option "tim". Did you mean "time"?'],
  [{ cores: 0 }, "slurm: cores: expected a whole number from 1, received 0"],
  [{ partition: "a b" }, 'slurm: partition: expected a word, as sbatch takes it, received "a b"'],
  [{ setup: "module load x" }, "slurm: setup: expected a list of lines"],
  [{ options: ["--a\n--b"] }, "slurm: options: expected a list of lines"],
  [3, "slurm: expected { time"],
])("%j is refused", (given, text) => {
  const problems: string[] = [];
  parseSlurm(given, "slurm", problems);
  expect(problems.join()).toContain(text);
});
