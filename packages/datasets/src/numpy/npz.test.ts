import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BioflaxError } from "@bioflax/core";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { npyBytes } from "../../test/npy-bytes";
import { scratchFolder } from "../../test/scratch";
import { zipBytes } from "../../test/zip-bytes";
import { readNpz } from "./npz";

const scratch = scratchFolder();

function write(bytes: Uint8Array): string {
  const path = join(scratch(), "a.npz");
  writeFileSync(path, bytes);
  return path;
}

const two = {
  "first.npy": npyBytes("|u1", [2, 2], [1, 2, 3, 4]),
  "second.npy": npyBytes("<f4", [2], [0.5, -1]),
};

describe("readNpz", () => {
  test("reads what NumPy 2.4 saved with np.savez(file, np.arange(3, dtype=np.uint8))", async () => {
    const saved =
      "UEsDBC0AAAAAAAAAIQBI6mbs//////////8JABQAYXJyXzAubnB5AQAQAIMAAAAAAAAAgwAAAAAAAACTTlVNUFkBAHYAeydkZXNjcic6ICd8dTEnLCAn" +
      "Zm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMywpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg" +
      "ICAgICAgICAgICAgCgABAlBLAQItAy0AAAAAAAAAIQBI6mbsgwAAAIMAAAAJAAAAAAAAAAAAAACAAQAAAABhcnJfMC5ucHlQSwUGAAAAAAEAAQA3AAAA" +
      "vgAAAAAA";
    const { arrays, names } = await readNpz(write(Buffer.from(saved, "base64")));
    expect(names).toEqual(["arr_0"]);
    expect([...arrays]).toEqual([["arr_0", { shape: [3], values: Uint8Array.of(0, 1, 2) }]]);
  });

  test.each([false, true])(
    "reads the arrays that are wanted, compressed: %s",
    async (compressed) => {
      const path = write(zipBytes(two, { compressed }));
      const { arrays, names } = await readNpz(path, (name) => name === "second");
      expect(names).toEqual(["first", "second"]);
      expect([...arrays]).toEqual([["second", { shape: [2], values: Float32Array.of(0.5, -1) }]]);
      expect([...(await readNpz(path)).arrays.keys()]).toEqual(["first", "second"]);
    },
  );

  test("a pixel that was changed on the way is found by its checksum", async () => {
    const bytes = zipBytes(two);
    const at = Buffer.from(bytes).indexOf(Uint8Array.of(1, 2, 3, 4));
    bytes[at] = 9;
    const path = write(bytes);
    await expect(readNpz(path)).rejects.toMatchObject({
      name: "BioflaxError",
      message:
        `${path}, first.npy: expected an intact .npz file, a ZIP archive of NumPy's arrays, but its checksum is another. ` +
        "Fetch or save the file again.",
    });
  });

  test.each<[string, () => string, RegExp]>([
    [
      "a web page",
      () => write(Buffer.from("<!doctype html>")),
      /a\.npz: expected an intact .npz file, .*, but it is another kind of file\. Fetch or save/,
    ],
    [
      "nothing",
      () => write(Buffer.alloc(0)),
      /a\.npz: expected an intact .npz file, .*, but it is empty\. Fetch/,
    ],
    [
      "a cut archive",
      () => write(zipBytes(two).subarray(0, -30)),
      /, but it is cut off or damaged \(.*[^.]\)\. Fetch/,
    ],
    [
      "objects",
      () => write(zipBytes({ "x.npy": npyBytes("|O", [1], []) })),
      /x\.npy: expected a \.npy file of whole or floating-point numbers/,
    ],
    [
      "a folder",
      () => {
        mkdirSync(join(scratch(), "b"));
        return join(scratch(), "b");
      },
      /b: expected a readable file, but it is a folder\. Check the path\.$/,
    ],
    [
      "no file",
      () => join(scratch(), "none.npz"),
      /none\.npz: expected a readable file, but there is nothing by that name/,
    ],
  ])("refuses %s", async (_, path, message) => {
    await expect(readNpz(path())).rejects.toMatchObject({
      name: "BioflaxError",
      message: expect.stringMatching(message),
    });
  });

  test("any damage gives the arrays as they were, or a BioflaxError", async () => {
    const whole = zipBytes(two, { compressed: true });
    const path = write(whole);
    const { arrays: before } = await readNpz(path);
    const damage = fc.record({
      changes: fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 3 }),
      length: fc.integer({ min: whole.length - 60, max: whole.length }),
    });
    await fc.assert(
      fc.asyncProperty(damage, async ({ changes, length }) => {
        const damaged = Object.assign(Uint8Array.from(whole), Object.fromEntries(changes));
        writeFileSync(path, damaged.subarray(0, length));
        try {
          // Names and dates may be other ones without anyone being able to tell.
          for (const [name, array] of (await readNpz(path)).arrays)
            if (before.has(name)) expect([...before.values()]).toContainEqual(array);
        } catch (error) {
          if (!(error instanceof BioflaxError)) throw error;
        }
      }),
      { numRuns: 500 },
    );
  });
});
