import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { BioflaxError, sizeOf } from "@bioflax/core";
import type { Dataset, ImageShape } from "../dataset";
import type { DatasetFacts } from "../definition";
import { unreadable } from "../files/read-file";
import { readRegularFile } from "../files/regular-file";
import { type ImageSetOptions, imageDataset, type LabelledImages } from "../image-set";
import { heldForTest } from "./held-for-test";
import { ownPlace } from "./own-place";
import { pngShape, readPng } from "./png";

/** Options of {@link loadFolder}. */
export interface LoadFolderOptions extends ImageSetOptions {
  /** The folder. */
  readonly directory: string;
}

/** What a part of a set may be called. */
const parts = {
  train: ["train", "training"],
  validation: ["val", "validation"],
  test: ["test", "testing"],
} as const;

/** A picture with the number of its class. */
interface Picture {
  readonly path: string;
  readonly label: number;
}

const HOW =
  "Put the PNG pictures of each class into a folder of the class's name, and these into the folder, or into train and test in it.";

/**
 * Loads images of your own that are PNG pictures in folders, one for each class, which it is called by.
 *
 * The classes' folders are in `train` and `test`, and perhaps `val`, or all in one place; then a tenth of each class's
 * pictures is kept for the test, the same whatever the seed. All pictures have the size of the first; they are grey if
 * that is. Pixels are to be standardised with the mean and the standard deviation of the training images, or scaled to
 * [0, 1] without `normalize`.
 *
 * @throws BioflaxError when there are no such folders, a picture is damaged, transparent or of another size, or the
 *   validation fraction or the seed is out of range.
 * @example
 * const leaves = await loadFolder({ directory: "leaves" }); // leaves/oak/1.png, leaves/birch/1.png, …
 */
export async function loadFolder({ directory, ...options }: LoadFolderOptions): Promise<Dataset> {
  const inside = await foldersIn(directory);
  const find = (names: readonly string[]) => inside.find((name) => names.includes(name));
  const [train, validation, test] = [parts.train, parts.validation, parts.test].map(find);
  const isDivided = train !== undefined && test !== undefined;
  const classNames = isDivided ? await foldersIn(join(directory, train)) : inside;
  if (classNames.length < 2)
    throw new BioflaxError(
      `${directory}: expected a folder for each of at least two classes, received ${classNames.join(", ") || "nothing"}. ${HOW}`,
    );
  const all = await picturesIn(isDivided ? join(directory, train) : directory, classNames);
  const { training, held } = isDivided ? { training: all, held: [] } : keepSome(all);
  const shape = await shapeOf(training[0] as Picture);
  const read = (pictures: readonly Picture[]) => readPictures(pictures, shape);
  const own = async (part: string) => read(await picturesIn(join(directory, part), classNames));
  return imageDataset(
    {
      name: "folder",
      where: directory,
      classes: classNames.length,
      classNames,
      train: await read(training),
      ...(isDivided && validation !== undefined && { validation: await own(validation) }),
      test: isDivided ? await own(test) : await read(held),
    },
    options,
  );
}

/** The names of the folders in a folder, in order, hidden ones left out. */
async function foldersIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((error: Error) => {
    throw unreadable(directory, error);
  });
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map(({ name }) => name)
    .sort();
}

/** The pictures of each class, in the order of their names. */
async function picturesIn(directory: string, classNames: readonly string[]): Promise<Picture[]> {
  const strange = (await foldersIn(directory)).find((name) => !classNames.includes(name));
  if (strange !== undefined)
    throw new BioflaxError(
      `${join(directory, strange)}: expected a class that there is to learn, ${classNames.join(", ")}. Take the folder away, or put pictures of it among those to train on.`,
    );
  const pictures = await Promise.all(
    classNames.map(async (name, label) => {
      const files = await readdir(join(directory, name)).catch((): string[] => []);
      const found = files.filter((file) => /\.png$/i.test(file)).sort();
      return found.map((file): Picture => ({ path: join(directory, name, file), label }));
    }),
  );
  const empty = classNames.find((_, label) => pictures[label]?.length === 0);
  if (empty !== undefined)
    throw new BioflaxError(
      `${join(directory, empty)}: expected PNG pictures of a class, received none. ${HOW}`,
    );
  return pictures.flat();
}

/** The pictures to train on, and a part of each class's that is kept for the test. */
function keepSome(pictures: readonly Picture[]): { training: Picture[]; held: Picture[] } {
  const counts = new Map<number, number>();
  for (const { label } of pictures) counts.set(label, (counts.get(label) ?? 0) + 1);
  const alone = pictures.find(({ label }) => counts.get(label) === 1);
  if (alone !== undefined)
    throw new BioflaxError(
      `${alone.path}: expected at least two pictures of its class, one to train on and one for the test, received it alone. Add more.`,
    );
  const isHeld = heldForTest(pictures.map(({ label }) => label));
  return {
    training: pictures.filter((_, i) => !isHeld[i]),
    held: pictures.filter((_, i) => isHeld[i]),
  };
}

async function bytesOf({ path }: Picture): Promise<Uint8Array> {
  return readRegularFile(path).catch((error: Error) => {
    throw unreadable(path, error);
  });
}

async function shapeOf(picture: Picture): Promise<ImageShape> {
  return pngShape(await bytesOf(picture), picture.path);
}

async function readPictures(
  pictures: readonly Picture[],
  imageShape: ImageShape,
): Promise<LabelledImages> {
  const size = sizeOf(imageShape);
  const inputs = new Uint8Array(pictures.length * size);
  // One after another: as many files as there are pictures cannot be open at once.
  for (const [place, picture] of pictures.entries()) {
    const bytes = await bytesOf(picture);
    const [rows, columns] = pngShape(bytes, picture.path);
    if (rows !== imageShape[0] || columns !== imageShape[1])
      throw new BioflaxError(
        `${picture.path}: expected a picture of ${imageShape[0]} × ${imageShape[1]} pixels (rows × columns) like the first one, ` +
          `received ${rows} × ${columns}. Bring all pictures to one size.`,
      );
    inputs.set((await readPng(bytes, picture.path, imageShape)).values, place * size);
  }
  const targets = Int32Array.from(pictures, ({ label }) => label);
  return { examples: { inputs, targets, count: pictures.length }, imageShape };
}

/** Images of one's own in folders by class, in the registry. */
export const folder: DatasetFacts = {
  shows: "images of your own, PNG pictures in a folder for each class",
  targets: "labels",
  origin: "files",
  images: "of any shape",
  load: async ({ directory, ...options }) =>
    loadFolder({
      ...options,
      directory: ownPlace(
        "folder",
        directory,
        "a folder with a folder of PNG pictures for each class",
      ),
    }),
};
