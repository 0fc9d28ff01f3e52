import { type DatasetName, getDataset } from "../src/registry";
import { idxBytes } from "./idx-bytes";
import { npyBytes } from "./npy-bytes";
import { pngBytes } from "./png-bytes";
import { zipBytes } from "./zip-bytes";

/** How many images the parts of a small data set have, whatever the set. */
export const smallCounts = { train: 40, validation: 12, test: 20 } as const;

/** Images of 8 × 8 pixels: black but for one pixel, the one that the class counts to, row by row. */
const SIDE = 8;

function images(count: number, classes: number, channels = 1) {
  const labels = Array.from({ length: count }, (_, i) => (i * 7) % classes);
  const pixels = new Uint8Array(count * SIDE * SIDE * channels);
  labels.forEach((label, i) => {
    const at = (i * SIDE * SIDE + (label % (SIDE * SIDE))) * channels;
    pixels.fill(255, at, at + channels);
  });
  return { labels, pixels };
}

/** The same images column by column, as EMNIST's files have them. */
function byColumns(pixels: Uint8Array): Uint8Array {
  return pixels.map((_, at) => {
    const [image, place] = [Math.floor(at / 64) * 64, at % 64];
    return pixels[image + (place % SIDE) * SIDE + Math.floor(place / SIDE)] as number;
  });
}

/** An idx file of big-endian 32-bit integers. */
export function integerIdxBytes(shape: readonly number[], values: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(4 + 4 * shape.length + 4 * values.length);
  bytes.set([0, 0, 12, shape.length]);
  [...shape, ...values].forEach((value, i) => bytes.writeInt32BE(value, 4 + 4 * i));
  return Uint8Array.from(bytes);
}

/** QMNIST's eight columns, the class in the first. */
const table = (labels: readonly number[]) =>
  labels.flatMap((label, i) => [label, 4, 2100 + i, i, 30 + label, 1000 + i, 0, 0]);

/** CIFAR's records: labels, then the planes of three colours, all with the same pixel lit. */
function records(count: number, labelsOf: (label: number) => readonly number[], classes: number) {
  const { labels } = images(count, classes);
  return Uint8Array.from(
    labels.flatMap((label) => {
      const plane = new Uint8Array(1024);
      plane[label] = 255;
      return [...labelsOf(label), ...plane, ...plane, ...plane];
    }),
  );
}

const { train, validation, test } = smallCounts;

function idxFiles(classes: number, names: readonly string[]) {
  const [a, b] = [images(train, classes), images(test, classes)];
  return Object.fromEntries(
    [
      idxBytes([train, SIDE, SIDE], a.pixels),
      idxBytes([train], a.labels),
      idxBytes([test, SIDE, SIDE], b.pixels),
      idxBytes([test], b.labels),
    ].map((bytes, i) => [names[i] as string, bytes]),
  );
}

const mnistNames = [
  "train-images-idx3-ubyte",
  "train-labels-idx1-ubyte",
  "t10k-images-idx3-ubyte",
  "t10k-labels-idx1-ubyte",
];

function emnistFiles(name: string, classes: number, first = 0) {
  const [a, b] = [images(train, classes), images(test, classes)];
  const labels = (all: readonly number[]) => all.map((label) => label + first);
  return {
    [`${name}-train-images-idx3-ubyte`]: idxBytes([train, SIDE, SIDE], byColumns(a.pixels)),
    [`${name}-train-labels-idx1-ubyte`]: idxBytes([train], labels(a.labels)),
    [`${name}-test-images-idx3-ubyte`]: idxBytes([test, SIDE, SIDE], byColumns(b.pixels)),
    [`${name}-test-labels-idx1-ubyte`]: idxBytes([test], labels(b.labels)),
  };
}

/** The arrays of MedMNIST: labels are a column. */
export function medMnistArrays(classes: number, channels: number): Record<string, Uint8Array> {
  const shape = channels === 1 ? [SIDE, SIDE] : [SIDE, SIDE, channels];
  return Object.fromEntries(
    Object.entries({ train, val: validation, test }).flatMap(([part, count]) => {
      const { labels, pixels } = images(count, classes, channels);
      return [
        [`${part}_images.npy`, npyBytes("|u1", [count, ...shape], [...pixels])],
        [`${part}_labels.npy`, npyBytes("|u1", [count, 1], labels)],
      ];
    }),
  );
}

/** A table of two features, the class and half of it, and five classes. */
function tableBytes(): Uint8Array {
  const rows = Array.from({ length: train + test }, (_, i) => `${i % 5},${(i % 5) / 2},${i % 5}`);
  return new TextEncoder().encode(`a,b,class\n${rows.join("\n")}\n`);
}

/** Grey pictures of five classes, in folders of a part. */
function pictures(part: string, count: number): Record<string, Uint8Array> {
  const { labels, pixels } = images(count, 5);
  return Object.fromEntries(
    labels.map((label, i) => [
      `${part}/class-${label}/${String(i).padStart(3, "0")}.png`,
      pngBytes(SIDE, SIDE, pixels.subarray(i * SIDE * SIDE, (i + 1) * SIDE * SIDE)),
    ]),
  );
}

/**
 * The files of a small data set in the format of a published one, as a folder has them.
 *
 * @param name one that comes in files.
 */
export function smallFiles(name: DatasetName): Readonly<Record<string, Uint8Array>> {
  const { classes = 5, images: shape } = getDataset(name);
  if (name === "table" || name === "table-values") return { "table.csv": tableBytes() };
  if (name === "text")
    return { "text.txt": new TextEncoder().encode("to be, or not to be: that is it\n".repeat(12)) };
  if (name === "folder")
    return {
      ...pictures("train", train),
      ...pictures("val", validation),
      ...pictures("test", test),
    };
  if (name === "qmnist") {
    const { labels, pixels } = images(train, 10);
    const tested = images(test, 10);
    return {
      "qmnist-train-images-idx3-ubyte": idxBytes([train, SIDE, SIDE], pixels),
      "qmnist-train-labels-idx2-int": integerIdxBytes([train, 8], table(labels)),
      "qmnist-test-images-idx3-ubyte": idxBytes([test, SIDE, SIDE], tested.pixels),
      "qmnist-test-labels-idx2-int": integerIdxBytes([test, 8], table(tested.labels)),
    };
  }
  if (name === "cifar-10") {
    const batch = (count: number) => records(count, (label) => [label], 10);
    return Object.fromEntries(
      [1, 2, 3, 4, 5, 0].map((number) => [
        number === 0 ? "test_batch.bin" : `data_batch_${number}.bin`,
        batch(number === 0 ? test : train / 5),
      ]),
    );
  }
  if (name === "cifar-100" || name === "cifar-100-coarse") {
    const both = (label: number) => [Math.floor(label / 5), label];
    return { "train.bin": records(train, both, 100), "test.bin": records(test, both, 100) };
  }
  if (name.startsWith("emnist-"))
    return emnistFiles(name, classes, name.endsWith("letters") ? 1 : 0);
  if (name.endsWith("mnist") && !["mnist", "fashion-mnist", "kmnist"].includes(name))
    return { [`${name}.npz`]: zipBytes(medMnistArrays(classes, shape?.[2] as number)) };
  return idxFiles(classes, mnistNames);
}
