import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { BioflaxError } from "@bioflax/core";
import { describe, expect, test } from "@jest/globals";
import { scratchFolder } from "../test/scratch";
import { smallCounts, smallFiles } from "../test/small-sets";
import { writeFolder } from "../test/write-folder";
import { datasetContract } from "../testing";
import type { Dataset } from "./dataset";
import { type DatasetName, datasetNames, datasets, getDataset } from "./registry";

const scratch = scratchFolder();

/** Writes the files of a small set into a folder; gives what to name: the folder, or for `npz` the file. */
function write(name: DatasetName): string {
  const source = name === "npz" ? "organsmnist" : name;
  const folder = writeFolder(join(scratch(), name), smallFiles(source));
  return join(folder, inOneFile[name] ?? "");
}

const inFiles = datasetNames().filter((name) => getDataset(name).origin === "files");
const ofImages = inFiles.filter((name) => getDataset(name).images !== undefined);
const inOneFile: Readonly<Record<string, string>> = {
  npz: "organsmnist.npz",
  table: "table.csv",
  "table-values": "table.csv",
  text: "text.txt",
};
const small = { batchSize: 5, trainSetSize: 4, testSetSize: 2 };

const load = async (name: DatasetName, more = {}): Promise<Dataset> =>
  getDataset(name).load({
    ...small,
    ...(inFiles.includes(name) && { directory: write(name) }),
    ...more,
  });

describe("every data set", () => {
  test.each(datasetNames())("%s keeps the contract of data sets", (name) =>
    datasetContract(getDataset(name), {
      ...small,
      ...(inFiles.includes(name) && { directory: write(name) }),
    }),
  );

  test("a definition that says something else than its data breaks it", async () => {
    const { load, ...facts } = getDataset("blobs");
    let seed = 0;
    const broken = (wrong: object) =>
      expect(datasetContract({ ...facts, load, name: "broken", ...wrong })).rejects;
    try {
      for (const [wrong, problem] of [
        [{ targets: "values" }, "its task is classification, expected regression"],
        [{ classes: 7 }, "it has 3 classes, and its definition says 7"],
        [{ exampleSize: () => 9 }, "numbers, and its definition says 9"],
        [{ images: [2, 2, 1] }, "are no images, and its definition says they are"],
        [{ load: () => load({ ...small, seed: seed++ }) }, "the same options load other examples"],
      ] as const) {
        await broken(wrong).toThrow(problem);
        datasets.remove("broken");
      }
    } finally {
      datasets.remove("broken");
    }
  });

  test.each([
    ["chestmnist", "received one whose images may have several of its 14 labels"],
    ["organmnist3d", "received one which shows volumes"],
  ])("%s is refused by name", (name, message) => {
    expect(() => getDataset(name)).toThrow(BioflaxError);
    expect(() => getDataset(name)).toThrow(message);
  });

  test("an unknown name is answered with the nearest", () => {
    expect(() => getDataset("emnist-leters")).toThrow(
      'Unknown data set "emnist-leters". Did you mean "emnist-letters"?',
    );
  });
});

