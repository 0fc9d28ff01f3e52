// How much faster is the table of MNIST's rules over three seeds by one sweep than by a process a run, one after another?
//   pnpm --filter experiments run table-time [--epochs 1] [--rounds 1] [--recipes mnist-bp,mnist-fa] [--seeds 0,1,2]
// The same runs both ways, in turn, with fewer epochs than the table has: seconds by the clock and of all processors,
// and how they compare. By the clock only on a machine that nobody else uses.
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { timedBioflax } from "./table/timed-bioflax.mjs";

const experiments = fileURLToPath(new URL("..", import.meta.url));
const rules = "bp fa kp wm usf frsf brsf dfa sdfa dkp drtp".split(" ");
const { values } = parseArgs({
  options: {
    epochs: { type: "string", default: "1" },
    rounds: { type: "string", default: "1" },
    recipes: { type: "string", default: rules.map((rule) => `mnist-${rule}`).join(",") },
    seeds: { type: "string", default: "0,1,2" },
  },
});
const recipes = values.recipes.split(",").map((recipe) => `recipes/${recipe}.yaml`);
const seeds = values.seeds.split(",");
const common = ["--epochs", values.epochs, "--quiet"];

/** Adds times up. */
const sum = (times) => ({
  clock: times.reduce((total, { clock }) => total + clock, 0),
  processor: times.reduce((total, { processor }) => total + processor, 0),
});

const ways = {
  async "a process a run, one after another"(out) {
    const times = [];
    for (const recipe of recipes)
      for (const seed of seeds) {
        const own = ["--config", recipe, "--seed", seed, "--out", join(out, String(times.length))];
        times.push(await timedBioflax(["train", ...own, ...common], experiments));
      }
    return sum(times);
  },
  "one sweep": (out) =>
    timedBioflax(
      [
        ...["sweep", "--set", `extends=${recipes.join(",")}`, "--seeds", seeds.join(",")],
        ...["--out", join(out, "sweep"), ...common],
      ],
      experiments,
    ),
};

const seconds = Object.keys(ways).map(() => []);
for (let round = 0; round < Number(values.rounds); round++)
  for (const [i, run] of Object.values(ways).entries()) {
    const out = mkdtempSync(join(tmpdir(), "bioflax-table-time-"));
    try {
      seconds[i].push(await run(out));
    } finally {
      rmSync(out, { recursive: true });
    }
    const { clock, processor } = seconds[i].at(-1);
    console.error(`${Object.keys(ways)[i]}: ${clock.toFixed(0)} s, ${processor.toFixed(0)} s`);
  }

/** The middle value (lowest–highest). */
function spread(numbers, digits) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const [middle, lowest, highest] = [sorted[sorted.length >> 1], sorted[0], sorted.at(-1)];
  const show = (x) => x.toFixed(digits);
  return sorted.length === 1 ? show(middle) : `${show(middle)} (${show(lowest)}–${show(highest)})`;
}
const [alone, sweep] = seconds;
const row = (name, of, digits) =>
  `| ${name} | ${of("clock", digits)} | ${of("processor", digits)} |`;
console.log(
  [
    `${recipes.length} recipes × ${seeds.length} seeds, epochs: ${values.epochs}; ${cpus()[0]?.model}, ${availableParallelism()} cores.`,
    "",
    "| | seconds by the clock | seconds of processors |",
    "| --- | ---: | ---: |",
    ...Object.keys(ways).map((name, i) =>
      row(name, (what) =>
        spread(
          seconds[i].map((one) => one[what]),
          0,
        ),
      ),
    ),
    row("times as fast", (what) =>
      spread(
        alone.map((one, round) => one[what] / sweep[round][what]),
        2,
      ),
    ),
  ].join("\n"),
);
