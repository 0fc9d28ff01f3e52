import { showShape } from "../ops/shapes";
import type { Shape } from "../ops/tensor-ops";

/**
 * What is wrong with the first row of some targets that is of another kind, as the end of "received a target of shape
 * [4, 3] …".
 */
type Problem = string | undefined;

/** A kind of targets: what they look like, and how a loss reads them. */
export interface TargetKind {
  /** What it is called: `class numbers`. */
  readonly title: string;
  /** What a target of this kind is, beside its shape. */
  describe(outputs: number): string;
  /** The shapes it comes in, for outputs of the shape [...leading, outputs]. */
  shapes(leading: Shape, outputs: number): readonly Shape[];
  /** How losses read it: `labels`, int32 [rows]; or `rows`, float32 [rows, outputs]. */
  readonly form: TargetForm;
  /** What is wrong with the values, row-major. */
  problem(values: ArrayLike<number>, outputs: number): Problem;
}

/** How losses read targets: `labels`, int32 [rows]; or `rows`, float32 [rows, outputs]. */
export type TargetForm = "labels" | "rows";

/** How far from 1 the sum of a distribution may be: probabilities are often rounded to three digits. */
const SUM_TOLERANCE = 2e-3;
/** How far outside 0 and 1 rounding may have brought a probability. */
const TOLERANCE = 1e-6;

/** The first value that is not as it should be, with its row. */
function firstWrong(
  values: ArrayLike<number>,
  perRow: number,
  isRight: (value: number) => boolean,
): Problem {
  for (let i = 0; i < values.length; i++) {
    // A tensor of booleans has true and false for 1 and 0 on some backends.
    const value = Number(values[i]);
    if (!isRight(value))
      return `with ${Number(value.toPrecision(7))} in row ${Math.floor(i / perRow)}`;
  }
  return undefined;
}

const isProbability = (value: number) => value >= -TOLERANCE && value <= 1 + TOLERANCE;

const ofOutput = (leading: Shape, outputs: number): readonly Shape[] =>
  outputs === 1 ? [[...leading, 1], leading] : [[...leading, outputs]];

/** One number an example, of the class it belongs to. */
const classes: TargetKind = {
  title: "class numbers",
  describe: (outputs) => `class numbers from 0 to ${outputs - 1}, one for each output`,
  shapes: (leading) => [leading, [...leading, 1]],
  form: "labels",
  problem: (values, outputs) =>
    firstWrong(values, 1, (value) => Number.isInteger(value) && value >= 0 && value < outputs),
};

/** A row an example that says to which class it belongs, or how likely to each. */
const distributions: TargetKind = {
  title: "distributions over classes",
  describe: () => "rows that sum to 1 (one-hot, or the probability of each class)",
  shapes: (leading, outputs) => [[...leading, outputs]],
  form: "rows",
  problem(values, outputs) {
    const wrong = firstWrong(values, outputs, isProbability);
    if (wrong !== undefined) return wrong;
    for (let start = 0; start < values.length; start += outputs) {
      let sum = 0;
      for (let i = start; i < start + outputs; i++) sum += Number(values[i]);
      if (Math.abs(sum - 1) > SUM_TOLERANCE)
        return `whose row ${start / outputs} sums to ${Number(sum.toPrecision(6))}`;
    }
    return undefined;
  },
};

/** A row an example that says of each label whether it has it, or how likely; of one output, a column. */
const probabilities: TargetKind = {
  title: "labels that are there or not",
  describe: (outputs) =>
    outputs === 1
      ? "numbers from 0 to 1 (0 or 1, or a probability)"
      : "numbers from 0 to 1 (one-hot, multi-hot, or the probability of each label)",
  shapes: ofOutput,
  form: "rows",
  problem: (values, outputs) => firstWrong(values, outputs, isProbability),
};

/** What the outputs themselves are to be. */
const values: TargetKind = {
  title: "values",
  describe: () => "finite numbers",
  shapes: ofOutput,
  form: "rows",
  problem: (numbers, outputs) => firstWrong(numbers, outputs, Number.isFinite),
};

/** Every kind of targets by name. */
export const targetKinds = { classes, distributions, probabilities, values } as const;

/** The name of a kind of targets. */
export type TargetKindName = keyof typeof targetKinds;

/** A kind with its shapes: `class numbers from 0 to 2, one for each output, [4] or [4, 1]`. */
export function describeKind(kind: TargetKind, leading: Shape, outputs: number): string {
  const shapes = kind.shapes(leading, outputs).map(showShape).join(" or ");
  return `${kind.describe(outputs)}, ${shapes}`;
}
