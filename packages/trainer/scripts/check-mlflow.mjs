// Sends runs to a real MLflow server, in a Python environment of its own, and reads them back with MLflow's own client:
//   pnpm --filter @bioflax/trainer run check-mlflow
// One run that is done, one that fails, one that is interrupted, one whose server dies and comes back, one that is
// refused.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { env, stderr } from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import {
  bioflax,
  Findings,
  freePort,
  newFolder,
  pythonEnvironment,
  run,
} from "./python-environment.mjs";

const PASSWORD = "only for this check 1";
const EXPERIMENT = "bioflax: a check / 1";
const FILES = ["config.json", "final.safetensors", "metrics.jsonl", "report.html", "summary.json"];

const program = await pythonEnvironment("mlflow", ["mlflow[auth]"]);
const findings = new Findings();
const home = await newFolder("mlflow");
const port = await freePort();
const url = `http://127.0.0.1:${port}`;

/** Starts the server on what it has stored, and waits until it answers. */
async function startServer(...more) {
  const server = spawn(
    program("mlflow"),
    ["server", "--host", "127.0.0.1", "--port", String(port), "--workers", "1", ...more],
    {
      cwd: home,
      stdio: "ignore",
      detached: true,
      env: {
        ...env,
        MLFLOW_FLASK_SERVER_SECRET_KEY: "a check",
        MLFLOW_AUTH_ADMIN_PASSWORD: PASSWORD,
      },
    },
  );
  for (let tries = 0; tries < 240; tries++) {
    await sleep(500);
    const answers = await fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answers) return server;
  }
  throw new Error("The MLflow server has not started.");
}

/** Ends the server and the workers it has started. */
async function stopServer({ pid }) {
  process.kill(-pid, "SIGKILL");
  while (
    await fetch(`${url}/health`).then(
      () => true,
      () => false,
    )
  )
    await sleep(100);
}

const settings =
  "--dataset spirals --hidden-layers 8 --activations tanh --plot --tensorboard false";
const train = (name, options, more) =>
  bioflax(
    [
      "train",
      ...settings.split(" "),
      ...["--mlflow", url, "--mlflow-experiment", EXPERIMENT, "--out", join(home, name)],
      ...options.split(" "),
    ],
    more,
  );

let server = await startServer();
try {
  const done = await train("done", "--epochs 3");
  findings.expect(done.status === 0, `the run ended with ${done.status}: ${done.stderr}`);
  findings.expect(!done.stderr.includes("warning"), `there were warnings: ${done.stderr}`);

  const failed = await train("failed", "--epochs 3 --activations relu --lr 1e30");
  findings.expect(failed.status === 1, `the run that fails ended with ${failed.status}`);

  let isStopped = false;
  const interrupted = await train("interrupted", "--epochs 100000", {
    onOutput: ({ stderr: output }, child) => {
      if (isStopped || !/ 20\/100000 /.test(output)) return;
      isStopped = true;
      child.kill("SIGINT");
    },
  });
  findings.expect(
    interrupted.status === 130,
    `the interrupted run ended with ${interrupted.status}`,
  );

  let restarted;
  const outage = await train("outage", "--epochs 100000 --train-set-size 4000", {
    onOutput: ({ stderr: output }, child) => {
      // The server has the run, and some epochs of it.
      if (
        restarted !== undefined ||
        !/^mlflow http[\s\S]* \d+\/100000 [\s\S]* \d+\/100000 /m.test(output)
      )
        return;
      restarted = stopServer(server).then(async () => {
        await sleep(1000);
        server = await startServer();
        child.kill("SIGINT");
      });
    },
  });
  await restarted;
  findings.expect(outage.status === 130, `the run through an outage ended with ${outage.status}`);
  const warnings = outage.stderr.match(/^warning: .*/gm) ?? [];
  findings.expect(
    warnings.length === 1 && warnings[0].includes("The run goes on"),
    `the outage was told of by ${JSON.stringify(warnings)}`,
  );
  findings.expect(
    outage.stderr.includes("what was kept has been sent"),
    `the end of the outage was not told of: ${outage.stderr.slice(-2000)}`,
  );

  await checkRuns({ done: "FINISHED", failed: "FAILED", interrupted: "KILLED", outage: "KILLED" });
} finally {
  await stopServer(server);
}

server = await startServer("--app-name", "basic-auth");
try {
  const as = (MLFLOW_TRACKING_USERNAME, MLFLOW_TRACKING_PASSWORD) => ({
    env: { ...env, MLFLOW_TRACKING_USERNAME, MLFLOW_TRACKING_PASSWORD },
  });
  const refused = await train("refused", "--epochs 1", as("admin", "wrong"));
  findings.expect(
    refused.status === 2 && refused.stderr.includes("MLFLOW_TRACKING_PASSWORD"),
    `wrong credentials ended with ${refused.status}: ${refused.stderr}`,
  );
  const admitted = await train("admitted", "--epochs 1", as("admin", PASSWORD));
  findings.expect(
    admitted.status === 0 && !admitted.stderr.includes("warning"),
    `right credentials ended with ${admitted.status}: ${admitted.stderr}`,
  );
} finally {
  await stopServer(server);
}
findings.finish("MLflow");

/** Compares what MLflow's client reads with the run folders. */
async function checkRuns(statuses) {
  const script = fileURLToPath(new URL("read-runs.py", import.meta.url));
  const read = await run(program("python"), [script, url, EXPERIMENT]);
  findings.expect(read.status === 0, `MLflow's client failed: ${read.stderr}`);
  const { version, runs } = JSON.parse(read.stdout);
  findings.expect(
    Object.keys(runs).sort().join() === Object.keys(statuses).sort().join(),
    `the server has the runs ${Object.keys(runs)}`,
  );
  let numbers = 0;
  for (const [name, status] of Object.entries(statuses)) {
    const found = runs[name];
    if (found === undefined) continue;
    findings.expect(found.status === status, `${name} is ${found.status}, expected ${status}`);
    findings.expect(found.end >= found.start, `${name} ends before it starts`);
    findings.expect(
      found.params.dataset === "spirals" && found.params.hiddenLayers === "8",
      `the parameters of ${name} are ${JSON.stringify(found.params)}`,
    );
    findings.expect(
      found.tags["bioflax.engine"] === "compiled" && found.tags["bioflax.device"] === "cpu",
      `the tags of ${name} are ${JSON.stringify(found.tags)}`,
    );
    const text = await readFile(join(home, name, "metrics.jsonl"), "utf8").catch(() => "");
    const records = text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line));
    for (const [tag, number] of [
      ["loss/train", ({ train: { loss } }) => loss],
      ["accuracy/test", ({ test: { accuracy } }) => accuracy],
      ["gradientAngle/layers.0", ({ alignment }) => alignment["layers.0.gradientAngle"]],
    ]) {
      const expected = records.map((record) => [record.epoch, number(record)]);
      const points = (found.metrics[tag] ?? []).sort(([one], [other]) => one - other);
      numbers += points.length;
      findings.expect(
        JSON.stringify(points) === JSON.stringify(expected),
        `${tag} of ${name}: expected ${expected.length} numbers, found ${points.length}`,
      );
    }
    for (const file of FILES) {
      const bytes = await readFile(join(home, name, file)).catch(() => undefined);
      const sum = bytes && createHash("sha256").update(bytes).digest("hex");
      findings.expect(found.artifacts[file] === sum, `the file ${file} of ${name} is another`);
    }
  }
  stderr.write(`MLflow ${version} has read ${Object.keys(runs).length} runs, ${numbers} numbers\n`);
}
