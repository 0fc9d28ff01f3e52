import { BioflaxError } from "@bioflax/core";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { npyBytes } from "../../test/npy-bytes";
import { parseNpy } from "./npy";

/**
 * What NumPy wrote, byte for byte: its header, filled up with spaces to 128 bytes with what is before it, and the
 * elements.
 */
const saved = (dictionary: string, elements: string) =>
  Uint8Array.from(
    Buffer.concat([
      Buffer.from(`\x93NUMPY\x01\x00\x76\x00${dictionary.padEnd(117)}\n`, "latin1"),
      Buffer.from(elements, "base64"),
    ]),
  );

describe("files that NumPy 2.4 wrote", () => {
  // np.save of a = np.array([[1, 2, 3], [4, 5, 250]]), changed as the name says.
  test.each<[string, Uint8Array, number[]]>([
    [
      "(a / 4).astype('<f2')",
      saved("{'descr': '<f2', 'fortran_order': False, 'shape': (2, 3), }", "ADQAOAA6ADwAPdBT"),
      [0.25, 0.5, 0.75, 1, 1.25, 62.5],
    ],
    [
      "np.asfortranarray(a.astype('<i4'))",
      saved(
        "{'descr': '<i4', 'fortran_order': True, 'shape': (2, 3), }",
        "AQAAAAQAAAACAAAABQAAAAMAAAD6AAAA",
      ),
      [1, 2, 3, 4, 5, 250],
    ],
    [
      "a % 2 == 0",
      saved("{'descr': '|b1', 'fortran_order': False, 'shape': (2, 3), }", "AAEAAQAB"),
      [0, 1, 0, 1, 0, 1],
    ],
  ])("%s", (_, bytes, values) => {
    const array = parseNpy(bytes, "f");
    expect(array.shape).toEqual([2, 3]);
    expect([...array.values]).toEqual(values);
  });
});

describe("parseNpy", () => {
  test.each([
    [0x3c00, 1],
    [0xc000, -2],
    [0x7bff, 65504],
    [0x0400, 2 ** -14],
    [0x03ff, 1023 * 2 ** -24],
    [0x0001, 2 ** -24],
    [0x3555, 0.333251953125],
    [0x8000, -0],
    [0x7c00, Number.POSITIVE_INFINITY],
    [0xfc00, Number.NEGATIVE_INFINITY],
    [0x7e00, Number.NaN],
  ])("the half with the bits %i is %d, in either order of bytes", (bits, value) => {
    for (const type of ["<f2", ">f2"])
      expect([...parseNpy(npyBytes(type, [1], [bits]), "f").values]).toEqual([value]);
  });

  test("Fortran's order is another order of the same elements, whatever the shape", () => {
    const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(shapes, fc.constantFrom("|u1", "<f4", ">i8"), (shape, type) => {
        const count = shape.reduce((a, b) => a * b, 1);
        const values = Array.from({ length: count }, (_, i) => i);
        // Element [i, j, …] lies at i + shape[0]·(j + …).
        const inFortran = new Array<number>(count);
        values.forEach((value) => {
          let [rest, place] = [value, 0];
          for (let axis = shape.length - 1; axis >= 0; axis--) {
            place += (rest % shape[axis]!) * shape.slice(0, axis).reduce((a, b) => a * b, 1);
            rest = Math.floor(rest / shape[axis]!);
          }
          inFortran[place] = value;
        });
        const array = parseNpy(npyBytes(type, shape, inFortran, 1, true), "f");
        expect(array.shape).toEqual(shape);
        expect([...array.values]).toEqual(values);
      }),
    );
  });

  test("bytes are a plain view, all else float32", () => {
    const bytes = Buffer.from(npyBytes("|u1", [2], [1, 255]));
    const { values } = parseNpy(bytes, "f");
    expect(values.buffer).toBe(bytes.buffer);
    expect(Buffer.isBuffer(values)).toBe(false);
    expect(parseNpy(npyBytes("|b1", [2], [1, 0]), "f").values).toEqual(Float32Array.of(1, 0));
  });

  test.each<[string, Uint8Array, string]>([
    ["a web page", new TextEncoder().encode("<!doctype html>"), "received another kind of file"],
    ["a start", npyBytes("|u1", [1], [1]).subarray(0, 8), "received 8 bytes"],
    ["complex numbers", npyBytes("<c8", [1], []), 'Save it with array.astype("float32")'],
    ["a cut file", npyBytes("<f4", [2], [1, 2]).subarray(0, -1), "expected 8 bytes for shape [2]"],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => parseNpy(bytes, "f")).toThrow(BioflaxError);
    expect(() => parseNpy(bytes, "f")).toThrow(message);
  });
});
