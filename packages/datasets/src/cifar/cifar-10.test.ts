import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { BioflaxError } from "@bioflax/core";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { record, smallCifar10 } from "../../test/cifar-10-bytes";
import { published, sendRange, serve } from "../../test/file-server";
import { scratchFolder } from "../../test/scratch";
import { tarBytes, tarMember } from "../../test/tar-bytes";
import { cifar10Places, cifar10Set, loadCifar10 } from "./cifar-10";
import { findArchive } from "./find-archive";
import { readCifar } from "./read-cifar";
import { readRecords } from "./records";

const scratch = scratchFolder();
const small = smallCifar10();

/** Writes files into a folder of the scratch folder, and gives its path. */
function write(folder: string, files: Readonly<Record<string, Uint8Array>>): string {
  const path = join(scratch(), folder);
  mkdirSync(path, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(path, name), bytes);
  return path;
}

/** The archive as it is published: in a folder, with others beside, and in no order. */
const tar = (files: Readonly<Record<string, Uint8Array>> = small) =>
  tarBytes(
    tarMember("cifar-10-batches-bin/", new Uint8Array(), { type: "5" }),
    tarMember("cifar-10-batches-bin/batches.meta.txt", new TextEncoder().encode("airplane\n")),
    ...Object.entries(files)
      .reverse()
      .map(([name, bytes]) => tarMember(`cifar-10-batches-bin/${name}`, bytes)),
  );

describe("readRecords", () => {
  test("planes become [row, column, channel]", () => {
    const pixel = (channel: number, row: number, column: number) =>
      (channel * 80 + row * 7 + column * 3) % 256;
    const bytes = Buffer.concat([record(3, () => 9), record(7, pixel)]);
    const { inputs, targets, count } = readRecords(bytes, "f", cifar10Set.labels);
    expect([count, targets]).toEqual([2, Int32Array.of(3, 7)]);
    expect(inputs).toHaveLength(2 * 3072);
    expect(new Set(inputs.subarray(0, 3072))).toEqual(new Set([9]));
    for (const [row, column, channel] of [
      [0, 0, 0],
      [0, 0, 2],
      [0, 1, 0],
      [5, 17, 1],
      [31, 31, 2],
    ] as const) {
      const at = 3072 + (row * 32 + column) * 3 + channel;
      expect(inputs[at]).toBe(pixel(channel, row, column));
    }
  });

  test.each([
    ["nothing", new Uint8Array(), "received 0 bytes, which is none. Fetch the file again."],
    [
      "a cut file",
      record(1, () => 0).subarray(0, 3000),
      "received 3000 bytes, which is not a whole number of them. Fetch the file again.",
    ],
    [
      "CIFAR-100",
      new Uint8Array(3074 * 10),
      "received 30740 bytes, which is not a whole number of them. Fetch the file again.",
    ],
    [
      "other labels",
      Buffer.concat([record(9, () => 0), record(10, () => 0)]),
      "f: expected labels from 0 to 9, received 10 for example 1. Use the binary version of CIFAR-10.",
    ],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => readRecords(bytes, "f", cifar10Set.labels)).toThrow(
      expect.objectContaining({ name: "BioflaxError", message: expect.stringContaining(message) }),
    );
  });
});

