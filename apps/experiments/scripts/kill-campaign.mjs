// Sends runs signals at random moments, `kill -9` and those of terminals and clusters, goes on with them, and compares
// what they come to with what undisturbed runs come to.
//
//   pnpm --filter experiments run kill-campaign                 162 signals over the engines; results/kill-campaign.md
//     has the table
//   pnpm --filter experiments run kill-campaign --kills 2       so many signals a run
//   pnpm --filter experiments run kill-campaign --engine xla    in one engine alone; the table's other rows stay
//
// Ends with status 1 when a run has come to something else.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { compareAll } from "./kill-campaign/compare.mjs";
import { killedRun } from "./kill-campaign/killed-run.mjs";
import { markdown } from "./kill-campaign/markdown.mjs";
import { campaign, engines } from "./kill-campaign/runs.mjs";
import { train } from "./kill-campaign/train.mjs";

/** Signals a run. */
const KILLS = 9;

const { values } = parseArgs({
  options: { kills: { type: "string", default: String(KILLS) }, engine: { type: "string" } },
  allowPositionals: true,
});
const kills = Number(values.kills);
if (!Number.isInteger(kills) || kills < 1) {
  console.error(`--kills: expected a whole number from 1, received ${values.kills}.`);
  process.exit(2);
}

const { engine: only } = values;
if (only !== undefined && !engines.includes(only)) {
  console.error(`--engine: expected one of ${engines.join(", ")}, received ${only}.`);
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), "bioflax-kill-campaign-"));
const rows = [];
try {
  for (const [index, run] of campaign(only === undefined ? engines : [only]).entries()) {
    const undisturbed = join(folder, `${index}-undisturbed`);
    const killed = join(folder, `${index}-killed`);
    const start = performance.now();
    await train([...run.options, "--out", undisturbed]).ended;
    const seconds = (performance.now() - start) / 1000;
    const { folders, ...story } = await killedRun({
      ...run,
      folder: killed,
      kills,
      first: index,
      seconds,
    });
    const { name, engine } = run;
    const runs = folders.length;
    const row = { name, engine, seconds, runs, ...story, ...compareAll(undisturbed, folders) };
    rows.push(row);
    console.error(
      `${row.engine}, ${row.name}: ${row.kills} signals, ${row.saved} heard and saved, ${row.identical ? "identical" : "DIFFERENT"}`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

console.log(markdown(rows));
// A shorter campaign is a check, not a result.
if (kills === KILLS) {
  const results = join(import.meta.dirname, "../results/kill-campaign");
  const before = JSON.parse(readFileSync(`${results}.json`, "utf8"));
  const all = engines.flatMap((engine) =>
    (only === undefined || engine === only ? rows : before).filter((row) => row.engine === engine),
  );
  writeFileSync(`${results}.json`, `${JSON.stringify(all, null, 2)}\n`);
  writeFileSync(`${results}.md`, markdown(all));
}
if (rows.some(({ identical }) => !identical)) process.exitCode = 1;
