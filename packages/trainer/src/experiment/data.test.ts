import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { augment } from "@bioflax/datasets";
import { datasetNames, getDataset } from "@bioflax/datasets/node";
import { describe, expect, test } from "@jest/globals";
import { scratchFolder } from "../../test/scratch";
import type { ConfigInput } from "../config/schema";
import { imageSets, targetsOf } from "../config/targets";
import { validateConfig } from "../resolve/resolve";
import { datasetOf, trainingExamples } from "./data";

const folder = scratchFolder();

/** A folder that holds both a small Fashion-MNIST, of 2 × 3 pixels, and a small CIFAR-10. */
for (const part of ["train", "t10k"]) {
  const idx = (shape: number[], bytes: number[]) =>
    Uint8Array.from([0, 0, 8, shape.length, ...shape.flatMap((n) => [0, 0, 0, n]), ...bytes]);
  const pixels = Array.from({ length: 24 }, (_, i) => i);
  writeFileSync(join(folder, `${part}-images-idx3-ubyte`), idx([4, 2, 3], pixels));
  writeFileSync(join(folder, `${part}-labels-idx1-ubyte`), idx([4], [0, 1, 2, 3]));
}
for (const batch of [
  "data_batch_1",
  "data_batch_2",
  "data_batch_3",
  "data_batch_4",
  "data_batch_5",
  "test_batch",
])
  writeFileSync(join(folder, `${batch}.bin`), new Uint8Array(2 * 3073));

const small: ConfigInput = { batchSize: 5, trainSetSize: 4, testSetSize: 2 };
const configOf = (dataset: ReturnType<typeof imageSets>[number], more: ConfigInput = {}) =>
  validateConfig({
    ...small,
    dataset,
    ...(["fashion-mnist", "cifar-10"].includes(dataset) && { dataDir: folder }),
    ...more,
  });

/** Those that need no file, or whose files are here; packages/datasets tests the others. */
const names = datasetNames().filter(
  (name) =>
    getDataset(name).origin === "generated" ||
    ["mnist", "fashion-mnist", "cifar-10"].includes(name),
);

describe("the data of a run", () => {
  test.each(names)("%s", async (name) => {
    const data = await datasetOf(configOf(name, { valSplit: 0.25, seed: 3 }));
    expect(data.task).toBe(targetsOf(name).task);
    expect(data.imageShape !== undefined).toBe(imageSets().includes(name));
    if (data.imageShape !== undefined) {
      expect(data.inputShape).toEqual([data.imageShape.reduce((a, b) => a * b)]);
      expect(data.name).toBe(name);
    }
    const rows = data.train.indices.length + (data.validation?.indices.length ?? 0);
    expect(data.train.indices).toHaveLength(Math.floor(0.75 * rows));
    const seeds = await Promise.all(
      [0, 1, 2, 3, 4, 5].map((seed) => datasetOf(configOf(name, { valSplit: 0.25, seed }))),
    );
    expect(new Set(seeds.map((one) => String(one.validation?.indices))).size).toBeGreaterThan(1);
  });

  test.each(imageSets().filter((name) => names.includes(name)))(
    "normalize is for %s",
    async (name) => {
      const [standardised, scaled] = await Promise.all(
        [true, false].map(async (normalize) => datasetOf(configOf(name, { normalize }))),
      );
      expect(scaled?.normalization).toEqual({ scale: 1 / 255, mean: 0, standardDeviation: 1 });
      expect(standardised?.normalization).toMatchObject({ scale: 1 / 255 });
      expect(standardised?.normalization?.mean).toBeGreaterThan(0.1);
      expect(standardised?.normalization?.standardDeviation).toBeLessThan(0.5);
    },
  );
});

describe("the training examples of an epoch", () => {
  test("are the data set's own when they are not to be changed", async () => {
    const config = configOf("color-shapes");
    const data = await datasetOf(config);
    expect(trainingExamples(config, data, 3)).toBe(data.train.examples);
  });

  test("are moved and mirrored anew in each, by seed and epoch, labels and all else left alone", async () => {
    const config = configOf("color-shapes", { augment: true, seed: 2 });
    const data = await datasetOf(config);
    const before = data.train.examples.inputs.slice();
    const third = trainingExamples(config, data, 3);
    expect(third.inputs).toEqual(
      augment(data.train.examples.inputs as Uint8Array, [32, 32, 3], { seed: 2, epoch: 3 }),
    );
    expect(third.targets).toBe(data.train.examples.targets);
    expect(third.count).toBe(data.train.examples.count);
    expect(trainingExamples(config, data, 4).inputs).not.toEqual(third.inputs);
    expect(data.train.examples.inputs).toEqual(before);
  });
});
