import { BioflaxError } from "@bioflax/core";

/** How the labels of a file are numbered. */
export interface LabelNumbering {
  /** How many classes there are; when missing, as many as the labels say. */
  readonly classes?: number;
  /** The label of the first class; 0 when left out. */
  readonly first?: number;
  /** What to do about a label that is none, in a sentence. */
  readonly remedy: string;
}

/**
 * Labels as a file has them, as numbers of classes from 0.
 *
 * @param values the labels, [count].
 * @param where the file's path, for errors.
 * @returns int32 [count], a copy.
 * @throws BioflaxError when a label is no whole number, or none of the classes.
 */
export function classLabels(
  values: ArrayLike<number>,
  where: string,
  { classes, first = 0, remedy }: LabelNumbering,
): Int32Array {
  const last = classes === undefined ? 2 ** 31 - 1 : first + classes - 1;
  const labels = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const label = values[i] as number;
    if (!(Number.isInteger(label) && label >= first && label <= last)) {
      const expected = classes === undefined ? "that are whole numbers " : "";
      throw new BioflaxError(
        `${where}: expected labels ${expected}from ${first}${classes === undefined ? "" : ` to ${last}`}, ` +
          `received ${shortest(label)} for example ${i}. ${remedy}`,
      );
    }
    labels[i] = label - first;
  }
  return labels;
}

/** A float32 number in the fewest digits that tell it: 1e12 is 999999995904 there. */
function shortest(value: number): number {
  if (Math.fround(value) !== value) return value;
  for (let digits = 1; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return rounded;
  }
  return value;
}

/**
 * How many classes there are where nobody says it: one more than the largest label.
 *
 * @param parts the labels of each part of a data set, from 0, those of training first.
 * @param where the files, for errors.
 * @throws BioflaxError when all training examples are of one class, or labels are larger than a byte and than there are
 *   examples, as numbers that stand for something else are.
 */
export function countClasses(parts: readonly ArrayLike<number>[], where: string): number {
  const [training = []] = parts;
  const label = training[0] ?? 0;
  if (Array.prototype.every.call(training, (other) => other === label)) {
    throw new BioflaxError(
      `${where}: expected labels of at least two classes, received ${label} for every training example. ` +
        "Number the classes from 0, and have examples of each.",
    );
  }
  let largest = 0;
  let examples = 0;
  for (const labels of parts) {
    examples += labels.length;
    for (let i = 0; i < labels.length; i++) largest = Math.max(largest, labels[i] as number);
  }
  if (largest >= Math.max(examples, 256)) {
    throw new BioflaxError(
      `${where}: expected labels that number classes from 0, received ${largest} among ${examples} examples. ` +
        "Number the classes from 0, without gaps.",
    );
  }
  return largest + 1;
}
