// Does training follow the theory? Two-layer erf students of an erf teacher, online, under backpropagation and feedback
// alignment: the generalisation error by the equations of Refinetti, d'Ascoli, Ohana & Goldt 2021, and of networks that
// are trained from the same weights:
//   pnpm --filter experiments run align-then-memorise [--inputs 500,1000] [--until 300] [--seeds 0,1,2,3,4,5,6,7,8,9]
// Prints a Markdown table of the last number of inputs, and leaves it in results/align-then-memorise.md with its figures
// and how far apart theory and networks are for all, and the numbers behind it in results/align-then-memorise.json, which
// --redraw makes them from again.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Line, lineChart, statistics } from "@bioflax/report";
import { type Course, compare, deviationsOf } from "./align-then-memorise/compare";
import { settingOf } from "./align-then-memorise/setting";
import { figureOf } from "./figure";

const { values } = parseArgs({
  options: {
    inputs: { type: "string", default: "500,1000" },
    until: { type: "string", default: "300" },
    seeds: { type: "string", default: "0,1,2,3,4,5,6,7,8,9" },
    redraw: { type: "boolean", default: false },
  },
});
// pnpm runs it in apps/experiments.
const path = (name: string) => join("results", name);

/** What the table and the figures are made of. */
interface Results {
  readonly command: string;
  readonly times: readonly number[];
  readonly seeds: readonly number[];
  readonly all: readonly { readonly inputs: number; readonly courses: readonly Course[] }[];
}

/** Looked at after every unit of time at first, where the error falls fast, then 56 times more. */
const FINE = 20;

async function train(): Promise<Results> {
  const coarse = (Number(values.until) - FINE) / 56;
  const times = [
    ...Array.from({ length: FINE }, (_, i) => i + 1),
    ...Array.from({ length: 56 }, (_, i) => FINE + Math.round((i + 1) * coarse)),
  ];
  const seeds = values.seeds.split(",").map(Number);
  const all: Results["all"][number][] = [];
  for (const size of values.inputs.split(",").map(Number)) {
    const courses: Course[] = [];
    for (const rule of ["bp", "fa"] as const)
      courses.push(
        await compare(settingOf(size), rule, times, seeds, (seed) =>
          console.error(`${size} inputs, ${rule}: seed ${seed} done`),
        ),
      );
    all.push({ inputs: size, courses });
  }
  const given = process.argv.slice(2);
  return {
    command: ["pnpm --filter experiments run align-then-memorise", ...given].join(" "),
    ...{ times, seeds, all },
  };
}

const results: Results = values.redraw
  ? JSON.parse(readFileSync(path("align-then-memorise.json"), "utf8"))
  : await train();
const { command, times, seeds, all } = results;
const { inputs, courses } = all.at(-1) as Results["all"][number];

/** A line of networks, with a band of one standard error. */
const trainedLine = (name: string, slot: number, runs: readonly (readonly number[])[]): Line => ({
  name,
  slot,
  points: times.map((_, i) => {
    const { n, mean, sd = 0 } = statistics(runs.map((run) => run[i])) ?? { n: 0, mean: Number.NaN };
    return { n, mean, sd: sd / Math.sqrt(n) };
  }),
});
const theoryLine = (name: string, slot: number, points: readonly number[]): Line => ({
  name,
  slot,
  points: points.map((mean) => ({ n: 1, mean })),
});
const over = { title: "examples / inputs", names: times.map(String) };
const errors = lineChart({
  title: "Generalisation error",
  lines: courses.flatMap(({ rule, theory, trained }, i) => [
    theoryLine(`${rule}, theory`, 2 * i, theory),
    trainedLine(`${rule}, trained`, 2 * i + 1, trained),
  ]),
  epochs: times,
  show: (value) => value.toExponential(2),
  wide: true,
  over,
});
const angles = lineChart({
  title: "Angle between output weights and feedback",
  lines: courses
    .filter(({ rule }) => rule === "fa")
    .flatMap(({ theoryAngle, trainedAngle }) => [
      theoryLine("theory", 2, theoryAngle),
      trainedLine("trained", 3, trainedAngle),
    ]),
  epochs: times,
  angles: true,
  show: (value) => `${value.toFixed(1)}°`,
  wide: true,
  over,
});

const shown = [1, 5, 10, 20, 50, 100, 150, 200, 250, 300].flatMap((time) => {
  const index = times.findIndex((one) => one >= time);
  return index < 0 ? [] : [index];
});
const rows = courses.flatMap((course) =>
  shown.map((i) => {
    const { mean, error, errorsAway } = deviationsOf(course)[i] as ReturnType<
      typeof deviationsOf
    >[number];
    const theory = course.theory[i] as number;
    return `| ${course.rule} | ${times[i]} | ${theory.toExponential(3)} | ${mean.toExponential(3)} ± ${error.toExponential(1)} | ${errorsAway.toFixed(1)} |`;
  }),
);
/** Where theory and networks are farthest apart. */
const farthest = all.map(({ inputs: size, courses: own }) => {
  const each = own.map((course) => {
    const away = deviationsOf(course).map(({ errorsAway }) => errorsAway);
    const most = Math.max(...away);
    const beyond = away.filter((one) => one > 3).length;
    return `${course.rule} ${most.toFixed(1)}, at ${times[away.indexOf(most)]} (over 3 at ${beyond} times)`;
  });
  return `with ${size} inputs, ${each.join("; ")}`;
});
const text = `| rule | examples / inputs | error by theory | error of networks | standard errors apart |
| --- | ---: | ---: | ---: | ---: |
${rows.join("\n")}

![Generalisation error by theory and of trained networks](align-then-memorise-error.svg)

![Angle between output weights and feedback](align-then-memorise-angle.svg)

Students of two erf units, of a teacher of two, ${inputs} Gaussian inputs, η = ${settingOf(inputs).rate}, a step an example, no example twice; compiled engine.
Networks: mean ± standard error over ${seeds.length} streams of examples, all from the same weights, from which the equations start, too; of infinitely many
inputs the two would be the same. Standard errors apart at the worst of ${times.length} times: ${farthest.join("; and ")}. Made by:

    ${command}
`;
writeFileSync(path("align-then-memorise-error.svg"), figureOf(errors));
writeFileSync(path("align-then-memorise-angle.svg"), figureOf(angles));
writeFileSync(path("align-then-memorise.json"), `${JSON.stringify(results, null, 1)}\n`);
writeFileSync(path("align-then-memorise.md"), text);
console.log(text);
