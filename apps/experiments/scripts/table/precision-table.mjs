import { cell, percent } from "./markdown.mjs";

/** A difference of shares in points, with its sign. */
const points = (share) => `${share < 0 ? "−" : "+"}${Math.abs(100 * share).toFixed(2)}`;

/**
 * The Markdown table of runs in float32 and in bfloat16, a line for each recipe that has any.
 *
 * @param results runs: their recipe, precision, seed and test result.
 */
export function precisionTable(results) {
  const recipes = [...new Set(results.map(({ recipe }) => recipe))];
  const accuracies = (recipe, precision) =>
    new Map(
      results
        .filter((one) => one.recipe === recipe && one.precision === precision)
        .map(({ seed, test }) => [seed, test.accuracy]),
    );
  const lines = recipes.map((recipe) => {
    const [exact, rounded] = ["float32", "bfloat16"].map((name) => accuracies(recipe, name));
    const differences = [...rounded].flatMap(([seed, accuracy]) =>
      exact.has(seed) ? [accuracy - exact.get(seed)] : [],
    );
    const mean = differences.reduce((sum, one) => sum + one, 0) / differences.length;
    const spread = `${points(mean)} (${points(Math.min(...differences))} – ${points(Math.max(...differences))})`;
    const shown = [exact, rounded].map((one) => cell([...one.values()], percent));
    return `| ${[recipe, ...shown, differences.length === 0 ? "–" : spread].join(" | ")} |`;
  });
  return [
    "| recipe | float32 (%) | bfloat16 (%) | difference |",
    "| --- | ---: | ---: | ---: |",
    ...lines,
  ].join("\n");
}
