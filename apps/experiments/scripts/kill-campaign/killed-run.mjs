import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { train } from "./train.mjs";

/** What ends a run before its time: the power, a terminal, a cluster. */
export const signals = [
  "SIGKILL",
  "SIGTERM",
  "SIGINT",
  "SIGHUP",
  "SIGQUIT",
  "SIGUSR1",
  "SIGUSR2",
  "SIGXCPU",
];

/** What is counted of each signal. */
const nothing = () => ({ sent: 0, saved: 0, nothingToSave: 0, killed: 0 });

/** What a signal has left in a run folder. */
function leftBehind(folder) {
  const names = existsSync(folder) ? readdirSync(folder, { recursive: true }) : [];
  const metrics = join(folder, "metrics.jsonl");
  const lines = existsSync(metrics) ? readFileSync(metrics, "utf8") : "";
  const checkpoint = placeOf(join(folder, "checkpoints/last.safetensors"));
  const summary = join(folder, "summary.json");
  return {
    checkpoint,
    summary: existsSync(summary) ? JSON.parse(readFileSync(summary, "utf8")) : undefined,
    isLocked: names.includes(".lock"),
    beforeFirstCheckpoint: checkpoint === undefined,
    withinEpoch: checkpoint !== undefined && checkpoint.partial.examples > 0,
    epochAgain: checkpoint !== undefined && lines.split("\n").length - 1 > checkpoint.epochs,
    halfWritten:
      names.some((name) => name.endsWith(".tmp")) || !(lines === "" || lines.endsWith("\n")),
  };
}

/** Where a checkpoint is, by the header of its file. */
function placeOf(path) {
  if (!existsSync(path)) return undefined;
  const bytes = readFileSync(path);
  const header = JSON.parse(
    bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE(0))).toString("utf8"),
  );
  return JSON.parse(header.__metadata__.content).progress;
}

/**
 * What became of a run whose process has heard a signal.
 *
 * @returns `saved`, or `nothingToSave` where no step had been taken.
 * @throws Error when a step that was taken is not in the checkpoint, or something is left that should not be.
 */
function savedOf({ summary, checkpoint, isLocked, epochAgain, halfWritten }) {
  const taken = Math.round(
    (summary?.throughput.examplesPerSecond ?? 0) * (summary?.timing.trainSeconds ?? 0),
  );
  const kept = checkpoint?.elapsed.examples ?? 0;
  if (isLocked || halfWritten || epochAgain || (summary !== undefined && taken !== kept))
    throw new Error(
      `a signal was heard, but of ${taken} examples trained on ${kept} are in the checkpoint; ` +
        JSON.stringify({ isLocked, halfWritten, epochAgain }),
    );
  return kept > 0 ? "saved" : "nothingToSave";
}

/**
 * Starts a run, sends it a signal at a random moment, goes on with it, sends the next one, and so on, so many times; at
 * last lets it come to its end. Should it come to its end before, another one is started.
 *
 * @param folder what its folders' names begin with.
 * @param first which of the signals is the first; the others follow in turn.
 * @param seconds how long the undisturbed run took, from the start of its process to the end.
 * @returns the folders, how many signals hit what, and what came of each.
 */
export async function killedRun({ options, folder, kills, first, seconds }) {
  const story = {
    kills: 0,
    saved: 0,
    beforeFirstCheckpoint: 0,
    withinEpoch: 0,
    epochAgain: 0,
    halfWritten: 0,
  };
  const bySignal = Object.fromEntries(signals.map((name) => [name, nothing()]));
  const start = (current) => train([...options, "--resume-or-start", current]);
  const folders = [`${folder}-0`];
  while (story.kills < kills) {
    const current = folders.at(-1);
    const signal = signals[(first + story.kills) % signals.length];
    const run = start(current);
    const stop = new AbortController();
    const moment = setTimeout(Math.random() * seconds * 1000 * 0.7, undefined, stop).then(
      () => run.send(signal),
      () => {},
    );
    const how = await run.ended.finally(() => stop.abort());
    await moment;
    const left = leftBehind(current);
    if (how === "done" || left.summary?.status === "done") {
      folders.push(`${folder}-${folders.length}`);
      continue;
    }
    const outcome = how === "heard" ? savedOf(left) : "killed";
    bySignal[signal].sent++;
    bySignal[signal][outcome]++;
    story.kills++;
    if (outcome === "saved") story.saved++;
    for (const what of Object.keys(story)) if (left[what] === true) story[what]++;
  }
  // The last one may not have been started.
  const started = folders.filter(existsSync);
  if (started.includes(folders.at(-1))) await start(folders.at(-1)).ended;
  return { folders: started, bySignal, ...story };
}
