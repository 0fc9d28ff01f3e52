import { BioflaxError } from "@bioflax/core";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { idxBytes } from "../../test/idx-bytes";
import { parseIdx } from "./idx";

const valid = idxBytes([2, 1, 3], [1, 2, 3, 4, 5, 6]);

/** The valid file with some bytes set. */
const altered = (bytes: Readonly<Record<number, number>>) => Object.assign(valid.slice(), bytes);

const wrongStart = "expected an idx file, which starts with 00 00 08 and the number of axes,";

describe("parseIdx", () => {
  test("reads what was written, at any offset into a buffer", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(4), { minLength: 1, maxLength: 4 }),
        fc.nat(9),
        fc.infiniteStream(fc.nat(255)),
        (shape, offset, stream) => {
          const values = [...stream.take(shape.reduce((product, extent) => product * extent, 1))];
          const bytes = Uint8Array.from([
            ...new Array(offset).fill(77),
            ...idxBytes(shape, values),
          ]).subarray(offset);
          expect(parseIdx(bytes, "f")).toEqual({ shape, values: Uint8Array.from(values) });
        },
      ),
    );
  });

  test("reads extents of more than 16 bits", () => {
    expect(parseIdx(idxBytes([70000], new Uint8Array(70000)), "f").shape).toEqual([70000]);
  });

  test("the elements are a plain view, not a copy", () => {
    const bytes = Buffer.from(valid);
    const { values } = parseIdx(bytes, "f");
    expect(values.buffer).toBe(bytes.buffer);
    expect(Buffer.isBuffer(values)).toBe(false);
  });

  test.each([
    [
      "nothing",
      new Uint8Array(),
      "expected an idx file, whose header has at least 4 bytes, received 0. Fetch the file again.",
    ],
    [
      "a web page",
      new TextEncoder().encode("<!doctype html>"),
      `${wrongStart} received 3c 21 64 6f. Fetch the file again.`,
    ],
    [
      "a first byte that is not 0",
      altered({ 0: 1 }),
      `${wrongStart} received 01 00 08 03. Fetch the file again.`,
    ],
    [
      "a second byte that is not 0",
      altered({ 1: 1 }),
      `${wrongStart} received 00 01 08 03. Fetch the file again.`,
    ],
    [
      "an unknown element type",
      altered({ 2: 10 }),
      `${wrongStart} received 00 00 0a 03. Fetch the file again.`,
    ],
    ["no axes", altered({ 3: 0 }), `${wrongStart} received 00 00 08 00. Fetch the file again.`],
    [
      "float32 elements",
      altered({ 2: 13 }),
      "expected elements of type uint8 (code 8), received float32 (code 13). Convert the file to unsigned bytes.",
    ],
    [
      "a cut header",
      valid.subarray(0, 12),
      "expected a header of 16 bytes for 3 axes, received 12 bytes in all. Fetch the file again.",
    ],
    [
      "cut elements",
      valid.subarray(0, 20),
      "expected 6 bytes after the header, for shape [2, 1, 3], received 4: the file is truncated. Fetch the file again.",
    ],
    [
      "more elements than there should be",
      Uint8Array.from([...valid, 0]),
      "expected 6 bytes after the header, for shape [2, 1, 3], received 7: the file is longer than it says. Fetch the file again.",
    ],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => parseIdx(bytes, "some/file")).toThrow(
      expect.objectContaining({ name: "BioflaxError", message: `some/file: ${message}` }),
    );
  });

  test("any damage gives a BioflaxError or an array that agrees with its shape, never another exception", () => {
    const damage = fc.record({
      bytes: fc.array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { maxLength: 4 }),
      length: fc.nat(valid.length),
      tail: fc.uint8Array({ maxLength: 4 }),
    });
    fc.assert(
      fc.property(damage, ({ bytes, length, tail }) => {
        const damaged = Uint8Array.from([
          ...altered(Object.fromEntries(bytes)).subarray(0, length),
          ...tail,
        ]);
        try {
          const { shape, values } = parseIdx(damaged, "f");
          expect(values.length).toBe(shape.reduce((product, extent) => product * extent, 1));
          expect(4 + 4 * shape.length + values.length).toBe(damaged.length);
        } catch (error) {
          if (!(error instanceof BioflaxError)) throw error;
        }
      }),
      { numRuns: 2000 },
    );
  });

  test("extents whose product overflows are refused, and one of 0 beside them is an empty array", () => {
    const huge = new Array(40).fill(0xffffffff);
    expect(() => parseIdx(idxBytes(huge, []), "f")).toThrow("the file is truncated");
    expect(parseIdx(idxBytes([...huge, 0], []), "f").values).toHaveLength(0);
  });
});
