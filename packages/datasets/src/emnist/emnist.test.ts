import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import { idxBytes } from "../../test/idx-bytes";
import { scratchFolder } from "../../test/scratch";
import { smallFiles } from "../../test/small-sets";
import { writeFolder } from "../../test/write-folder";
import { loadEmnist } from "./emnist";

const scratch = scratchFolder();

/** One image a part, which its file has as [columns, rows], with labels as given. */
const files = (split: string, labels: readonly number[]) => ({
  [`emnist-${split}-train-images-idx3-ubyte`]: idxBytes(
    [2, 3, 2],
    [1, 4, 2, 5, 3, 6, 9, 9, 9, 9, 9, 9],
  ),
  [`emnist-${split}-train-labels-idx1-ubyte`]: idxBytes([2], labels),
  [`emnist-${split}-test-images-idx3-ubyte`]: idxBytes([1, 3, 2], [10, 40, 20, 50, 30, 60]),
  [`emnist-${split}-test-labels-idx1-ubyte`]: idxBytes([1], [5]),
});

describe("EMNIST", () => {
  test("images are made upright: their files have them column by column", async () => {
    const directory = writeFolder(scratch(), files("digits", [7, 0]));
    const { imageShape, train, test: tested } = await loadEmnist({ split: "digits", directory });
    // Two rows of three pixels.
    expect(imageShape).toEqual([2, 3, 1]);
    expect([...train.examples.inputs]).toEqual([1, 2, 3, 4, 5, 6, 9, 9, 9, 9, 9, 9]);
    expect([...tested.examples.inputs]).toEqual([10, 20, 30, 40, 50, 60]);
  });

  test("letters, which are numbered from 1, become classes from 0", async () => {
    const directory = writeFolder(scratch(), files("letters", [1, 26]));
    const data = await loadEmnist({ split: "letters", directory });
    expect([...data.train.examples.targets]).toEqual([0, 25]);
    expect(data.outputs).toBe(26);
    expect([0, 25].map((label) => data.classNames?.[label])).toEqual(["A", "Z"]);
  });

  test.each([
    ["byclass", 62, [9, 10, 35, 36, 61], "9AZaz"],
    ["bymerge", 47, [9, 10, 35, 36, 46], "9AZat"],
    ["balanced", 47, [9, 10, 35, 36, 46], "9AZat"],
    ["digits", 10, [0, 9], "09"],
    ["mnist", 10, [0, 9], "09"],
  ] as const)("%s has %i classes", async (split, classes, labels, names) => {
    const directory = writeFolder(scratch(), smallFiles(`emnist-${split}`));
    const { outputs, classNames } = await loadEmnist({ split, directory });
    expect(outputs).toBe(classes);
    expect(labels.map((label) => classNames?.[label]).join("")).toBe(names);
  });

  test("the files may be gzipped, and in the folder they are published in", async () => {
    mkdirSync(join(scratch(), "gzip"));
    for (const [name, bytes] of Object.entries(smallFiles("emnist-balanced")))
      writeFolder(join(scratch(), "gzip"), { [`${name}.gz`]: gzipSync(bytes) });
    await expect(loadEmnist({ split: "balanced", directory: scratch() })).resolves.toMatchObject({
      name: "emnist-balanced",
      outputs: 47,
    });
  });

  test.each([
    [
      "letters",
      [0, 1],
      "train-labels-idx1-ubyte: expected labels from 1 to 26, received 0 for example 0. Use the files of emnist-letters, which has 26 classes",
    ],
    ["balanced", [3, 47], "expected labels from 0 to 46, received 47 for example 1."],
  ] as const)("%s refuses other labels", async (split, labels, message) => {
    const directory = writeFolder(scratch(), files(split, labels));
    await expect(loadEmnist({ split, directory })).rejects.toThrow(message);
  });

  test("names the file that is missing, and where all of them are published", async () => {
    const { "emnist-letters-test-labels-idx1-ubyte": _, ...others } = files("letters", [1, 2]);
    const directory = writeFolder(scratch(), others);
    await expect(loadEmnist({ split: "letters", directory })).rejects.toThrow(
      /expected one of emnist-letters-test-labels-idx1-ubyte, .*, received a folder without it\. Put emnist-letters-train-images-idx3-ubyte\.gz, .* from https:\/\/biometrics\.nist\.gov\/cs_links\/EMNIST\/gzip\.zip, unzipped, into /,
    );
  });
});
