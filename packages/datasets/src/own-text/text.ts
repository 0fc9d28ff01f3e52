import type { Dataset, Split } from "../dataset";
import { checkDatasetOptions } from "../dataset-options";
import type { DatasetFacts } from "../definition";
import { readBytes } from "../files/read-file";
import { inputError } from "../own-images/input-array";
import { ownPlace } from "../own-images/own-place";
import { checkFraction } from "../split-validation";
import { checkSizes } from "../synthetic/sampled-regression";

/** Options of {@link loadText}. */
export interface LoadTextOptions {
  /** The file, UTF-8, gzipped or not. */
  readonly path: string;
  /** How many characters a sequence has; 10 when left out. */
  readonly sequenceLength?: number;
  /** How many characters lie between the beginnings of two sequences; 1 when left out. */
  readonly sequenceStride?: number;
  /** The part of what is not the test's that is set aside for validation, its end; 0.1 when left out. */
  readonly valSplit?: number;
}

/** What a character is called: as JSON writes it, so that a line's end can be seen. */
const nameOf = (character: string): string => JSON.stringify(character).slice(1, -1);

/** What errors call the part that `valSplit` sets aside. */
const VALIDATION = "the validation";

const charactersOf = (count: number): string => `${count} character${count === 1 ? "" : "s"}`;

/** A stretch of a text, from one character to before another. */
interface Stretch {
  readonly what: string;
  readonly from: number;
  readonly to: number;
}

/** Where sequences begin in a stretch, so that each and its next character lie in it. */
function beginnings({ from, to }: Stretch, length: number, stride: number): number[] {
  const count = Math.max(0, Math.floor((to - from - length - 1) / stride) + 1);
  return Array.from({ length: count }, (_, i) => from + i * stride);
}

/**
 * Loads a text of your own: sequences of its characters, and of each the character that follows.
 *
 * The last tenth of the text is the test's, the end of what is before it the validation's, and no sequence reaches from
 * one into another. Symbols, and classes, are the characters that the whole text has, in the order of their code points;
 * `classNames` are the characters as JSON writes them.
 *
 * @returns inputs [sequenceLength], numbers of symbols; labels int32.
 * @throws BioflaxError when the file is no UTF-8 text, or too short for sequences of that length in each part, or has a
 *   single character over and over; or when an option is out of its range.
 * @example
 * const verses = await loadText({ path: "verses.txt", sequenceLength: 32 });
 */
export async function loadText({
  path,
  sequenceLength: length = 10,
  sequenceStride: stride = 1,
  valSplit = 0.1,
}: LoadTextOptions): Promise<Dataset> {
  checkSizes("text", { sequenceLength: length, sequenceStride: stride });
  checkFraction(valSplit);
  const characters = Array.from(textOf(await readBytes(path), path));
  const alphabet = [...new Set(characters)].sort(
    (a, b) => (a.codePointAt(0) as number) - (b.codePointAt(0) as number),
  );
  if (alphabet.length < 2)
    throw inputError(
      path,
      `expected a text of at least two different characters, received ${characters.length === 0 ? "none" : `"${nameOf(alphabet[0] as string)}" alone`}.`,
    );
  const numbers = new Map(alphabet.map((character, number) => [character, number]));
  const text = Int32Array.from(characters, (character) => numbers.get(character) as number);

  const end = text.length - Math.floor(text.length / 10);
  const middle = end - Math.round(valSplit * end);
  const stretches: Stretch[] = [
    { what: "training", from: 0, to: middle },
    { what: VALIDATION, from: middle, to: end },
    { what: "the test", from: end, to: text.length },
  ];
  const wanted = valSplit === 0 ? stretches.toSpliced(1, 1) : stretches;
  const short = wanted.find(({ from, to }) => to - from <= length);
  if (short !== undefined)
    throw inputError(
      path,
      `expected a text long enough for sequences of ${charactersOf(length)} and the one that follows in each part, received ` +
        `${charactersOf(short.to - short.from)} for ${short.what}. Use shorter sequences (sequenceLength), or a longer text${short.what === VALIDATION ? ", or another part for the validation (valSplit), 0 for none" : ""}.`,
    );

  const starts = wanted.map((stretch) => beginnings(stretch, length, stride));
  const all = starts.flat();
  const inputs = new (alphabet.length <= 256 ? Uint8Array : Float32Array)(all.length * length);
  all.forEach((start, row) => {
    inputs.set(text.subarray(start, start + length), row * length);
  });
  const examples = {
    inputs,
    targets: Int32Array.from(all, (start) => text[start + length] as number),
    count: all.length,
  };
  let row = 0;
  const splits = starts.map(
    (own): Split => ({ examples, indices: Int32Array.from(own, () => row++) }),
  );
  const [train, validation] = splits as [Split, Split];
  return {
    name: "text",
    task: "classification",
    inputShape: [length],
    symbols: alphabet.length,
    targetShape: [],
    outputs: alphabet.length,
    classNames: alphabet.map(nameOf),
    train,
    ...(valSplit > 0 && { validation }),
    test: splits.at(-1) as Split,
  };
}

/**
 * The end of a text as numbers of symbols, for a network that has learnt from another one.
 *
 * @param bytes the text, UTF-8.
 * @param name what the text is called, for errors.
 * @param length how many of its characters are taken, the last ones.
 * @param classNames the symbols', as {@link loadText} gives them.
 * @throws BioflaxError for a text that is too short, or has characters there that are none of the symbols.
 */
export function readSymbols(
  bytes: Uint8Array,
  name: string,
  length: number,
  classNames: readonly string[],
): Uint8Array | Float32Array {
  const characters = Array.from(textOf(bytes, name));
  if (characters.length < length)
    throw inputError(
      name,
      `expected a text of at least ${charactersOf(length)}, which the network sees, received ${characters.length}.`,
    );
  const numbers = characters.slice(-length).map((character) => {
    const number = classNames.indexOf(nameOf(character));
    if (number < 0)
      throw inputError(
        name,
        `expected characters of the text that the network has learnt from, ${classNames.join("")}, received "${nameOf(character)}".`,
      );
    return number;
  });
  return classNames.length <= 256 ? Uint8Array.from(numbers) : Float32Array.from(numbers);
}

function textOf(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw inputError(path, "expected a text in UTF-8, received something else. Save it as UTF-8.");
  }
}

/** Texts of one's own, in the registry. */
export const text: DatasetFacts = {
  shows: "a text of your own, UTF-8, each of whose characters is to be told from those before it",
  targets: "labels",
  origin: "files",
  symbols: true,
  options: {
    sequenceStride: {
      type: "number",
      default: 1,
      from: 1,
      whole: true,
      doc: "characters between the beginnings of two sequences",
    },
  },
  load: async ({ directory, ...options }) => {
    checkDatasetOptions("text", options);
    const { sequenceLength, sequenceStride, valSplit } = options;
    return loadText({
      path: ownPlace("text", directory, "a text file"),
      ...(sequenceLength !== undefined && { sequenceLength }),
      ...(sequenceStride !== undefined && { sequenceStride }),
      ...(valSplit !== undefined && { valSplit }),
    });
  },
};
