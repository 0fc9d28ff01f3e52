// Does feedback alignment learn a linear function as backpropagation does, and do its errors turn towards
// backpropagation's? Lillicrap, Cownden, Tweed & Akerman 2016, with their 30-20-10 network:
//   pnpm --filter experiments run lillicrap-2016 [--examples 2000] [--rate 0.002] [--seeds 20]
// Prints a Markdown table, and leaves it in results/lillicrap-2016.md with its figures, and the numbers behind it in
// results/lillicrap-2016.json.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Line, lineChart, statistics } from "@bioflax/report";
import { figureOf } from "./figure";
import { type LinearCourse, learnLinear } from "./lillicrap-2016/linear";

const { values } = parseArgs({
  options: {
    examples: { type: "string", default: "2000" },
    rate: { type: "string", default: "0.002" },
    seeds: { type: "string", default: "20" },
  },
});
const [examples, rate, seeds] = [values.examples, values.rate, values.seeds].map(Number) as [
  number,
  number,
  number,
];
const command = ["pnpm --filter experiments run lillicrap-2016", ...process.argv.slice(2)].join(
  " ",
);

const courses: Record<"bp" | "fa", LinearCourse[]> = { bp: [], fa: [] };
for (const rule of ["bp", "fa"] as const)
  for (let seed = 0; seed < seeds; seed++)
    courses[rule].push(await learnLinear(rule, { seed, examples, rate }));

const [{ examples: seen }] = courses.fa as [LinearCourse];
const line = (rule: "bp" | "fa", slot: number, measure: "error" | "angle"): Line => ({
  name: rule,
  slot,
  points: seen.map((_, i) => statistics(courses[rule].map((course) => course[measure][i]))),
});
const look = { epochs: seen, wide: true, over: { title: "examples", names: seen.map(String) } };
const error = lineChart({
  ...look,
  title: "Normalised squared error",
  lines: [line("bp", 0, "error"), line("fa", 1, "error")],
  show: (value) => value.toPrecision(2),
});
const angle = lineChart({
  ...look,
  title: "Angle between the updates of the hidden units",
  lines: [line("fa", 1, "angle")],
  angles: true,
  show: (value) => `${value.toFixed(1)}°`,
});

const shown = [100, 200, 400, 600, 800, 1000, 1500, 2000]
  .map((count) => seen.indexOf(count))
  .filter((index) => index >= 0);
const cell = (rule: "bp" | "fa", measure: "error" | "angle", i: number, digits: number) => {
  const { mean, sd = 0 } = line(rule, 0, measure).points[i] ?? { mean: Number.NaN };
  return digits > 0
    ? `${mean.toPrecision(digits)} ± ${sd.toPrecision(digits)}`
    : `${mean.toFixed(1)} ± ${sd.toFixed(1)}`;
};
const rows = shown.map(
  (i) =>
    `| ${seen[i]} | ${cell("bp", "error", i, 2)} | ${cell("fa", "error", i, 2)} | ${cell("fa", "angle", i, 0)} |`,
);
const text = `| examples | error of bp | error of fa | angle of fa (°) |
| ---: | ---: | ---: | ---: |
${rows.join("\n")}

![Normalised squared error of bp and fa](lillicrap-2016-error.svg)

![Angle between what feedback alignment and what backpropagation send to the hidden units](lillicrap-2016-angle.svg)

A linear 30-20-10 network learns a linear function, an example a step at a rate of ${rate} (on half the sum of squares); mean ± standard deviation over
${seeds} functions with their own weights. The error is ‖T − W‖²/‖T‖², the angle that between the errors that arrive at the hidden units, each the mean of ten of
the last fifty examples. Made by:

    ${command}
`;
// pnpm runs it in apps/experiments.
const path = (name: string) => join("results", name);
writeFileSync(path("lillicrap-2016-error.svg"), figureOf(error));
writeFileSync(path("lillicrap-2016-angle.svg"), figureOf(angle));
writeFileSync(
  path("lillicrap-2016.json"),
  `${JSON.stringify({ command, rate, courses }, null, 1)}\n`,
);
writeFileSync(path("lillicrap-2016.md"), text);
console.log(text);
