import { type Dataset, tableDataset } from "@bioflax/datasets";

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
  /** The name of its file; undefined of one that was pasted. */
  readonly file?: string | undefined;
}

/** What the file is called that has a table as its networks read it. */
export function tableFileName({ file = "table.csv" }: Pick<Table, "file">): string {
  const stem = file.replace(/\.[^.]*$/, "").replace(/[^\w.-]+/g, "-");
  return `${stem}-standardised.csv`;
}

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

/** The table as one of numbers, [rows, columns]: classes by their places among their names. */
function numbersOf({ columns, features, targets }: Table): {
  shape: number[];
  values: Float32Array;
} {
  const width = columns.length - 1;
  const values = new Float32Array(targets.length * columns.length);
  targets.forEach((target, row) => {
    const at = row * columns.length;
    values.set(features.subarray(row * width, (row + 1) * width), at);
    values[at + width] = target;
  });
  return { shape: [targets.length, columns.length], values };
}

/** What the command is told of tables of classes, and of values, and what is set aside for validation. */
const options = ({ classNames }: Table) =>
  ({ targets: classNames ? "labels" : "values", valSplit: 0 }) as const;

/**
 * A table as its networks read it: features brought to a mean of 0 and a standard deviation of 1 over the rows to learn
 * from, and so are values to predict; classes by their numbers.
 */
function standardisedTable(table: Table): Table {
  const { columns, features, targets, classNames } = table;
  const rows = tableDataset("table", numbersOf(table), options(table)).train.indices;
  return {
    ...table,
    features: standardised(features, columns.length - 1, rows),
    targets: classNames ? targets : standardised(targets, 1, rows),
  };
}

/** A table as the data set that the command makes of its file: a tenth, of each class, is kept to test with. */
export function datasetOfTable(table: Table): Dataset {
  const read = standardisedTable(table);
  const { classNames } = table;
  return {
    ...tableDataset("table", numbersOf(read), options(table)),
    ...(classNames && { classNames }),
  };
}

/** A table as its networks read it, as comma-separated values: what the command makes the same data set of. */
export function tableFile(table: Table): string {
  const read = standardisedTable(table);
  const { shape, values } = numbersOf(read);
  const width = shape[1] as number;
  // A title that is no word would be taken for an example.
  const titles = read.columns.map((_, i) => (i < width - 1 ? `feature_${i + 1}` : "target"));
  const lines = Array.from({ length: read.targets.length }, (_, row) =>
    values.subarray(row * width, (row + 1) * width).join(","),
  );
  return `${[titles.join(","), ...lines].join("\n")}\n`;
}
