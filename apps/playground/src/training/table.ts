import { Random } from "@bioflax/core";
import type { Dataset } from "@bioflax/datasets";

/** Rows of numbers with what is to be told of each, as one's own data are read. */
export interface Table {
  /** What its columns are called, the last one's the target's. */
  readonly columns: readonly string[];
  /** [rows, features], row by row. */
  readonly features: Float32Array;
  /** Numbers of classes, where these are named; values otherwise. */
  readonly targets: Float32Array;
  /** What the classes are called; undefined of values. */
  readonly classNames?: readonly string[] | undefined;
}

/** What part of the rows is to test with. */
const TEST_PART = 0.2;

/** The numbers of a column at some rows: their mean and standard deviation, 1 where all are the same. */
function momentsOf(values: Float32Array, width: number, column: number, rows: Int32Array) {
  const at = (row: number) => values[row * width + column] as number;
  const mean = rows.reduce((sum, row) => sum + at(row), 0) / rows.length;
  const variance = rows.reduce((sum, row) => sum + (at(row) - mean) ** 2, 0) / rows.length;
  return { mean, deviation: Math.sqrt(variance) || 1 };
}

/** Brings each column to a mean of 0 and a standard deviation of 1 over some rows. */
function standardised(values: Float32Array, width: number, rows: Int32Array): Float32Array {
  const result = new Float32Array(values.length);
  for (let column = 0; column < width; column++) {
    const { mean, deviation } = momentsOf(values, width, column, rows);
    for (let at = column; at < values.length; at += width)
      result[at] = ((values[at] as number) - mean) / deviation;
  }
  return result;
}

/** A table as a data set: columns standardised, a fifth of the rows, by the seed, kept to test with. */
export function tableDataset(table: Table, seed: number): Dataset {
  const { columns, features, targets, classNames } = table;
  const width = columns.length - 1;
  const count = targets.length;
  const order = new Random(seed, "own-data").permutation(count);
  const testCount = Math.round(count * TEST_PART);
  const test = Int32Array.from(order.subarray(0, testCount));
  const train = Int32Array.from(order.subarray(testCount));
  const examples = {
    inputs: standardised(features, width, train),
    targets: classNames ? Int32Array.from(targets) : standardised(targets, 1, train),
    count,
  };
  return {
    name: "csv",
    task: classNames ? "classification" : "regression",
    inputShape: [width],
    targetShape: classNames ? [] : [1],
    outputs: classNames?.length ?? 1,
    ...(classNames && { classNames }),
    train: { examples, indices: train },
    test: { examples, indices: test },
  };
}
