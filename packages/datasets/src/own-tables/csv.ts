import { printableName, sentence, showValue } from "@bioflax/core";
import { type InputArray, inputError } from "../own-images/input-array";

/** Whether the first line of a CSV text has titles; `auto` takes it for titles where that is sure. */
export const headerChoices = ["auto", "yes", "no"] as const;

/** One of {@link headerChoices}. */
export type Header = (typeof headerChoices)[number];

/** What separates numbers: the first of these in the first line, outside quotes; blanks where there is none. */
const separators = ["\t", ";", ","];

function separatorOf(text: string): string {
  const [first = ""] = /^.*\S.*$/m.exec(text) ?? [];
  const bare = first.trim().replace(/"[^"]*"/g, "");
  return separators.find((one) => bare.includes(one)) ?? (/\s/.test(bare) ? " " : ",");
}

/** A line's number in the text and its cells. */
interface Line {
  readonly number: number;
  readonly cells: readonly string[];
}

async function linesOf(text: string, name: string): Promise<Line[]> {
  const { default: Papa } = await import("papaparse");
  const plain = text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  const delimiter = separatorOf(plain);
  const even =
    delimiter === " " ? plain.replace(/^[ \t]+|[ \t]+$/gm, "").replace(/[ \t]+/g, " ") : plain;
  const { data, errors } = Papa.parse<string[]>(even, { delimiter, newline: "\n" });
  const [error] = errors;
  if (error !== undefined)
    throw inputError(
      name,
      `line ${(error.row ?? 0) + 1}: expected CSV, but ${sentence(error.message)}`,
    );
  return data
    .map((cells, index) => ({ number: index + 1, cells }))
    .filter(({ cells }) => cells.some((cell) => cell.trim() !== ""));
}

/** What is a number, or stands where one is missing. */
const numberLike = /^\s*([+-]?(\.?\d.*|nan|inf|infinity)|na|n\/a|null|none|\?|-+)\s*$/is;

/** What decimal numbers are written with; 0x10 is 16 to JavaScript alone. */
const decimal = /^[-+.\de\s]*$/i;

/** Whether cells are titles for sure: words, and no number or what stands for one. */
function areTitles(cells: readonly string[]): boolean {
  return cells.some((cell) => /\p{L}/u.test(cell)) && !cells.some((cell) => numberLike.test(cell));
}

/** Whether cells count from 0, as pandas titles columns without names; a single 0 is rather an example. */
function areCounted(cells: readonly string[]): boolean {
  return cells.length > 1 && cells.every((cell, i) => cell.trim() === String(i));
}

/** What to do about a first line that may be titles, as whoever reads the text can: in sentences, for errors. */
export interface HeaderAdvice {
  /** Where it may be titles as well as an example. */
  readonly either: string;
  /** Where it is no example. */
  readonly titles: string;
}

/** What can be done about a text that is read with `header: "auto"` and no other way. */
const changeTheText: HeaderAdvice = {
  either: "Take the line out, or write titles in words.",
  titles: "If they are titles, take the line out, or write all of them in words.",
};

/**
 * The numbers of a CSV text: an example a line, its numbers separated by commas, semicolons, tabs or blanks.
 *
 * @param header whether titles stand in the first line.
 * @param advice what to do where `auto` cannot tell; to change the text when left out.
 * @throws BioflaxError naming the line where it holds anything else, and where it cannot be told whether the first one
 *   has titles.
 */
export async function readCsv(
  text: string,
  name: string,
  header: Header = "auto",
  advice: HeaderAdvice = changeTheText,
): Promise<InputArray> {
  const lines = await linesOf(text, name);
  const [first] = lines as [Line];
  if (header === "auto" && lines.length > 1 && areCounted(first.cells))
    throw inputError(
      name,
      `line ${first.number}: expected an example or titles, received ${printableName(first.cells.join(", "), 40)}, which may be either. ${advice.either}`,
    );
  const isTitled = header === "yes" || (header === "auto" && areTitles(first.cells));
  const rows = isTitled ? lines.slice(1) : lines;
  if (rows.length === 0)
    throw inputError(name, "expected at least one example, received a line of titles alone.");
  const columns = (rows[0] as Line).cells.length;
  const values = new Float32Array(rows.length * columns);
  let at = 0;
  for (const { number, cells } of rows) {
    if (cells.length !== columns)
      throw inputError(
        name,
        `line ${number}: expected ${columns} numbers, as in line ${rows[0]?.number}, received ${cells.length}.`,
      );
    for (const [column, cell] of cells.entries()) {
      if (cell.trim() === "")
        throw inputError(
          name,
          `line ${number}: expected a number in column ${column + 1}, received an empty cell.`,
        );
      const value = decimal.test(cell) ? Number(cell) : Number.NaN;
      // Computed with is float32, in which larger numbers are infinite.
      if (!Number.isFinite(Math.fround(value))) {
        const mayBeTitles = number === first.number && header === "auto";
        const hint = Number.isFinite(value)
          ? " Float32 has none beyond ±3.4e38: bring the column to another scale."
          : Number.isFinite(Number(cell))
            ? " Write it as a decimal number."
            : mayBeTitles
              ? ` ${advice.titles}`
              : "";
        throw inputError(
          name,
          `line ${number}: expected finite numbers, received ${showValue(cell)}.${hint}`,
        );
      }
      values[at++] = value;
    }
  }
  return { shape: [rows.length, columns], values };
}
