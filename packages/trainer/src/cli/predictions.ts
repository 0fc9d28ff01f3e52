import { csvCell } from "../base/csv";
import type { Prediction } from "../trained/predict";

/** A prediction, and the input it is of where there are several. */
export interface Predicted {
  readonly input?: string;
  readonly prediction: Prediction;
}

/** A number with the digits that float32 has. */
const digits = (value: number) => Number(value.toPrecision(7));

/** Predictions as JSON, one a line. */
export function predictionLines(predicted: readonly Predicted[]): string {
  const shown = predicted.map(({ input, prediction }) => {
    const rounded = JSON.stringify(
      { ...(input !== undefined && { input }), ...prediction },
      // Labels are whole numbers, and stay as they are.
      (_, value: unknown) => (typeof value === "number" ? digits(value) : value),
    );
    return `${rounded}\n`;
  });
  return shown.join("");
}

/**
 * Predictions as CSV, with a line of titles: `label`, `name` where classes have names, `probability` and `p0`, `p1`, …
 * of every class; or `labels`, with blanks between them, `names`, with commas, and `p0`, `p1`, … of every label; or
 * `y0`, `y1`, … of values; before them `input` where there are several.
 */
export function predictionTable(predicted: readonly Predicted[]): string {
  const rows = predicted.map(({ input, prediction }): [string, string | number][] => {
    const start: [string, string | number][] = input === undefined ? [] : [["input", input]];
    if ("values" in prediction)
      return [
        ...start,
        ...prediction.values.map((value, i): [string, number] => [`y${i}`, digits(value)]),
      ];
    const told = prediction.probabilities.map((p, i): [string, number] => [`p${i}`, digits(p)]);
    if ("labels" in prediction) {
      const { labels, names } = prediction;
      const called: [string, string][] = names === undefined ? [] : [["names", names.join(", ")]];
      return [...start, ["labels", labels.join(" ")], ...called, ...told];
    }
    const { label, name, probability } = prediction;
    return [
      ...start,
      ["label", label],
      ...(name === undefined ? [] : [["name", name] as [string, string]]),
      ["probability", digits(probability)],
      ...told,
    ];
  });
  const titles = (rows[0] ?? []).map(([title]) => title).join(",");
  const lines = rows.map((row) => row.map(([, value]) => csvCell(value)).join(","));
  return `${[titles, ...lines].join("\n")}\n`;
}