describe("every data set in files", () => {
  test.each(ofImages)("%s: pixels, labels, splits and what to normalise by", async (name) => {
    const data = await load(name, { valSplit: 0.25, seed: 3 });
    const [height, width, channels] = data.imageShape as [number, number, number];
    const size = height * width * channels;
    const { train, validation, test: tested } = data;
    for (const { examples } of [train, tested]) {
      expect(examples.inputs).toHaveLength(examples.count * size);
      // The one pixel that is lit counts to the class; that of a coarse class is one of its five fine ones.
      const per = name === "cifar-100-coarse" ? 5 : 1;
      for (const [i, label] of examples.targets.entries()) {
        const lit = examples.inputs.subarray(i * size, (i + 1) * size).indexOf(255);
        expect(Math.floor(lit / channels / per)).toBe(label);
      }
    }
    const isDivided = validation?.examples !== train.examples;
    const kept = isDivided ? smallCounts.train : Math.floor(0.75 * smallCounts.train);
    expect(train.indices).toHaveLength(kept);
    expect(validation?.indices).toHaveLength(
      isDivided ? smallCounts.validation : smallCounts.train - kept,
    );
    expect(tested.indices).toHaveLength(smallCounts.test);
    expect((await load(name, { valSplit: 0 })).validation).toBeUndefined();

    const published = ["mnist", "fashion-mnist", "cifar-10"].includes(name);
    const pixels = [...train.examples.inputs].map((pixel) => pixel / 255);
    const mean = pixels.reduce((sum, pixel) => sum + pixel, 0) / pixels.length;
    const variance = pixels.reduce((sum, pixel) => sum + (pixel - mean) ** 2, 0) / pixels.length;
    if (!published) {
      expect(data.normalization?.mean).toBeCloseTo(mean, 12);
      expect(data.normalization?.standardDeviation).toBeCloseTo(Math.sqrt(variance), 12);
    }
    expect((await load(name, { normalize: false })).normalization).toEqual({
      scale: 1 / 255,
      mean: 0,
      standardDeviation: 1,
    });
  });

  test.each(inFiles)("%s of a folder that is not there", async (name) => {
    const directory = join(scratch(), "nowhere");
    const loading = getDataset(name).load({ directory });
    await expect(loading).rejects.toBeInstanceOf(BioflaxError);
    await expect(loading).rejects.toThrow(`${directory}: expected `);
    await expect(loading).rejects.toThrow(/but there is nothing by that name\. Check the path/);
    await expect(loading).rejects.not.toThrow(/ENOENT/);
  });

  test.each(inFiles.filter((name) => inOneFile[name] === undefined))(
    "%s of an empty folder",
    async (name) => {
      const directory = join(scratch(), "empty");
      mkdirSync(directory);
      const loading = getDataset(name).load({ directory });
      await expect(loading).rejects.toBeInstanceOf(BioflaxError);
      await expect(loading).rejects.toThrow(
        /empty: expected .*, received (a folder without it|nothing)\. (Put|Use) /,
      );
    },
  );
});

describe("without a folder, what to put where is said", () => {
  const { BIOFLAX_CACHE } = process.env;
  const put = (names: string, from: string, folder: string) =>
    `Put ${names} from ${from} into ${join(scratch(), folder)}, ` +
    "or into a folder of your own and name that one (on the command line, --data-dir).";
  const four = (start: string, test: string, type = "idx1-ubyte") =>
    ["train", test]
      .flatMap((part) => [`${part}-images-idx3-ubyte.gz`, `${part}-labels-${type}.gz`])
      .map((file) => start + file)
      .join(", ");

  test.each<[DatasetName, () => string]>([
    [
      "emnist-letters",
      () =>
        put(
          four("emnist-letters-", "test"),
          "https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip, unzipped,",
          "emnist",
        ),
    ],
    [
      "qmnist",
      () =>
        put(
          four("qmnist-", "test", "idx2-int"),
          "https://github.com/facebookresearch/qmnist",
          "qmnist",
        ),
    ],
    [
      "bloodmnist",
      () =>
        put(
          "bloodmnist.npz",
          "https://zenodo.org/records/10519652/files/bloodmnist.npz",
          "medmnist",
        ),
    ],
    [
      "idx",
      () =>
        "Data set idx: expected a folder with four idx files, received none. Name it (on the command line, --data-dir).",
    ],
    [
      "npz",
      () =>
        "Data set npz: expected a .npz file of images, received none. Name it (on the command line, --data-dir).",
    ],
  ])("%s", async (name, message) => {
    process.env.BIOFLAX_CACHE = scratch();
    try {
      await expect(getDataset(name).load({})).rejects.toMatchObject({
        name: "BioflaxError",
        message: expect.stringContaining(message()),
      });
    } finally {
      if (BIOFLAX_CACHE === undefined) delete process.env.BIOFLAX_CACHE;
      else process.env.BIOFLAX_CACHE = BIOFLAX_CACHE;
    }
  });
});

test.each([
  ["targets", "lables", "labels, binary, multi-label, values"],
  ["origin", "moon", "files, generated"],
])("a data set whose %s are %s is not added", (key, value, known) => {
  const own = { ...getDataset("spirals"), name: "own-facts", [key]: value };
  expect(() => datasets.add(own)).toThrow(
    `Data set "own-facts": expected its "${key}" to be one of ${known}, received "${value}".`,
  );
  expect(datasets.has("own-facts")).toBe(false);
});
