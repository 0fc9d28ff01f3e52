import { describe, expect, test } from "@jest/globals";
import { idxBytes } from "../../test/idx-bytes";
import { scratchFolder } from "../../test/scratch";
import { integerIdxBytes, smallFiles } from "../../test/small-sets";
import { writeFolder } from "../../test/write-folder";
import { loadQmnist } from "./qmnist";

const scratch = scratchFolder();
const labelFile = "qmnist-test-labels-idx2-int";

describe("QMNIST", () => {
  test("the class is the first of the eight columns of 32-bit labels", async () => {
    const images = idxBytes([3, 1, 2], [1, 2, 3, 4, 5, 6]);
    const labels = [
      [5, 0, 338, 5, 35, 97941, 0, 0],
      [0, 4, 2100, 149, 30, 281769, 0, 0],
      [9, 1, 610, 7, 39, 70000, 0, 0],
    ];
    const table = integerIdxBytes([3, 8], labels.flat());
    const directory = writeFolder(scratch(), {
      "qmnist-train-images-idx3-ubyte": images,
      "qmnist-train-labels-idx2-int": table,
      "qmnist-test-images-idx3-ubyte": images,
      [labelFile]: table,
    });
    const { train, test: tested, outputs } = await loadQmnist({ directory, valSplit: 0 });
    expect(outputs).toBe(10);
    for (const { examples } of [train, tested])
      expect(examples.targets).toEqual(Int32Array.of(5, 0, 9));
  });

  test("test labels may be bytes, as they are published, too", async () => {
    const { [labelFile]: _, ...others } = smallFiles("qmnist");
    const directory = writeFolder(scratch(), {
      ...others,
      "qmnist-test-labels-idx1-ubyte": idxBytes([20], new Array(20).fill(3)),
    });
    const { test: tested } = await loadQmnist({ directory });
    expect(new Set(tested.examples.targets)).toEqual(new Set([3]));
  });

  test.each<[string, Uint8Array, string]>([
    [
      "bytes",
      idxBytes([20, 8], new Array(160).fill(1)),
      "expected elements of type int32 (code 12), received uint8 (code 8). Convert the file to 32-bit integers.",
    ],
    [
      "one axis",
      integerIdxBytes([20], new Array(20).fill(1)),
      "expected labels, [count, columns], whose fourth byte is 2, the number of axes, received 1.",
    ],
    ["no columns", integerIdxBytes([20, 0], []), "expected 20 labels, one for each image in"],
    [
      "a cut file",
      integerIdxBytes([20, 8], [1]),
      "expected 640 bytes after the header, for shape [20, 8], received 4",
    ],
    [
      "another class",
      integerIdxBytes([20, 1], new Array(20).fill(-1)),
      "expected labels from 0 to 9, received -1 for example 0.",
    ],
  ])("refuses labels of %s", async (_, bytes, message) => {
    const directory = writeFolder(scratch(), { ...smallFiles("qmnist"), [labelFile]: bytes });
    await expect(loadQmnist({ directory })).rejects.toMatchObject({
      name: "BioflaxError",
      message: expect.stringContaining(message),
    });
  });
});
