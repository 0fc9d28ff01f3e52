/**
 * What a terminal would obey instead of showing it: control characters, and marks that turn the direction of writing.
 */
const UNPRINTABLE = /[\p{Cc}\u200E\u200F\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu;

/**
 * Text that may hold what a file or a server says, safe to print: control characters become `\u001b` and the like, so
 * that they neither colour a terminal nor rename its window. Line breaks stay.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) =>
    character === "\n" ? character : escaped(character),
  );
}

/** A name that a file or a server gives, safe to print within a sentence: on one line, and cut where it is long. */
export function printableName(name: string, most = 100): string {
  const cut = name.length > most ? `${name.slice(0, most - 1)}…` : name;
  return cut.replace(UNPRINTABLE, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/**
 * An error bioflax raises on purpose: bad input, a broken file, a combination without a definition.
 *
 * The message says who complains, what it expected, what it received and how to mend it, so a program
 * can show it without a stack trace. Anything else that is thrown is a bug. What a message quotes from files is safe to
 * print ({@link printable}).
 */
export class BioflaxError extends Error {
  override name = "BioflaxError";

  constructor(message: string, options?: ErrorOptions) {
    super(printable(message), options);
  }
}

/** Edit distance between two words: insertions, deletions, substitutions, and swaps of neighbours. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (last[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(substitution, (last[j] as number) + 1, (row[j - 1] as number) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, (beforeLast[j - 2] as number) + 1);
      }
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] as number;
}

/** A word by what counts of it. */
const plain = (text: string) => text.toLowerCase().replace(/[-_\s]/g, "");

/** The names that begin with a word; none where it is too short to tell. */
function beginningWith(word: string, names: readonly string[]): string[] {
  const wanted = plain(word);
  return wanted.length < 3 ? [] : names.filter((name) => plain(name).startsWith(wanted));
}

/** A word's parts in alphabetical order: `MNIST-fashion` and `fashion-mnist` have the same. */
const partsOf = (text: string) =>
  text
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[-_\s]+/)
    .sort()
    .join(" ");

/**
 * The names made of a word's parts in another order, or else those it is a part of; none where it is too short to tell.
 */
function madeOf(word: string, names: readonly string[]): string[] {
  const reordered = names.filter((name) => partsOf(name) === partsOf(word));
  if (reordered.length > 0) return reordered;
  const wanted = plain(word);
  return wanted.length < 5 ? [] : names.filter((name) => plain(name).includes(wanted));
}

/**
 * What may have been meant by a misspelt word, as the end of an error: ` Did you mean "dfa"?`, with every name that
 * begins with the word, or else the {@link nearest}, or else every name it is a part of; empty when there is none.
 */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const names = [...candidates];
  const begun = beginningWith(word, names);
  const guess = nearest(word, names);
  const guesses = begun.length > 0 ? begun : guess !== undefined ? [guess] : madeOf(word, names);
  if (guesses.length === 0) return "";
  const quoted = guesses.map((guess) => `"${guess}"`);
  const last = quoted.pop();
  return ` Did you mean ${quoted.length === 0 ? last : `${quoted.join(", ")} or ${last}`}?`;
}

/**
 * The candidate nearest to a misspelt word, or undefined when none is near enough to be meant. One that begins with the
 * word comes first, the shortest of several.
 *
 * @param word what was written; case, `-` and `_` do not count.
 * @param candidates what could have been meant.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const names = [...candidates];
  const begun = beginningWith(word, names);
  if (begun.length > 0)
    return begun.reduce((best, name) => (name.length < best.length ? name : best));
  const wanted = plain(word);
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of names) {
    const other = plain(candidate);
    // They are at least that far apart, and words from files may be of any length.
    if (Math.abs(wanted.length - other.length) >= bestDistance) continue;
    const distance = editDistance(wanted, other);
    // Short words without a letter in common are not near, as few as there are to change.
    if (distance < bestDistance && distance < Math.max(wanted.length, other.length)) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/**
 * Looks a name up in a table, or raises an error that names the kind of thing, the nearest entry and all entries.
 *
 * @param kind what the table holds, as a person would say it: "rule", "activation".
 * @throws BioflaxError when the table has no such name.
 */
export function lookUp<V>(kind: string, table: Readonly<Record<string, V>>, name: string): V {
  // A name may come from a file, and be anything.
  const isText = typeof name === "string";
  if (isText && Object.hasOwn(table, name)) return table[name] as V;
  const names = Object.keys(table);
  const shown = isText ? `"${printableName(name)}"` : typeof name;
  throw new BioflaxError(
    `Unknown ${kind} ${shown}.${isText ? didYouMean(name, names) : ""} Known: ${names.join(", ")}.`,
  );
}
