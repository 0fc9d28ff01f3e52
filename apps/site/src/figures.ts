import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dotChart, type Line, lineChart, statistics } from "@bioflax/report";

const results = join(import.meta.dirname, "../../experiments/results");

/** What a recipe's runs came to; `summaries` in tables of an older kind. */
interface Recipe {
  readonly recipe: string;
  readonly runs?: readonly Run[];
  readonly summaries?: readonly Run[];
}

interface Run {
  readonly test: { readonly loss: number; readonly accuracy?: number };
  /** After each epoch, on the test set. */
  readonly course?: { readonly accuracy?: readonly number[] };
}

const percent = (value: number) => `${value.toFixed(2)} %`;

/**
 * A figure from a table of results, as a page of the site asks for it: `final mnist`, every run's test accuracy after the
 * last epoch, or `course mnist`, over the epochs.
 *
 * @returns HTML.
 */
export function figure(wanted: string): string {
  return wanted
    .trim()
    .split("\n")
    .map((line) => {
      const [, kind, table, title] = /^(final|course) (\S+) (.+)$/.exec(line) ?? [];
      if (table === undefined || title === undefined) throw new Error(`No figure: ${line}`);
      const { results: recipes } = JSON.parse(
        readFileSync(join(results, `${table}.json`), "utf8"),
      ) as { results: readonly Recipe[] };
      return kind === "final" ? finalChart(title, recipes) : courseChart(title, recipes);
    })
    .join("\n");
}

/** What a recipe trains by: the last word of its name. */
const ruleOf = ({ recipe }: Recipe) => recipe.slice(recipe.indexOf("-") + 1);

function finalChart(title: string, recipes: readonly Recipe[]): string {
  const rows = recipes.map((recipe, slot) => ({
    name: ruleOf(recipe),
    slot,
    values: (recipe.runs ?? recipe.summaries ?? []).map(({ test }) => (test.accuracy ?? 0) * 100),
  }));
  return dotChart({ title, rows, show: percent, xTitle: "test accuracy (%)" }).text;
}

function courseChart(title: string, recipes: readonly Recipe[]): string {
  const courses = recipes.map(({ runs = [] }) => runs.map(({ course }) => course?.accuracy ?? []));
  const length = Math.max(...courses.flat().map((course) => course.length));
  const epochs = Array.from({ length }, (_, epoch) => epoch + 1);
  const lines = recipes.map(
    (recipe, slot): Line => ({
      name: ruleOf(recipe),
      slot,
      points: epochs.map((epoch) =>
        statistics((courses[slot] ?? []).map((course) => 100 * (course[epoch - 1] ?? Number.NaN))),
      ),
    }),
  );
  return lineChart({ title, lines, epochs, limits: [0, 100], show: percent, wide: true }).text;
}