describe("CIFAR-10", () => {
  test.each<[string, () => string]>([
    ["a folder with the files", () => write("a", small)],
    ["a folder with their folder", () => join(write("b/cifar-10-batches-bin", small), "..")],
    ["the archive", () => join(write("c", { "any.tgz": gzipSync(tar()) }), "any.tgz")],
    ["the archive, unzipped", () => join(write("d", { "any.tar": tar() }), "any.tar")],
    ["a folder with the archive", () => write("e", { "cifar-10-binary.tar.gz": gzipSync(tar()) })],
    ["a folder with the archive, unzipped", () => write("f", { "cifar-10-binary.tar": tar() })],
  ])("is read from %s", async (_, place) => {
    const data = await loadCifar10({ directory: place(), valSplit: 0 });
    expect(data).toMatchObject({
      name: "cifar-10",
      task: "classification",
      inputShape: [3072],
      imageShape: [32, 32, 3],
      targetShape: [],
      outputs: 10,
      normalization: { scale: 1 / 255, mean: 0.4734, standardDeviation: 0.2516 },
    });
    expect(data.classNames).toHaveLength(10);
    const { train, test: tested } = data;
    expect([...train.indices, ...tested.indices]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]);
    expect([...train.examples.targets]).toEqual([0, 1, 1, 2, 2, 3, 3, 4, 4, 5]);
    expect([...tested.examples.targets]).toEqual([5, 6]);
    const firsts = ({ examples }: typeof train) =>
      Array.from({ length: examples.count }, (_, i) => [
        ...examples.inputs.subarray(i * 3072, i * 3072 + 3),
      ]);
    expect(firsts(train)).toEqual(
      [0, 10, 40, 50, 80, 90, 120, 130, 160, 170].map((x) => [x, x + 1, x + 2]),
    );
    expect(firsts(tested)).toEqual([
      [200, 201, 202],
      [210, 211, 212],
    ]);
  });

  test("is split, and only scaled when not normalised", async () => {
    const data = await loadCifar10({
      directory: write("a", small),
      valSplit: 0.2,
      normalize: false,
    });
    expect([data.train.indices.length, data.validation?.indices.length]).toEqual([8, 2]);
    expect(data.validation?.examples).toBe(data.train.examples);
    expect(data.normalization).toEqual({ scale: 1 / 255, mean: 0, standardDeviation: 1 });
  });

  const { "data_batch_3.bin": third, ...withoutThird } = small as Record<string, Uint8Array> & {
    "data_batch_3.bin": Uint8Array;
  };
  const cutArchive = gzipSync(tar()).subarray(0, -10);
  test.each<[string, () => string, RegExp]>([
    [
      "a folder without them",
      () => write("a", { data_batch_1: new Uint8Array(9) }),
      /a: expected data_batch_1\.bin, .*test_batch\.bin, or cifar-10-batches-bin or cifar-10-binary\.tar\.gz with them, received data_batch_1\. Use the binary version/,
    ],
    ["an empty folder", () => write("a", {}), /with them, received nothing\./],
    [
      "a folder without one",
      () => write("a", withoutThird),
      /a: expected data_batch_3\.bin, received data_batch_1\.bin, .*, test_batch\.bin\. Use/,
    ],
    [
      "an archive without one",
      () => write("a", { "cifar-10-binary.tar.gz": gzipSync(tar(withoutThird)) }),
      /tar\.gz: expected data_batch_3\.bin, received .*batches\.meta\.txt\. Use/,
    ],
    [
      "the archive of another version",
      () =>
        join(
          write("a", { "p.tar.gz": gzipSync(tarBytes(tarMember("cifar-10-batches-py/x", third))) }),
          "p.tar.gz",
        ),
      /p\.tar\.gz: expected data_batch_1\.bin, .*test_batch\.bin, received cifar-10-batches-py\/x\. Use/,
    ],
    [
      "a file cut within an image",
      () => write("a", { ...small, "test_batch.bin": third.subarray(0, 4000) }),
      /a.test_batch\.bin: expected records of 3073 bytes, .*received 4000 bytes/,
    ],
    [
      "a file cut between images",
      () => write("a", { ...small, "data_batch_3.bin": third.subarray(0, 3073) }),
      /a: expected as many images in each of the 5 training files, received 2, 2, 1, 2, 2\. Fetch/,
    ],
    [
      "wrong bytes in an archive",
      () =>
        write("a", {
          "cifar-10-binary.tar": tar({ ...small, "test_batch.bin": third.subarray(5) }),
        }),
      /cifar-10-binary\.tar, cifar-10-batches-bin\/test_batch\.bin: expected records of 3073 bytes/,
    ],
    [
      "a cut archive",
      () => write("a", { "cifar-10-binary.tar.gz": cutArchive }),
      /tar\.gz: expected an intact gzip file, received unexpected end of file\. Fetch the file again\./,
    ],
    [
      "a web page for an archive",
      () => join(write("a", { x: new TextEncoder().encode("<!doctype html>") }), "x"),
      /x: expected a tar archive/,
    ],
    [
      "nothing there",
      () => join(scratch(), "none"),
      /none: expected a folder with CIFAR-10, or its archive, but there is nothing by that name\. Check the path\. Use the binary version of CIFAR-10, whole: cifar-10-binary\.tar\.gz from https:\/\/www\.cs\.toronto\.edu\/~kriz\/\.$/,
    ],
  ])("refuses %s", async (_, place, message) => {
    await expect(loadCifar10({ directory: place() })).rejects.toMatchObject({
      name: "BioflaxError",
      message: expect.stringMatching(message),
    });
  });

  test("any damage to the archive gives a BioflaxError or a data set, never another exception", async () => {
    const archive = gzipSync(tar());
    const path = join(write("a", {}), "x.tar.gz");
    const damage = fc.record({
      changes: fc.array(fc.tuple(fc.nat(archive.length - 1), fc.nat(255)), { maxLength: 3 }),
      length: fc.integer({ min: archive.length - 200, max: archive.length }),
    });
    await fc.assert(
      fc.asyncProperty(damage, async ({ changes, length }) => {
        const damaged = Object.assign(Uint8Array.from(archive), Object.fromEntries(changes));
        writeFileSync(path, damaged.subarray(0, length));
        await loadCifar10({ directory: path }).catch((error) => {
          if (!(error instanceof BioflaxError)) throw error;
        });
      }),
      { numRuns: 200 },
    );
  });
});

