import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "@jest/globals";
import { scratchFolder } from "../../test/scratch";
import type { Dataset, Split } from "../dataset";
import { takeInputs, takeTargets } from "../take";
import { loadText, readSymbols } from "./text";

const scratch = scratchFolder();

function write(name: string, contents: string | Uint8Array): string {
  const path = join(scratch(), name);
  writeFileSync(path, contents);
  return path;
}

/** A hundred characters, each of which says where it is by those around it. */
const verse = 'He said: "née\\" — 🦊 and\tso\n';
const characters = Array.from(verse.repeat(4)).slice(0, 100);
const story = characters.join("");

/** The sequences of a part, each with the character after it, as text. */
function read({ classNames = [] }: Dataset, { examples, indices }: Split): [string, string][] {
  const [inputs, targets] = [takeInputs(examples, indices), takeTargets(examples, indices)];
  const characterOf = (number: number) => JSON.parse(`"${classNames[number]}"`) as string;
  const length = inputs.length / indices.length;
  return [...indices].map((_, row) => [
    [...inputs.subarray(row * length, (row + 1) * length)].map(characterOf).join(""),
    characterOf(targets[row] as number),
  ]);
}

/** What is read between two places of the story. */
const between = (from: number, to: number, length: number, stride = 1): [string, string][] => {
  const starts = [...Array(to - from).keys()].map((i) => from + i * stride);
  return starts
    .filter((start) => start + length < to)
    .map((start) => [
      characters.slice(start, start + length).join(""),
      characters[start + length]!,
    ]);
};

test("sequences and the characters after them, each part a stretch of the text", async () => {
  const data = await loadText({ path: write("a.txt", story), sequenceLength: 7, valSplit: 0.2 });
  const alphabet = [...new Set(characters)].length;
  expect(data).toMatchObject({
    name: "text",
    task: "classification",
    inputShape: [7],
    symbols: alphabet,
    targetShape: [],
    outputs: alphabet,
  });
  expect(data.classNames).toContain("\\n");
  expect(data.classNames).toContain("🦊");
  expect(read(data, data.train)).toEqual(between(0, 72, 7));
  expect(read(data, data.validation as Split)).toEqual(between(72, 90, 7));
  expect(read(data, data.test)).toEqual(between(90, 100, 7));
  const gzipped = await loadText({
    path: write("a.txt.gz", gzipSync(`\uFEFF${story}`)),
    sequenceLength: 3,
    sequenceStride: 4,
    valSplit: 0,
  });
  expect(gzipped.validation).toBeUndefined();
  expect(read(gzipped, gzipped.train)).toEqual(between(0, 90, 3, 4));
  expect(read(gzipped, gzipped.test)).toEqual(between(90, 100, 3, 4));
});

test("more characters than a byte can number", async () => {
  const many = Array.from({ length: 300 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join("");
  const data = await loadText({ path: write("b.txt", many), sequenceLength: 2, valSplit: 0 });
  expect(data.symbols).toBe(300);
  expect(data.train.examples.inputs).toBeInstanceOf(Float32Array);
  expect(read(data, data.test).at(-1)).toEqual([many.slice(-3, -1), many.at(-1)]);
});

test("the end of another text, as the network sees it", async () => {
  const { classNames = [] } = await loadText({ path: write("a.txt", story), sequenceLength: 3 });
  const seen = readSymbols(Buffer.from('So he said "so\n'), "b.txt", 4, classNames);
  expect([...seen].map((number) => classNames[number])).toEqual(['\\"', "s", "o", "\\n"]);
  expect(() => readSymbols(Buffer.from("so"), "b.txt", 4, classNames)).toThrow(
    "b.txt: expected a text of at least 4 characters, which the network sees, received 2.",
  );
  expect(() => readSymbols(Buffer.from("so zo"), "b.txt", 4, classNames)).toThrow(
    "expected characters of the text that the network has learnt from, \\t\\n",
  );
});

test.each<[string, string | Uint8Array, object, string]>([
  ["nothing", "", {}, "expected a text of at least two different characters, received none."],
  ["one character", "aaaa", {}, 'at least two different characters, received "a" alone.'],
  [
    "bytes",
    Uint8Array.of(0xff, 0xfe, 0x41),
    {},
    "expected a text in UTF-8, received something else. Save it as UTF-8.",
  ],
  [
    "too short for the test",
    story,
    { sequenceLength: 10, valSplit: 0 },
    "expected a text long enough for sequences of 10 characters and the one that follows in each part, received 10 characters for the test. Use shorter " +
      "sequences (sequenceLength), or a longer text.",
  ],
  [
    "too short for the validation",
    story,
    { valSplit: 0.01 },
    "received 1 character for the validation. Use shorter sequences (sequenceLength), or a longer text, or another part for the validation (valSplit), 0 for none.",
  ],
  ["a wrong length", story, { sequenceLength: 0 }, '"sequenceLength" to be a whole number from 1'],
  [
    "a wrong stride",
    story,
    { sequenceStride: 0.5 },
    '"sequenceStride" to be a whole number from 1',
  ],
  ["a wrong part", story, { valSplit: 1 }, "expected a validation fraction from 0"],
])("refused: %s", async (_what, contents, options, message) => {
  await expect(
    loadText({ path: write("c.txt", contents), sequenceLength: 3, ...options }),
  ).rejects.toThrow(message);
});
