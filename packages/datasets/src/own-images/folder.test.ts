import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { pngBytes } from "../../test/png-bytes";
import { scratchFolder } from "../../test/scratch";
import { smallFiles } from "../../test/small-sets";
import { writeFolder } from "../../test/write-folder";
import { takeInputs } from "../take";
import { loadFolder } from "./folder";
import { whatIsAt } from "./what-is-at";

const scratch = scratchFolder();

/** A picture of 1 × 2 grey pixels. */
const grey = (...pixels: number[]) => pngBytes(1, 2, Uint8Array.from(pixels));
const many = (name: string, count: number, first: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`${name}/${i}.png`, grey(first, i)]));

test("folders name the classes, and a tenth of each class is kept for the test, whatever the seed", async () => {
  const directory = writeFolder(join(scratch(), "leaves"), {
    ...many("oak", 20, 200),
    ...many("birch", 30, 10),
    "oak/notes.txt": new Uint8Array(3),
  });
  const data = await loadFolder({ directory, valSplit: 0 });
  expect(data).toMatchObject({ outputs: 2, classNames: ["birch", "oak"], imageShape: [1, 2, 1] });
  const { train, test: tested } = data;
  expect([train.indices.length, tested.indices.length]).toEqual([45, 5]);
  expect([...tested.examples.targets]).toEqual([0, 0, 0, 1, 1]);
  // Each picture has its class's first pixel, and none is in both parts.
  const seen = [train, tested].flatMap(({ examples, indices }) => {
    const inputs = takeInputs(examples, indices);
    return [...indices].map((row, i) => {
      expect(inputs[2 * i]).toBe(examples.targets[row] === 1 ? 200 : 10);
      return `${examples.targets[row]} ${inputs[2 * i + 1]}`;
    });
  });
  expect(new Set(seen).size).toBe(50);
  const other = await loadFolder({ directory, valSplit: 0, seed: 9 });
  expect(other.test.examples.inputs).toEqual(tested.examples.inputs);
});

test("colours make images of three channels", async () => {
  const red = pngBytes(1, 1, Uint8Array.of(255, 0, 0));
  const directory = writeFolder(join(scratch(), "colours"), {
    "a/1.png": red,
    "a/2.png": red,
    "b/1.png": red,
    "b/2.png": red,
  });
  const { imageShape, train } = await loadFolder({ directory, valSplit: 0 });
  expect(imageShape).toEqual([1, 1, 3]);
  expect([...train.examples.inputs.subarray(0, 3)]).toEqual([255, 0, 0]);
});

test.each<[string, Record<string, Uint8Array>, string]>([
  ["one class", many("a", 3, 0), "expected a folder for each of at least two classes, received a."],
  [
    "no pictures",
    { ...many("a", 3, 0), "b/1.txt": new Uint8Array(1) },
    "b: expected PNG pictures of a class, received none.",
  ],
  [
    "a lone picture",
    { ...many("a", 3, 0), ...many("b", 1, 0) },
    "expected at least two pictures of its class",
  ],
  [
    "another size",
    {
      ...many("a", 3, 0),
      ...many("b", 3, 0),
      "b/9.png": pngBytes(2, 2, new Uint8Array(4)),
      "b/8.png": pngBytes(2, 2, new Uint8Array(4)),
      "b/7.png": pngBytes(2, 2, new Uint8Array(4)),
    },
    "expected a picture of 1 × 2 pixels (rows × columns) like the first one, received 2 × 2.",
  ],
  [
    "no PNG",
    { ...many("a", 3, 0), "b/1.png": new Uint8Array(9), "b/2.png": new Uint8Array(9) },
    "expected a PNG picture, received another kind of file.",
  ],
  [
    "a class that is not learnt",
    {
      "train/a/1.png": grey(0, 0),
      "train/b/1.png": grey(0, 0),
      "test/a/1.png": grey(0, 0),
      "test/b/1.png": grey(0, 0),
      "test/c/1.png": grey(0, 0),
    },
    "c: expected a class that there is to learn, a, b.",
  ],
])("refuses a folder with %s", async (_what, files, message) => {
  const directory = writeFolder(join(scratch(), "refused"), files);
  await expect(loadFolder({ directory })).rejects.toThrow(message);
});

test("what a path holds is looked at", () => {
  const at = (name: "folder" | "idx") => writeFolder(join(scratch(), name), smallFiles(name));
  expect(whatIsAt(at("folder"))).toBe("folder");
  expect(whatIsAt(at("idx"))).toBe("idx");
  const place = join(scratch(), "things");
  mkdirSync(place, { recursive: true });
  expect(() => whatIsAt(place)).toThrow(
    "expected idx files as MNIST's, or a folder of PNG pictures for each class, received neither.",
  );
  for (const name of [
    "leaves.npz",
    "leaves.csv",
    "leaves.NPY",
    "leaves.csv.gz",
    "leaves.txt",
    "leaves",
  ])
    writeFileSync(join(place, name), "");
  expect(whatIsAt(join(place, "leaves.npz"))).toBe("npz");
  for (const name of ["leaves.csv", "leaves.NPY", "leaves.csv.gz"])
    expect(whatIsAt(join(place, name))).toBe("table");
  expect(whatIsAt(join(place, "leaves.txt"))).toBe("text");
  expect(() => whatIsAt(join(place, "leaves"))).toThrow(
    "expected a file .npz, .npy, .csv or .txt, or a folder of images, received another kind of file.",
  );
  expect(() => whatIsAt(join(place, "nothing"))).toThrow("there is nothing by that name");
});
