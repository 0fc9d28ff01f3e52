import Papa from "papaparse";
import type { Table } from "../training/table";

/** How much of one's own data a page trains on. */
const limits = { rows: [10, 20_000], features: [1, 256], classes: [2, 10] } as const;

/** Why a text is no table, as the page says it. */
export class CsvError extends Error {}

/** Whether a cell is a number; an empty one is none. */
const isNumber = (cell: string | undefined) =>
  cell !== undefined && cell.trim() !== "" && Number.isFinite(Math.fround(Number(cell)));

const between = ([from, to]: readonly [number, number]) => `${from} to ${to}`;

/** The rows of a text, each with its number; lines with nothing on them are none. */
function rowsOf(text: string) {
  const { data, errors } = Papa.parse<string[]>(text.replace(/^\uFEFF/, "").trimEnd());
  const quotes = errors.find(({ type }) => type === "Quotes");
  if (quotes) throw new CsvError(`Line ${(quotes.row ?? 0) + 1}: ${quotes.message.toLowerCase()}.`);
  return data
    .map((cells, row) => ({ cells, line: row + 1 }))
    .filter(({ cells }) => cells.some((cell) => cell.trim() !== ""));
}

/** Names of classes in the order of numbers, or of the alphabet. */
const inOrder = (names: string[]) =>
  names.sort((a, b) => (names.every(isNumber) ? Number(a) - Number(b) : a < b ? -1 : 1));

/**
 * Reads comma-separated values: a row an example, the last column what is to be told of it, the others numbers. A first
 * row of names is one where it has no number.
 *
 * The target is a class where it is a word, or one of a few whole numbers; else a value.
 *
 * @throws CsvError that names line and column.
 */
export function parseCsv(text: string): Table {
  const rows = rowsOf(text);
  const [first] = rows;
  if (first === undefined) throw new CsvError("Expected rows of numbers, received nothing.");
  const hasNames = !first.cells.slice(0, -1).some(isNumber);
  const columns = first.cells.map((name, i) => (hasNames ? name.trim() : `column ${i + 1}`));
  const width = columns.length - 1;
  const [fewest, most] = limits.features;
  if (width < fewest || width > most)
    throw new CsvError(
      `Line ${first.line}: expected ${fewest + 1} to ${most + 1} columns, the last one the target, received ${columns.length}.`,
    );
  const examples = hasNames ? rows.slice(1) : rows;
  if (examples.length < limits.rows[0] || examples.length > limits.rows[1])
    throw new CsvError(`Expected ${between(limits.rows)} rows, received ${examples.length}.`);

  const features = new Float32Array(examples.length * width);
  examples.forEach(({ cells, line }, row) => {
    if (cells.length !== columns.length)
      throw new CsvError(
        `Line ${line}: expected ${columns.length} columns, received ${cells.length}.`,
      );
    cells.slice(0, -1).forEach((cell, column) => {
      if (!isNumber(cell))
        throw new CsvError(
          `Line ${line}, column ${column + 1} (${columns[column]}): expected a number, received “${cell.trim()}”.`,
        );
      features[row * width + column] = Number(cell);
    });
    if (cells[width]?.trim() === "")
      throw new CsvError(
        `Line ${line}, column ${width + 1} (${columns[width]}): expected a class or a value, received nothing.`,
      );
  });
  return { columns, features, ...targetsOf(examples, columns) };
}

/** The targets of rows, which all have one. */
function targetsOf(
  examples: readonly { readonly cells: readonly string[]; readonly line: number }[],
  columns: readonly string[],
): Pick<Table, "targets" | "classNames"> {
  const last = columns.length - 1;
  const cells = examples.map((example) => (example.cells[last] as string).trim());
  const names = inOrder([...new Set(cells)]);
  const areWhole = cells.every((cell) => isNumber(cell) && Number.isInteger(Number(cell)));
  const areNumbers = cells.every(isNumber);
  const [fewest, most] = limits.classes;
  if (areNumbers && !(areWhole && names.length <= most))
    return { targets: Float32Array.from(cells, Number) };
  const numbers = cells.filter(isNumber).length;
  const wrong = examples[cells.findIndex((cell) => !isNumber(cell))];
  if (names.length > most && numbers > cells.length / 2)
    throw new CsvError(
      `Line ${wrong?.line}, column ${last + 1} (${columns[last]}): expected a number as in other rows, received “${wrong?.cells[last]?.trim()}”.`,
    );
  if (names.length < fewest || names.length > most)
    throw new CsvError(
      `Column ${last + 1} (${columns[last]}): expected ${between(limits.classes)} classes, received ${names.length}.`,
    );
  return {
    targets: Float32Array.from(cells, (cell) => names.indexOf(cell)),
    classNames: names,
  };
}
