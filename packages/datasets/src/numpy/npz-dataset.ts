import { BioflaxError } from "@bioflax/core";
import type { Dataset } from "../dataset";
import { type ImageSetFacts, type ImageSetOptions, imageDataset, useFilesOf } from "../image-set";
import { labelledArrays } from "./image-arrays";
import type { NpyArray } from "./npy";

/** What the arrays of a part may be called: as MedMNIST calls them, or as Keras. */
const parts = {
  train: { images: ["train_images", "x_train"], labels: ["train_labels", "y_train"] },
  validation: { images: ["val_images", "x_val"], labels: ["val_labels", "y_val"] },
  test: { images: ["test_images", "x_test"], labels: ["test_labels", "y_test"] },
} as const;

const saveAll = "Save train_images, train_labels, test_images and test_labels with numpy.savez.";
const saveLabels = "Save the labels of the validation images as well, or leave those images out.";

/** The names of arrays that a data set may have. */
export const npzNames = Object.values(parts).flatMap(({ images, labels }) => [
  ...images,
  ...labels,
]) as string[];

/** What a `.npz` file holds. */
export interface NpzArrays {
  /** Its arrays, by their names without `.npy`. */
  readonly arrays: ReadonlyMap<string, NpyArray>;
  /** The names of all it has; those of the arrays when left out. */
  readonly names?: readonly string[];
}

/**
 * The data set of images whose arrays a `.npz` file holds: `train_images`, `train_labels`, `test_images`, `test_labels`,
 * and where it has validation images, `val_images` and `val_labels`; or `x_train`, `y_train` and so on.
 *
 * @param path the file's name, for errors.
 * @throws BioflaxError when it lacks an array, or an array holds something else; or when the validation fraction or the
 *   seed is out of range.
 */
export function npzDataset(
  path: string,
  { arrays, names = [...arrays.keys()] }: NpzArrays,
  facts: ImageSetFacts,
  options: ImageSetOptions,
): Dataset {
  const find = (called: readonly string[], remedy: string) => {
    const name = called.find((one) => arrays.has(one));
    const array = name === undefined ? undefined : arrays.get(name);
    if (array === undefined) {
      throw new BioflaxError(
        `${path}: expected an array ${called.join(" or ")}, received ${names.join(", ") || "none"}. ` +
          remedy,
      );
    }
    return { array, where: `${path}, ${name}` };
  };
  const { classes } = facts;
  const numbering = { ...(classes !== undefined && { classes }), remedy: useFilesOf(facts) };
  const read = ({ images, labels }: (typeof parts)[keyof typeof parts], remedy = saveAll) =>
    labelledArrays(find(images, remedy), find(labels, remedy), numbering);
  const hasValidation = parts.validation.images.some((name) => arrays.has(name));
  return imageDataset(
    {
      ...facts,
      where: path,
      train: read(parts.train),
      ...(hasValidation && { validation: read(parts.validation, saveLabels) }),
      test: read(parts.test),
    },
    options,
  );
}
