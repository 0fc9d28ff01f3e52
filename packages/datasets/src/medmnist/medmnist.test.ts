import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { npyBytes } from "../../test/npy-bytes";
import { scratchFolder } from "../../test/scratch";
import { medMnistArrays } from "../../test/small-sets";
import { writeFolder } from "../../test/write-folder";
import { zipBytes } from "../../test/zip-bytes";
import { loadNpz } from "../own-images/npz";
import { loadMedMnist } from "./medmnist";

const scratch = scratchFolder();
const name = "pathmnist";
const file = (changes: Readonly<Record<string, Uint8Array>> = {}) =>
  zipBytes({ ...medMnistArrays(9, 3), ...changes });

/** Writes a file into a folder, and gives its path. */
const write = (called: string, bytes: Uint8Array) =>
  join(writeFolder(scratch(), { [called]: bytes }), called);

describe("MedMNIST", () => {
  test("colours, classes and the set's own validation images", async () => {
    const directory = join(write("pathmnist.npz", file()), "..");
    const data = await loadMedMnist({ name, directory });
    expect(data).toMatchObject({ name, imageShape: [8, 8, 3], inputShape: [192], outputs: 9 });
    expect(data.classNames?.[8]).toBe("colorectal adenocarcinoma epithelium");
    const { train, validation, test: tested } = data;
    expect([train, validation, tested].map((part) => part?.indices.length)).toEqual([40, 12, 20]);
    expect(validation?.examples).not.toBe(train.examples);
    expect((await loadMedMnist({ name, directory, valSplit: 0 })).validation).toBeUndefined();
  });

  test("the file itself may be named, and one of another size is taken where it is the only one", async () => {
    const path = write("pathmnist_64.npz", file());
    for (const directory of [path, scratch()])
      await expect(loadMedMnist({ name, directory })).resolves.toMatchObject({ outputs: 9 });
    write("pathmnist_128.npz", file());
    await expect(loadMedMnist({ name, directory: scratch() })).rejects.toThrow(
      /expected pathmnist\.npz or one file of another size, received pathmnist_(64|128)\.npz, pathmnist_(64|128)\.npz\. Name the file itself\./,
    );
    write("pathmnist.npz", file());
    await expect(loadMedMnist({ name, directory: scratch() })).resolves.toMatchObject({
      outputs: 9,
    });
  });

  const pixels = (count: number) => new Array<number>(count).fill(7);
  test.each<[string, Readonly<Record<string, Uint8Array>>, string]>([
    [
      "several labels an image, as chestmnist has",
      { "train_labels.npy": npyBytes("|u1", [40, 14], pixels(560)) },
      "pathmnist.npz, train_labels: expected one class for each image, [n] or [n, 1], received [40, 14].",
    ],
    [
      "volumes, as organmnist3d has",
      { "train_images.npy": npyBytes("|u1", [40, 8, 8, 8], pixels(20480)) },
      "train_images: expected images, [n, height, width] or [n, height, width, channels] with one channel or three, received [40, 8, 8, 8]. Use an array that holds images.",
    ],
    [
      "channels first",
      { "train_images.npy": npyBytes("|u1", [40, 3, 8, 8], pixels(7680)) },
      "received [40, 3, 8, 8]. Put the channels last.",
    ],
    [
      "images that are normalised",
      { "train_images.npy": npyBytes("<f4", [40, 8, 8], new Array(2560).fill(0.5)) },
      "train_images: expected pixels, whole numbers from 0 to 255, received 0.5.",
    ],
    [
      "fewer labels than images",
      { "val_labels.npy": npyBytes("|u1", [11, 1], new Array(11).fill(1)) },
      "val_labels: expected 12 labels, one for each image in",
    ],
    [
      "a class that it has not",
      { "test_labels.npy": npyBytes("<i8", [20], new Array(20).fill(9)) },
      "test_labels: expected labels from 0 to 8, received 9 for example 0. Use the files of pathmnist, which has 9 classes",
    ],
    [
      "validation images of another kind",
      { "val_images.npy": npyBytes("|u1", [12, 8, 8], pixels(768)) },
      "expected validation images of 8 × 8 × 3 pixels like the training images, received 8 × 8 × 1.",
    ],
  ])("refuses %s", async (_, changes, message) => {
    const directory = write("pathmnist.npz", file(changes));
    await expect(loadMedMnist({ name, directory })).rejects.toMatchObject({
      name: "BioflaxError",
      message: expect.stringContaining(message),
    });
  });

  test("refuses a file without an array, and says which it has", async () => {
    const { "test_labels.npy": _, ...others } = medMnistArrays(9, 3);
    const directory = write("pathmnist.npz", zipBytes(others));
    await expect(loadMedMnist({ name, directory })).rejects.toThrow(
      "expected an array test_labels or y_test, received train_images, train_labels, val_images, val_labels, test_images. " +
        "Save train_images, train_labels, test_images and test_labels with numpy.savez.",
    );
  });

  test("refuses validation images without their labels, and says what to do", async () => {
    const { "val_labels.npy": _, ...others } = medMnistArrays(9, 3);
    const directory = write("pathmnist.npz", zipBytes(others));
    await expect(loadMedMnist({ name, directory })).rejects.toThrow(
      /expected an array val_labels or y_val, .* Save the labels of the validation images as well, or leave those images out\.$/,
    );
  });
});

describe("images of one's own in a NumPy file", () => {
  const keras = (labels: readonly number[]) =>
    zipBytes({
      "x_train.npy": npyBytes("<f8", [3, 2, 1], [0, 255, 3, 4, 5, 6]),
      "y_train.npy": npyBytes("<i8", [3], labels),
      "x_test.npy": npyBytes("|u1", [1, 2, 1], [1, 2]),
      "y_test.npy": npyBytes("<i8", [1], [0]),
    });

  test("as Keras names them, pixels in any type, classes counted", async () => {
    const data = await loadNpz({ path: write("own.npz", keras([1, 46, 3])), valSplit: 0 });
    expect(data).toMatchObject({ name: "npz", imageShape: [2, 1, 1], outputs: 47 });
    expect(data.train.examples).toEqual({
      inputs: Uint8Array.of(0, 255, 3, 4, 5, 6),
      targets: Int32Array.of(1, 46, 3),
      count: 3,
    });
  });

  test("refuses labels that are far too large, as the file has them", async () => {
    await expect(loadNpz({ path: write("own.npz", keras([1, 1e12, 3])) })).rejects.toThrow(
      "received 1000000000000 for example 1.",
    );
  });

  test("refuses labels below 0", async () => {
    await expect(loadNpz({ path: write("own.npz", keras([1, -1, 3])) })).rejects.toThrow(
      "y_train: expected labels that are whole numbers from 0, received -1 for example 1. Number the classes from 0.",
    );
  });
});
