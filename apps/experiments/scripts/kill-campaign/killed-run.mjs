import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { train } from "./train.mjs";

/** What a kill has left in a run folder. */
function leftBehind(folder) {
  const names = existsSync(folder) ? readdirSync(folder, { recursive: true }) : [];
  const metrics = join(folder, "metrics.jsonl");
  const lines = existsSync(metrics) ? readFileSync(metrics, "utf8") : "";
  const checkpoint = placeOf(join(folder, "checkpoints/last.safetensors"));
  return {
    ended: names.includes("summary.json"),
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

/** Starts a run, or goes on with it. */
function start(options, folder) {
  const begun = existsSync(join(folder, "config.json"));
  return train(begun ? ["--resume", folder] : [...options, "--out", folder]);
}

/**
 * Starts a run, kills it at a random moment, resumes it, kills it again, and so on, so many times; at last lets it come to its end.
 * Should it come to its end before, another one is started.
 *
 * @param folder what its folders' names begin with.
 * @param seconds how long the undisturbed run took, from the start of its process to the end.
 * @returns the folders, and how many kills hit what.
 */
export async function killedRun({ options, folder, kills, seconds }) {
  const story = {
    kills: 0,
    beforeFirstCheckpoint: 0,
    withinEpoch: 0,
    epochAgain: 0,
    halfWritten: 0,
  };
  const folders = [`${folder}-0`];
  while (story.kills < kills) {
    const current = folders.at(-1);
    const run = start(options, current);
    const stop = new AbortController();
    const moment = setTimeout(Math.random() * seconds * 1000 * 0.7, undefined, stop).then(
      () => run.kill(),
      () => {},
    );
    const { killed } = await run.ended.finally(() => stop.abort());
    await moment;
    const left = leftBehind(current);
    if (!killed || left.ended) {
      folders.push(`${folder}-${folders.length}`);
      continue;
    }
    story.kills++;
    for (const what of Object.keys(story)) if (left[what] === true) story[what]++;
  }
  // The last one may not have been started.
  const started = folders.filter(existsSync);
  if (started.includes(folders.at(-1))) await start(options, folders.at(-1)).ended;
  return { folders: started, ...story };
}
