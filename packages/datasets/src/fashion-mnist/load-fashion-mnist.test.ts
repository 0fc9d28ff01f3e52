import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import { published, sendRange, serve } from "../../test/file-server";
import { idxBytes } from "../../test/idx-bytes";
import { scratchFolder } from "../../test/scratch";
import type { IdxDigests } from "../idx/folder";
import { mnistFiles, namesOf } from "../idx/folder";
import {
  type FashionMnistPlaces,
  fashionMnistPlaces,
  findFashionMnist,
} from "./find-fashion-mnist";
import { loadFashionMnist } from "./load-fashion-mnist";

const scratch = scratchFolder();
const idxFiles = namesOf(mnistFiles);

/** Two training images and one test image of 2 × 2 pixels. */
const small = {
  "train-images-idx3-ubyte": idxBytes([2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]),
  "train-labels-idx1-ubyte": idxBytes([2], [9, 0]),
  "t10k-images-idx3-ubyte": idxBytes([1, 2, 2], [9, 9, 9, 9]),
  "t10k-labels-idx1-ubyte": idxBytes([1], [4]),
};
const zipped = new Map(
  Object.entries(small).map(([name, bytes]) => [`${name}.gz`, gzipSync(bytes)]),
);

/** Writes some of the files into a folder of the scratch folder, under other names if need be. */
function write(
  folder: string,
  rename = (name: string) => name,
  names: readonly string[] = idxFiles,
) {
  const path = join(scratch(), folder);
  mkdirSync(path, { recursive: true });
  for (const name of names) {
    const bytes = small[name as keyof typeof small];
    const written = rename(name);
    writeFileSync(join(path, written), written.endsWith(".gz") ? gzipSync(bytes) : bytes);
  }
  return path;
}

const places = (baseUrl: string): FashionMnistPlaces => ({
  system: join(scratch(), "system"),
  cache: join(scratch(), "cache"),
  published: {
    baseUrl,
    files: idxFiles.map((name) => published(`${name}.gz`, zipped.get(`${name}.gz`) as Uint8Array)),
  },
  digests: Object.fromEntries(
    Object.entries(small).map(([name, bytes]) => [
      name,
      createHash("sha256").update(bytes).digest("hex"),
    ]),
  ) as IdxDigests,
});

test.each([
  ["plain", (name: string) => name],
  ["gzipped", (name: string) => `${name}.gz`],
])("%s files are read from the folder that is named", async (_, rename) => {
  const data = await loadFashionMnist({ directory: write("own", rename), valSplit: 0 });
  expect(data).toMatchObject({
    name: "fashion-mnist",
    task: "classification",
    inputShape: [4],
    imageShape: [2, 2, 1],
    outputs: 10,
    normalization: { scale: 1 / 255, mean: 0.286, standardDeviation: 0.353 },
  });
  expect(data.classNames?.[data.train.examples.targets[0] as number]).toBe("Ankle boot");
});

test("a named folder is the only one that counts", async () => {
  await expect(loadFashionMnist({ directory: scratch() })).rejects.toThrow(
    /expected one of train-images-idx3-ubyte, .* Put the four Fashion-MNIST files into the folder, or leave the folder out/,
  );
});

describe("without a folder", () => {
  test("the system's comes first, if it is whole, then the cache", async () => {
    const { baseUrl, requests } = await serve((response) => response.destroy());
    write("system", (name) => `${name}.gz`);
    write("cache");
    const find = () => findFashionMnist(places(baseUrl), {});
    expect(await find()).toMatchObject({ directory: join(scratch(), "system") });
    expect((await find()).remedy).toContain("Reinstall the package dataset-fashion-mnist");
    const other = { ...places(baseUrl), system: write("part", undefined, idxFiles.slice(1)) };
    expect(await findFashionMnist(other, {})).toMatchObject({
      directory: join(scratch(), "cache"),
    });
    expect(requests).toEqual([]);
  });

  test("what the cache lacks is downloaded, and nothing else", async () => {
    const { baseUrl, requests } = await serve((response, { path }) =>
      sendRange(response, zipped.get(basename(path)) as Uint8Array, 0),
    );
    // One of them plain and with a dot, as some have it.
    write("cache", (name) => name.replace("-idx", ".idx"), idxFiles.slice(0, 1));
    const progress: string[] = [];
    const { directory, digests } = await findFashionMnist(places(baseUrl), {
      onDownload: ({ name }) => progress.push(name),
    });
    expect(digests).toEqual(places("").digests);
    const downloaded = idxFiles.slice(1).map((name) => `${name}.gz`);
    expect(requests.map(({ path }) => path)).toEqual(downloaded.map((name) => `/${name}`));
    expect([...new Set(progress)]).toEqual(downloaded);
    expect(readdirSync(directory).sort()).toEqual(
      ["train-images.idx3-ubyte", ...downloaded].sort(),
    );
  });

  test("and without a network, all that is missing is named, with where to put it", async () => {
    const { baseUrl } = await serve((response) => response.destroy());
    write("cache", undefined, idxFiles.slice(0, 2));
    await expect(findFashionMnist(places(baseUrl), {})).rejects.toThrow(
      `Put t10k-images-idx3-ubyte.gz, t10k-labels-idx1-ubyte.gz from ${baseUrl} into ${join(scratch(), "cache")}, ` +
        "or into a folder of your own and name that one (on the command line, --data-dir).",
    );
  });
});

const { system } = fashionMnistPlaces();
// Where Debian's package is installed, it is as good as a download.
(existsSync(system) ? test : test.skip)("Debian's package holds the published files", async () => {
  const { train, test: tested, imageShape } = await loadFashionMnist({ valSplit: 0 });
  expect([train.indices.length, tested.indices.length, imageShape]).toEqual([
    60000,
    10000,
    [28, 28, 1],
  ]);
  for (const { examples } of [train, tested]) {
    const counts = new Array(10).fill(0);
    for (const label of examples.targets) counts[label]++;
    expect(counts).toEqual(new Array(10).fill(examples.count / 10));
  }
  const pixels = train.examples.inputs;
  let sum = 0;
  let squares = 0;
  for (const pixel of pixels) {
    sum += pixel;
    squares += pixel * pixel;
  }
  const mean = sum / pixels.length;
  expect(mean / 255).toBeCloseTo(0.286, 3);
  expect(Math.sqrt(squares / pixels.length - mean ** 2) / 255).toBeCloseTo(0.353, 3);
});
