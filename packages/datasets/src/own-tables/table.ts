import { showShape } from "@bioflax/core";
import type { Dataset } from "../dataset";
import { checkDatasetOptions } from "../dataset-options";
import type { DatasetFacts } from "../definition";
import { readBytes } from "../files/read-file";
import { isNpy, parseNpy } from "../numpy/npy";
import { type InputArray, inputError } from "../own-images/input-array";
import { ownPlace } from "../own-images/own-place";
import { readCsv } from "./csv";
import { type TableOptions, type TableTargets, tableDataset } from "./table-dataset";

/** Options of {@link loadTable}. */
export interface LoadTableOptions extends TableOptions {
  /** The file, CSV or `.npy`, gzipped or not. */
  readonly path: string;
}

/**
 * Loads a table of your own: an example a row, its features and in the last column its class, a whole number from 0, or
 * the value to predict.
 *
 * A tenth of the rows, of each class, is kept for the test, the same whatever the seed. Features are taken as they are:
 * bring columns of different units to one scale first.
 *
 * @throws BioflaxError when the file is damaged, holds anything but a table of numbers, or its last column no classes;
 *   or when the validation fraction or the seed is out of range.
 * @example
 * const irises = await loadTable({ path: "irises.csv" });
 */
export async function loadTable({ path, ...options }: LoadTableOptions): Promise<Dataset> {
  return tableDataset(path, await readTable(path), options);
}

async function readTable(path: string): Promise<InputArray> {
  const bytes = await readBytes(path);
  const table = isNpy(bytes) ? parseNpy(bytes, path) : await readCsv(textOf(bytes, path), path);
  const { shape, values } = table;
  if (shape.length !== 2 || (shape[1] as number) < 2 || shape[0] === 0)
    throw inputError(
      path,
      `expected a table, [rows, columns] with two columns or more, received ${showShape(shape)}. ` +
        "Put features first, and the class or the value to predict into the last column.",
    );
  const strange = values.findIndex((value) => !Number.isFinite(value));
  const columns = shape[1] as number;
  if (strange >= 0)
    throw inputError(
      path,
      `row ${Math.floor(strange / columns)}, column ${strange % columns}, counted from 0: expected finite numbers, within ±3.4e38, received ${values[strange]}. ` +
        "Leave the row out, or put a number in its place.",
    );
  return table;
}

function textOf(bytes: Uint8Array, path: string): string {
  const problem = "expected a table, as CSV or .npy, received";
  if (bytes.length === 0) throw inputError(path, `${problem} nothing: it is empty.`);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw inputError(path, `${problem} neither. Save it with numpy.save, or as CSV.`);
  }
}

const WHAT = "a table, .csv or .npy";

/** Options of all data sets that concern tables. */
const load =
  (name: string, targets: TableTargets): DatasetFacts["load"] =>
  async ({ directory, ...options }) => {
    checkDatasetOptions(name, options);
    const { valSplit, seed } = options;
    return loadTable({
      path: ownPlace(name, directory, WHAT),
      targets,
      ...(valSplit !== undefined && { valSplit }),
      ...(seed !== undefined && { seed }),
    });
  };

/** Tables of one's own, in the registry: with classes, and with values to predict. */
export const tables = {
  table: {
    shows: "a table of your own, CSV or NumPy, whose last column is the class",
    targets: "labels",
    origin: "files",
    load: load("table", "labels"),
  },
  "table-values": {
    shows: "a table of your own whose last column is a value to predict",
    targets: "values",
    origin: "files",
    load: load("table-values", "values"),
  },
} as const satisfies Readonly<Record<string, DatasetFacts>>;