describe("CIFAR-10 without a folder", () => {
  const archive = gzipSync(tar());
  const places = (baseUrl: string) => ({
    cache: join(scratch(), "cache", "cifar-10"),
    baseUrl,
    archive: published("cifar-10-binary.tar.gz", archive),
  });

  test("is downloaded once, and read from the cache", async () => {
    const { baseUrl, requests } = await serve((response) => sendRange(response, archive, 0));
    for (const _ of [1, 2]) {
      const found = await findArchive(places(baseUrl), {});
      const data = await readCifar(found.place, cifar10Set, { valSplit: 0 }, found.published);
      expect(data.train.indices).toHaveLength(10);
    }
    expect(requests).toEqual([{ path: "/cifar-10-binary.tar.gz", range: undefined }]);
    expect(readdirSync(places("").cache)).toEqual(["cifar-10-binary.tar.gz"]);
  });

  test("is refused when the cache has another file by its name", async () => {
    write("cache/cifar-10", { "cifar-10-binary.tar.gz": gzipSync(tar(), { level: 1 }) });
    const { place, published: expected } = await findArchive(places(""), {});
    await expect(readCifar(place, cifar10Set, {}, expected)).rejects.toThrow(
      /tar\.gz: expected the published file with SHA-256 [0-9a-f]{64}, received [0-9a-f]{64}\. Delete the file/,
    );
  });

  test("without a network, says what to put where", async () => {
    const { baseUrl } = await serve((response) => response.destroy());
    const { cache } = places("");
    await expect(findArchive(places(baseUrl), {})).rejects.toMatchObject({
      name: "BioflaxError",
      message: expect.stringMatching(
        new RegExp(
          `^${baseUrl}cifar-10-binary\\.tar\\.gz: expected to receive ${archive.length} bytes, but .* after 0 of them\\. ` +
            `Put cifar-10-binary\\.tar\\.gz from ${baseUrl} into ${cache}, or into a folder of your own and name that one \\(on the command line, --data-dir\\)\\.$`,
        ),
      ),
    });
  });

  test("comes from Toronto", () => {
    const { baseUrl, archive: file } = cifar10Places();
    expect(baseUrl + file.name).toBe("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz");
  });
});
