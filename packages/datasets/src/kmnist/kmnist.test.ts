import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import { published, sendRange, serve } from "../../test/file-server";
import { npyBytes } from "../../test/npy-bytes";
import { scratchFolder } from "../../test/scratch";
import { smallFiles } from "../../test/small-sets";
import { writeFolder } from "../../test/write-folder";
import { zipBytes } from "../../test/zip-bytes";
import { kmnistPlaces, loadKmnist, readKmnist } from "./kmnist";

const scratch = scratchFolder();

/** The four files in NumPy's format: each an array without a name. */
const npzFiles = (labels: readonly number[] = [0, 9, 4]) =>
  Object.fromEntries(
    ["train", "test"].flatMap((part) => [
      [
        `kmnist-${part}-imgs.npz`,
        zipBytes(
          { "arr_0.npy": npyBytes("|u1", [3, 1, 2], [1, 2, 3, 4, 5, 6]) },
          { compressed: true },
        ),
      ],
      [`kmnist-${part}-labels.npz`, zipBytes({ "arr_0.npy": npyBytes("|u1", [3], labels) })],
    ]),
  );

describe("Kuzushiji-MNIST", () => {
  test("is read from NumPy's format", async () => {
    const directory = writeFolder(scratch(), npzFiles());
    const data = await loadKmnist({ directory, valSplit: 0 });
    expect(data).toMatchObject({ name: "kmnist", imageShape: [1, 2, 1], outputs: 10 });
    expect(data.train.examples).toEqual({
      inputs: Uint8Array.of(1, 2, 3, 4, 5, 6),
      targets: Int32Array.of(0, 9, 4),
      count: 3,
    });
    expect(data.classNames?.[9]).toBe("wo");
  });

  test.each<[string, Readonly<Record<string, Uint8Array>>, string]>([
    [
      "another class",
      npzFiles([0, 1, 10]),
      "kmnist-train-labels.npz, arr_0: expected labels from 0 to 9, received 10 for example 2.",
    ],
    [
      "several arrays in a file",
      {
        ...npzFiles(),
        "kmnist-test-labels.npz": zipBytes({
          "a.npy": npyBytes("|u1", [1], [1]),
          "b.npy": npyBytes("|u1", [1], [1]),
        }),
      },
      "kmnist-test-labels.npz: expected one array, received a, b.",
    ],
    [
      "fewer labels than images",
      {
        ...npzFiles(),
        "kmnist-test-labels.npz": zipBytes({ "arr_0.npy": npyBytes("|u1", [2], [1, 1]) }),
      },
      "expected 3 labels, one for each image in",
    ],
  ])("refuses %s", async (_, files, message) => {
    const directory = writeFolder(scratch(), files);
    await expect(loadKmnist({ directory })).rejects.toMatchObject({
      name: "BioflaxError",
      message: expect.stringContaining(message),
    });
  });
});

describe("Kuzushiji-MNIST without a folder", () => {
  const zipped = new Map(
    Object.entries(smallFiles("kmnist")).map(([name, bytes]) => [`${name}.gz`, gzipSync(bytes)]),
  );
  const places = (baseUrl: string) => ({
    cache: join(scratch(), "cache"),
    published: { baseUrl, files: [...zipped].map(([name, bytes]) => published(name, bytes)) },
  });

  test("is downloaded once, in MNIST's format", async () => {
    const { baseUrl, requests } = await serve((response, { path }) =>
      sendRange(response, zipped.get(basename(path)) as Uint8Array, 0),
    );
    for (const _ of [1, 2])
      await expect(readKmnist(places(baseUrl), {})).resolves.toMatchObject({ outputs: 10 });
    expect(requests).toHaveLength(4);
    expect(readdirSync(join(scratch(), "cache")).sort()).toEqual([...zipped.keys()].sort());
  });

  test("is not downloaded where the files of NumPy's format are", async () => {
    writeFolder(join(scratch(), "cache"), npzFiles());
    const { baseUrl, requests } = await serve((response) => response.destroy());
    await expect(readKmnist(places(baseUrl), {})).resolves.toMatchObject({ imageShape: [1, 2, 1] });
    expect(requests).toEqual([]);
  });

  test("without a network, says what to put where", async () => {
    const { baseUrl } = await serve((response) => response.destroy());
    await expect(readKmnist(places(baseUrl), {})).rejects.toThrow(
      `Put ${[...zipped.keys()].join(", ")} from ${baseUrl} into ${join(scratch(), "cache")}, or`,
    );
  });

  test("says of an empty folder of one's own that NumPy's files will do as well", async () => {
    const directory = writeFolder(scratch(), {});
    await expect(loadKmnist({ directory })).rejects.toThrow(
      `In place of the four, these may be there: ${Object.keys(npzFiles()).join(", ")}.`,
    );
  });

  test("comes from the Center for Open Data in the Humanities", () => {
    const { baseUrl, files } = kmnistPlaces().published;
    expect(baseUrl + files[0]?.name).toBe(
      "http://codh.rois.ac.jp/kmnist/dataset/kmnist/train-images-idx3-ubyte.gz",
    );
  });
});
