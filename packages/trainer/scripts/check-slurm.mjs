// Has a real Slurm train a sweep, on the machine this runs on:
//   pnpm --filter @bioflax/trainer run check-slurm [--quick]
// Two hundred small runs in three tasks: one task's shell gets the signal that comes before a time limit, others come to
// theirs, and all are queued again; then every run must have been trained once, and to what a local sweep makes of the same
// file. A task that is cancelled must stay so. Where no Slurm answers, nothing is checked, and a line says so; where there
// is none, scripts/slurm-node.sh starts one.
// --quick has sixty runs, of which no task comes to its time limit, which Slurm counts in minutes.
import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { argv, exit, stderr } from "node:process";
import { setTimeout } from "node:timers/promises";
import { bioflax, Findings, newFolder } from "./python-environment.mjs";

if (spawnSync("sinfo", ["--noheader"]).status !== 0) {
  stderr.write("there is no Slurm here that answers, so nothing was checked\n");
  exit(2);
}

const isQuick = argv.includes("--quick");
const findings = new Findings();
const folder = await newFolder("slurm");
const slurm = (command, ...args) => execFileSync(command, args, { encoding: "utf8" });
const left = (job) =>
  spawnSync("squeue", ["-h", "-r", "-j", job], { encoding: "utf8" }).stdout.trim();

/** Waits until something is so. */
async function until(isSo, seconds) {
  const end = performance.now() + seconds * 1000;
  while (!isSo() && performance.now() < end) await setTimeout(500);
  return isSo();
}

const heldSince = new Map();

/**
 * Has tasks start that are held back for two minutes after they were queued again; not at once, when the credential of
 * before is still revoked and Slurm fails them.
 */
function release(job) {
  const held = left(job)
    .split("\n")
    .filter((line) => line.includes("BeginTime"))
    .map((line) => line.trim().split(/\s+/)[0]);
  for (const task of heldSince.keys()) if (!held.includes(task)) heldSince.delete(task);
  for (const task of held) {
    if (!heldSince.has(task)) heldSince.set(task, performance.now());
    if (performance.now() - heldSince.get(task) > 15_000)
      spawnSync("scontrol", ["update", `JobId=${task}`, "StartTime=now"]);
  }
}

const sweep = {
  base: {
    dataset: "sinreg",
    trainSetSize: 200,
    epochs: isQuick ? 150 : 200,
    hiddenLayers: [16],
    activations: ["tanh"],
    checkpointSeconds: 0.5,
  },
  product: isQuick
    ? { lr: [0.01, 0.02, 0.04] }
    : { mode: ["fa", "dfa"], lr: [0.01, 0.02, 0.04, 0.08, 0.16] },
  seeds: "0..19",
  slurm: { runsPerTask: isQuick ? 20 : 67, time: isQuick ? 10 : 1, signalSeconds: 20, cores: 1 },
};
const count = isQuick ? 60 : 200;
const file = join(folder, "sweep.yaml");
writeFileSync(file, JSON.stringify(sweep));

const onSlurm = join(folder, "on-slurm");
const submitted = await bioflax(["sweep", file, "--launcher", "slurm", "--out", onSlurm]);
const job = submitted.stdout.trim();
findings.expect(/^\d+$/.test(job), `it was not submitted: ${submitted.stderr}`);

const logs = () =>
  readdirSync(join(onSlurm, "slurm"))
    .filter((name) => name.endsWith(".log"))
    .map((name) => readFileSync(join(onSlurm, "slurm", name), "utf8"));
await until(() => logs().some((text) => text.includes("done in")), 60);
slurm("scancel", "--signal=USR1", "--batch", `${job}_0`);
findings.expect(
  await until(() => logs().some((text) => text.includes("is queued again")), 60),
  "the task whose shell got USR1 was not queued again",
);
const ended = await until(() => {
  release(job);
  return left(job) === "";
}, 900);
findings.expect(ended, `tasks are left: ${left(job)}`);
stderr.write(`${logs().join("")}\n`);

const { stdout: status } = await bioflax(["sweep", "status", onSlurm]);
stderr.write(`${status.trimEnd().split("\n").slice(-2).join("\n")}\n`);
const trained =
  logs()
    .join("")
    .match(/ done in /g) ?? [];
findings.expect(
  trained.length === count,
  `${count} runs were trained to their end ${trained.length} times`,
);
const queued =
  logs()
    .join("")
    .match(/is queued again/g) ?? [];
findings.expect(
  queued.length >= (isQuick ? 1 : 2),
  `no task came to its time limit: ${queued.length} were queued again`,
);
findings.expect(status.includes(`${count} runs: ${count} done`), "not all runs are done");
findings.expect(status.includes(`job ${job}, 3 tasks: 3 COMPLETED`), "not all tasks are completed");

const local = join(folder, "local");
const here = await bioflax(["sweep", file, "--out", local, "--quiet"]);
findings.expect(here.status === 0, `the local sweep failed: ${here.stderr}`);
/** What a run came to, without what a clock says, and with how many others it trained. */
const factsOf = (run) => {
  const {
    timing: _timing,
    throughput: _throughput,
    replicas: _replicas,
    ...facts
  } = JSON.parse(readFileSync(join(run, "summary.json"), "utf8"));
  const records = readFileSync(join(run, "metrics.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => {
      const { timing: _timing, ...record } = JSON.parse(line);
      return record;
    });
  return JSON.stringify({
    facts,
    records,
    weights: readFileSync(join(run, "final.safetensors")).toString("base64"),
  });
};
for (const name of readdirSync(join(local, "runs")))
  findings.expect(
    factsOf(join(local, "runs", name)) === factsOf(join(onSlurm, "runs", name)),
    `${name} is not what it is in a local sweep`,
  );

const longFile = join(folder, "long.yaml");
writeFileSync(
  longFile,
  JSON.stringify({
    ...sweep,
    base: { ...sweep.base, epochs: 100000 },
    product: {},
    seeds: 0,
    slurm: { ...sweep.slurm, time: 10 },
  }),
);
const cancelled = join(folder, "cancelled");
const long = (
  await bioflax(["sweep", longFile, "--launcher", "slurm", "--out", cancelled])
).stdout.trim();
const [run] = JSON.parse(readFileSync(join(cancelled, "slurm", "tasks.json"), "utf8"))[0];
const metrics = () =>
  spawnSync("cat", [join(cancelled, "runs", run, "metrics.jsonl")], { encoding: "utf8" }).stdout;
findings.expect(
  await until(() => metrics() !== "", 60),
  "the run that is to be cancelled never began",
);
const second = await bioflax(["sweep", longFile, "--launcher", "slurm", "--out", cancelled]);
findings.expect(
  second.status === 1 && second.stderr.includes(`of job ${long} 1 tasks are`),
  `a second job beside the first was not refused: ${second.stderr}`,
);
slurm("scancel", long);
findings.expect(
  await until(() => left(long) === "", 60),
  "a task that was cancelled is still there",
);
const { stdout: told } = await bioflax(["sweep", "status", cancelled]);
findings.expect(told.includes("1 unfinished"), `a cancelled run is not saved: ${told}`);
findings.expect(
  told.includes("CANCELLED (0)"),
  `status does not say that the task was cancelled: ${told}`,
);
findings.finish("Slurm");
