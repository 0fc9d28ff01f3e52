import { expect, test } from "@jest/globals";
import { idxBytes } from "../../test/idx-bytes";
import { scratchFolder } from "../../test/scratch";
import { writeFolder } from "../../test/write-folder";
import { loadIdx } from "./idx";

const scratch = scratchFolder();

const files = (labels: readonly number[]) => ({
  "train-images-idx3-ubyte": idxBytes([4, 1, 2], [0, 0, 255, 255, 0, 255, 0, 255]),
  "train-labels-idx1-ubyte": idxBytes([4], labels),
  "t10k-images-idx3-ubyte": idxBytes([1, 1, 2], [1, 2]),
  "t10k-labels-idx1-ubyte": idxBytes([1], [1]),
});

test.each([
  [2, [0, 1, 0, 1]],
  [47, [46, 1, 0, 3]],
  [256, [255, 0, 0, 0]],
])("images of one's own have as many classes as their labels say: %i", async (classes, labels) => {
  const data = await loadIdx({ directory: writeFolder(scratch(), files(labels)), valSplit: 0 });
  expect(data.outputs).toBe(classes);
  expect(data.normalization).toEqual({ scale: 1 / 255, mean: 0.5, standardDeviation: 0.5 });
});

test("images that are all of one colour are not divided by 0", async () => {
  const same = { "train-images-idx3-ubyte": idxBytes([4, 1, 2], new Array(8).fill(51)) };
  const directory = writeFolder(scratch(), { ...files([0, 1, 0, 1]), ...same });
  const { normalization } = await loadIdx({ directory });
  expect(normalization).toEqual({ scale: 1 / 255, mean: 0.2, standardDeviation: 1 });
});

// Reported: labels that were all 255 trained a network of 256 classes.
test.each([0, 255])("a single class is none to tell apart: %i", async (label) => {
  const labels = { "t10k-labels-idx1-ubyte": idxBytes([1], [label]) };
  const directory = writeFolder(scratch(), { ...files(new Array(4).fill(label)), ...labels });
  await expect(loadIdx({ directory })).rejects.toThrow(
    `expected labels of at least two classes, received ${label} for every training example.`,
  );
});
