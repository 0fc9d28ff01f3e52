/** The most characters of a value that a message shows. */
const LONGEST = 60;

/**
 * Characters that act on a terminal or show as nothing: controls, line ends, those that turn the direction of writing, and
 * halves of a character. Those that join letters or keep them apart are left: names in some scripts need them.
 */
const unprintable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}/gu;

const escaped = (character: string) =>
  character.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** The start of a text, cut between characters and marked where there is more. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most - 3).replace(/[\ud800-\udbff]$/, "")}...`;
}

/**
 * A text that came from elsewhere (a name in a file, another program's reason) as part of a message: on one line, of bounded
 * length, and with what acts on a terminal shown as `\u001b`.
 *
 * @param most how many characters of it are shown.
 */
export function printable(text: string, most = 300): string {
  // Cut before as well: what is not shown need not be looked at.
  return cut(cut(text, most).replace(unprintable, escaped), most);
}

/** {@link printable} for a text of several lines, none of which is cut. */
export function printableLines(text: string): string {
  return text.replace(/[^\n]+/g, (line) => line.replace(unprintable, escaped));
}

/** A text that came from elsewhere as the end of a message: printable, with a full stop where it has no end of its own. */
export function sentence(text: string): string {
  const shown = printable(text.trimEnd());
  return /[.?!]$/.test(shown) ? shown : `${shown}.`;
}

const quoted = (text: string) =>
  JSON.stringify(text.slice(0, LONGEST)).replace(unprintable, escaped);

/** A value as JSON has it, bit by bit, so that whoever reads on only as far as is shown never meets the rest. */
function* pieces(value: unknown): Generator<string> {
  if (typeof value === "string") {
    yield quoted(value);
  } else if (typeof value === "function" || typeof value === "symbol") {
    yield `a ${typeof value}`;
  } else if (typeof value !== "object" || value === null) {
    yield String(value);
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
 * A value as an error message shows it: as JSON has it, but short, on one line, and without characters that act on a terminal.
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
