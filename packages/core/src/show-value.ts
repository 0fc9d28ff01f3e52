import { printable, printableName } from "./errors";

/** The most characters of a value that a message shows. */
const LONGEST = 60;

/** The start of a text, cut between characters and marked where there is more. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most - 3).replace(/[\ud800-\udbff]$/, "")}...`;
}

/**
 * A text that came from elsewhere as the end of a message: on one line, cut where it is long, with a full stop unless
 * it has an end.
 */
export function sentence(text: string): string {
  const shown = printableName(text.trimEnd(), 300);
  return /[.?!…]$/.test(shown) ? shown : `${shown}.`;
}

const quoted = (text: string) => printable(JSON.stringify(text.slice(0, LONGEST)));

/** A value as JSON has it, bit by bit, so that whoever reads on only as far as is shown never meets the rest. */
function* pieces(value: unknown): Generator<string> {
  if (typeof value === "string") {
    yield quoted(value);
  } else if (typeof value === "function" || typeof value === "symbol") {
    yield `a ${typeof value}`;
  } else if (typeof value !== "object" || value === null) {
    yield String(value);
  } else if (value instanceof Promise) {
    yield "a Promise that is not awaited";
  } else {
    const isList = Array.isArray(value) || ArrayBuffer.isView(value);
    let before = isList ? "[" : "{";
    for (const key in value) {
      if (!Object.hasOwn(value, key)) continue;
      yield isList ? before : `${before}${quoted(key)}:`;
      yield* pieces((value as Record<string, unknown>)[key]);
      before = ",";
    }
    yield `${before === "," ? "" : before}${isList ? "]" : "}"}`;
  }
}

/**
 * A value as an error message shows it: as JSON has it, but short, on one line, and without characters that act on a
 * terminal.
 *
 * Safe for what a file holds, whatever it is: texts of any length, and lists nested without end or in themselves.
 */
export function showValue(value: unknown): string {
  let text = "";
  for (const piece of pieces(value)) {
    text += piece;
    if (text.length > LONGEST) break;
  }
  return cut(text, LONGEST);
}

/** Problems, a line each, and how many more there are where a message would be too long. */
export function showProblems(problems: readonly string[], most = 20): string {
  const more = problems.length - most;
  return [...problems.slice(0, most), ...(more > 0 ? [`and ${more} more`] : [])].join("\n  ");
}
