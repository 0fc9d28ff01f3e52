import { BioflaxError, type Shape } from "@bioflax/core";
import type { Dataset, Examples } from "../dataset";
import type { DatasetFacts } from "../definition";
import { classLabels, countClasses } from "../labels";
import { heldForTest } from "../own-images/held-for-test";
import { splitValidation } from "../split-validation";

/** What the last column of a table may be: the number of a class, or a value to predict. */
export type TableTargets = Extract<DatasetFacts["targets"], "labels" | "values">;

/** Options of {@link tableDataset}. */
export interface TableOptions {
  /** What the last column is: the number of a class, or a value to predict; `labels` when left out. */
  readonly targets?: TableTargets;
  /** The part of the training examples set aside for validation; 0.1 when left out. */
  readonly valSplit?: number;
  /** Decides which are set aside; 0 when left out. */
  readonly seed?: number;
}

/**
 * The data set of a table: an example a row, its features and in the last column its class, a whole number from 0, or
 * the value to predict. A tenth of the rows, of each class, is kept for the test, the same whatever the seed.
 *
 * @param path the table's name, for errors.
 * @param table [rows, columns], row by row.
 * @returns inputs as they are, float32 [rows, columns − 1], and targets as classes, int32 [rows], or values, float32
 *   [rows, 1].
 * @throws BioflaxError when the last column holds no classes, or there are too few rows; or when the validation fraction
 *   or the seed is out of range.
 */
export function tableDataset(
  path: string,
  { shape, values }: { readonly shape: Shape; readonly values: ArrayLike<number> },
  { targets = "labels", valSplit = 0.1, seed = 0 }: TableOptions = {},
): Dataset {
  const [count, columns] = shape as readonly [number, number];
  const features = columns - 1;
  const inputs = Float32Array.from(
    { length: count * features },
    (_, i) => values[Math.floor(i / features) * columns + (i % features)] as number,
  );
  const last = Float32Array.from(
    { length: count },
    (_, row) => values[(row + 1) * columns - 1] as number,
  );
  const ofClasses = targets === "labels";
  const where = `${path}, last column`;
  const labels = ofClasses
    ? classLabels(last, where, {
        remedy: "Number the classes from 0, or use the data set table-values.",
      })
    : undefined;
  const examples: Examples = { inputs, targets: labels ?? last, count };
  const isHeld = heldForTest(labels ?? new Int32Array(count));
  const rows = (held: boolean) =>
    Int32Array.from(isHeld.keys()).filter((row) => isHeld[row] === held);
  const training = rows(false);
  if (training.length === 0)
    throw new BioflaxError(
      `${path}: expected at least two rows, one to train on and one for the test, received ${count}.`,
    );
  return {
    name: ofClasses ? "table" : "table-values",
    task: ofClasses ? "classification" : "regression",
    inputShape: [features],
    targetShape: ofClasses ? [] : [1],
    outputs:
      labels === undefined
        ? 1
        : countClasses([training.map((row) => labels[row] as number), labels], where),
    ...splitValidation({ examples, indices: training }, valSplit, seed),
    test: { examples, indices: rows(true) },
  };
}
