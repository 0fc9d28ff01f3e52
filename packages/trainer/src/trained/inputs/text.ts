import { type InputArray, inputError } from "./input-array";

/** More axes than any input has. */
const DEEPEST = 16;

/**
 * The numbers of a JSON text: an array of numbers for one example, or arrays of them, as deep as the example's shape.
 *
 * @throws BioflaxError for anything else, and for arrays that are not all of the same length.
 */
export function readJson(text: string, name: string): InputArray {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw inputError(name, `expected JSON, but ${(error as Error).message}.`);
  }
  const shape: number[] = [];
  for (let one = value; Array.isArray(one); one = one[0]) shape.push(one.length);
  if (shape.length === 0)
    throw inputError(
      name,
      "expected an array of numbers, such as [0.1, 0.2], or an array of such arrays, received something else.",
    );
  if (shape.length > DEEPEST)
    throw inputError(
      name,
      `expected arrays of a network's inputs, received ${shape.length} of them inside each other.`,
    );
  const numbers: number[] = [];
  const collect = (one: unknown, depth: number): void => {
    if (depth === shape.length) {
      if (typeof one !== "number")
        throw inputError(
          name,
          `expected numbers in arrays of the same depth, received ${JSON.stringify(one)?.slice(0, 40)}.`,
        );
      numbers.push(one);
    } else if (!Array.isArray(one) || one.length !== shape[depth]) {
      throw inputError(
        name,
        `expected arrays of the same length, ${shape[depth]} at depth ${depth + 1}, ` +
          `received ${Array.isArray(one) ? `one of ${one.length}` : "something else"}.`,
      );
    } else {
      for (const inner of one) collect(inner, depth + 1);
    }
  };
  collect(value, 0);
  return { shape, values: Float32Array.from(numbers) };
}

/**
 * The numbers of a CSV text: an example a line, its numbers separated by commas, semicolons or tabs; a line of titles may stand
 * first.
 *
 * @throws BioflaxError naming the line where it holds anything else.
 */
export function readCsv(text: string, name: string): InputArray {
  const lines = text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .map((line, index) => ({ number: index + 1, cells: line.trim().split(/[,;\t]/) }))
    .filter(({ cells }) => cells.some((cell) => cell !== ""));
  const isTitle = (cell: string) => cell.trim() !== "" && Number.isNaN(Number(cell));
  const rows = lines[0]?.cells.every(isTitle) ? lines.slice(1) : lines;
  const columns = rows[0]?.cells.length ?? 0;
  const values = rows.flatMap(({ number, cells }) => {
    if (cells.length !== columns)
      throw inputError(
        name,
        `line ${number}: expected ${columns} numbers, as in the first line, received ${cells.length}.`,
      );
    return cells.map((cell) => {
      const value = cell.trim() === "" ? Number.NaN : Number(cell);
      if (!Number.isFinite(value))
        throw inputError(
          name,
          `line ${number}: expected numbers, received ${JSON.stringify(cell.slice(0, 40))}.`,
        );
      return value;
    });
  });
  return { shape: [rows.length, columns], values: Float32Array.from(values) };
}
