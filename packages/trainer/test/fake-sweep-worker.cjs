// A worker of a sweep that trains nothing: how each try of a run ends is in a script, by the run's learning rate.
const { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } = require("node:fs");
const { basename, join } = require("node:path");

const script = JSON.parse(process.argv[2]);
let stop = () => {};
let isStopped = false;

/** Notes a try of a run, and says how it ends. */
function endOf({ folder, config }) {
  const log = join(folder, "../../tries.log");
  const before = existsSync(log) ? readFileSync(log, "utf8").split("\n") : [];
  const tries = before.filter((line) => line === basename(folder)).length;
  appendFileSync(log, `${basename(folder)}\n`);
  const ends = script[config.lr] ?? ["done"];
  return ends[Math.min(tries, ends.length - 1)];
}

function leave(folder, config, summary) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  writeFileSync(
    join(folder, "summary.json"),
    JSON.stringify({ epochs: config.epochs, ...summary }),
  );
}

async function train({ folder, config }) {
  const end = endOf({ folder, config });
  if (end === "die") {
    console.error("the last words");
    process.exit(3);
  }
  if (end === "kill") process.kill(process.pid, "SIGKILL");
  if (end === "failed") return { kind: "failed", error: "no data" };
  if (end === "taken") return { kind: "taken", by: "process 1 on elsewhere" };
  if (end === "diverged") {
    leave(folder, config, { status: "failed", diverged: true });
    return { kind: "diverged", error: "Training diverged: NaN." };
  }
  process.send({ type: "progress", folder, share: 0.5 });
  process.send({ type: "epoch", folder, record: { epoch: 1, train: { loss: config.lr } } });
  if (end === "wait") {
    await new Promise((resolve) => {
      stop = resolve;
    });
    return { kind: "interrupted" };
  }
  leave(folder, config, { status: "done" });
  return { kind: "done" };
}

process.on("disconnect", () => process.exit());
process.on("message", async (message) => {
  if (message.type === "stop") {
    isStopped = true;
    stop();
    setImmediate(() => process.disconnect());
  }
  if (message.type === "stopRun") stop();
  if (message.type !== "task") return;
  for (const run of message.runs) {
    const outcome = isStopped ? { kind: "interrupted" } : await train(run);
    process.send({ type: "ended", folder: run.folder, outcome, seconds: 1, peakBytes: 1e6 });
  }
  process.send({ type: "idle" });
});
