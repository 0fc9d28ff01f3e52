import { BioflaxError } from "@bioflax/core";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { tarBytes, tarMember } from "../../test/tar-bytes";
import { readTar } from "./tar";

/** What an archive holds, read in chunks of some size. */
async function contents(
  archive: Uint8Array,
  { chunk = 700, wanted = (_path: string): boolean => true } = {},
) {
  async function* chunks() {
    for (let at = 0; at < archive.length; at += chunk) yield archive.subarray(at, at + chunk);
  }
  const files: [string, number[]][] = [];
  for await (const { path, bytes } of readTar(chunks(), "some.tar", wanted))
    files.push([path, [...bytes]]);
  return files;
}

const bytes = (length: number) => Uint8Array.from({ length }, (_, i) => i % 251);

describe("readTar", () => {
  test("reads what was written, however it is cut", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(fc.stringMatching(/^[a-z/.]{1,99}$/), fc.uint8Array({ maxLength: 1500 })),
          {
            maxLength: 5,
          },
        ),
        fc.integer({ min: 1, max: 3000 }),
        async (files, chunk) => {
          const archive = tarBytes(...files.map(([path, content]) => tarMember(path, content)));
          const expected = files.map(([path, content]) => [path, [...content]]);
          expect(await contents(archive, { chunk })).toEqual(expected);
        },
      ),
    );
  });

  test("passes over what is not wanted, and what is no file", async () => {
    const archive = tarBytes(
      tarMember("folder/", new Uint8Array(), { type: "5" }),
      tarMember("pax", bytes(30), { type: "x" }),
      tarMember("folder/a", bytes(600)),
      tarMember("folder/b", bytes(5)),
    );
    const asked: string[] = [];
    const wanted = (path: string) => asked.push(path) > 1;
    expect(await contents(archive, { wanted })).toEqual([["folder/b", [0, 1, 2, 3, 4]]]);
    expect(asked).toEqual(["folder/a", "folder/b"]);
  });

  test("a long path is in two parts; GNU's tar has other things there", async () => {
    const archive = tarBytes(
      tarMember("name", bytes(1), { prefix: "a/long/path" }),
      tarMember("name", bytes(1), { prefix: "something", gnu: true }),
    );
    expect((await contents(archive)).map(([path]) => path)).toEqual(["a/long/path/name", "name"]);
  });

  test("the blocks at the end may be missing, and anything may follow them", async () => {
    const member = tarMember("a", bytes(3));
    const expected = [["a", [0, 1, 2]]];
    expect(await contents(member)).toEqual(expected);
    expect(await contents(tarBytes(member, new Uint8Array(20_000)))).toEqual(expected);
    expect(await contents(tarBytes(member, new Uint8Array(512), bytes(99)))).toEqual(expected);
    expect(await contents(new Uint8Array())).toEqual([]);
  });

  test("is read to its end, so that what unzips it sees all of it", async () => {
    let ended = false;
    async function* chunks() {
      yield tarBytes(tarMember("a", bytes(3)));
      yield new Uint8Array(99);
      ended = true;
    }
    for await (const _ of readTar(chunks(), "some.tar", () => true));
    expect(ended).toBe(true);
  });

  const notTar =
    "some.tar: expected a tar archive, whose every member has a header with its checksum, received something else. Fetch the file again.";
  const member = tarMember("a.bin", bytes(1000));
  const altered = (at: number, byte: number) => Object.assign(member.slice(), { [at]: byte });
  test.each([
    ["a web page", new TextEncoder().encode("<!doctype html>".repeat(100)), notTar],
    ["less than a header", member.subarray(0, 300), notTar],
    ["a changed name", altered(0, 98), notTar],
    ["a changed size", altered(130, 55), notTar],
    [
      "a cut file",
      member.subarray(0, 512 + 600),
      "some.tar: expected 1000 bytes of a.bin, received 600: the archive is truncated. Fetch the file again.",
    ],
  ])("refuses %s", async (_, archive, message) => {
    await expect(contents(archive)).rejects.toMatchObject({ name: "BioflaxError", message });
  });

  test("refuses a cut file that is not wanted", async () => {
    const cut = contents(member.subarray(0, 512 + 600), { wanted: () => false });
    await expect(cut).rejects.toThrow("received 600: the archive is truncated");
  });

  test("any damage gives a BioflaxError or files, never another exception", async () => {
    const archive = tarBytes(member, tarMember("b", bytes(10)));
    const damage = fc.record({
      changes: fc.array(fc.tuple(fc.nat(archive.length - 1), fc.nat(255)), { maxLength: 4 }),
      length: fc.nat(archive.length),
    });
    await fc.assert(
      fc.asyncProperty(damage, async ({ changes, length }) => {
        const damaged = Object.assign(archive.slice(), Object.fromEntries(changes));
        await contents(damaged.subarray(0, length)).catch((error) => {
          if (!(error instanceof BioflaxError)) throw error;
        });
      }),
      { numRuns: 500 },
    );
  });
});
