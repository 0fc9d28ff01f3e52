import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { nearest, sentence, showProblems, showValue } from "./index";

/** Lists inside each other. */
const nested = (depth: number) => JSON.parse("[".repeat(depth) + "]".repeat(depth)) as unknown;
const itself: unknown[] = [];
itself.push(itself);

test.each<[string, unknown]>([
  ["[1,-2.5,NaN]", [1, -2.5, Number.NaN]],
  ['{"a":[],"b":{},"c":null,"d":"e"}', { a: [], b: {}, c: null, d: "e" }],
  ["[1,2]", Float32Array.of(1, 2)],
  ["undefined", undefined],
  ["10", 10n],
  ["a function", () => 1],
  ["a Promise that is not awaited", Promise.resolve(1)],
  ['"ä\u200c日"', "ä\u200c日"],
  [
    String.raw`"\u001b[31m\n\u009b\u202e\u2028\ud800\u007f"`,
    "\x1b[31m\n\x9b\u202e\u2028\ud800\x7f",
  ],
  [`"${"x".repeat(56)}...`, "x".repeat(70)],
  [`"${"x".repeat(55)}...`, `${"x".repeat(55)}😀😀😀`],
  [`${"[".repeat(57)}...`, nested(1e5)],
  [`${"[".repeat(57)}...`, itself],
])("a value is shown as %s", (shown, value) => {
  expect(showValue(value)).toBe(shown);
});

test("whatever a value is, it is shown on one short line that leaves a terminal as it is", () => {
  const anything = fc.oneof(fc.anything(), fc.string({ unit: "binary", maxLength: 200 }));
  fc.assert(
    fc.property(anything, (value) => {
      const shown = showValue(value);
      expect(shown.length).toBeLessThanOrEqual(60);
      expect(shown).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202a-\u202e\u2066-\u2069]/u);
    }),
    { numRuns: 500 },
  );
});

test.each([
  ["the disk is full", "the disk is full."],
  ["Was it moved?\n", "Was it moved?"],
  ["It was.", "It was."],
])("%j ends as a sentence", (text, shown) => {
  expect(sentence(text)).toBe(shown);
});

test("of many problems the first are shown", () => {
  const problems = Array.from({ length: 25 }, (_, i) => `p${i}`);
  expect(showProblems(problems).split("\n  ").slice(-2)).toEqual(["p19", "and 5 more"]);
  expect(showProblems(problems.slice(0, 20)).split("\n  ").at(-1)).toBe("p19");
});

test("nothing is near to a word as long as a file", () => {
  expect(nearest("x".repeat(1e6), ["dfa"])).toBeUndefined();
});
