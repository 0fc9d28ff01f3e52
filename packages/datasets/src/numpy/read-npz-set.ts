import { BioflaxError } from "@bioflax/core";
import type { Dataset } from "../dataset";
import { useFilesOf } from "../idx/read-idx-folder";
import { type ImageSetFacts, type ImageSetOptions, imageDataset } from "../image-set";
import { labelledArrays } from "./image-arrays";
import { readNpz } from "./npz";

/** What the arrays of a part may be called: as MedMNIST calls them, or as Keras. */
const parts = {
  train: { images: ["train_images", "x_train"], labels: ["train_labels", "y_train"] },
  validation: { images: ["val_images", "x_val"], labels: ["val_labels", "y_val"] },
  test: { images: ["test_images", "x_test"], labels: ["test_labels", "y_test"] },
} as const;

const saveAll = "Save train_images, train_labels, test_images and test_labels with numpy.savez.";
const saveLabels = "Save the labels of the validation images as well, or leave those images out.";

const known = Object.values(parts).flatMap(({ images, labels }) => [
  ...images,
  ...labels,
]) as string[];

/**
 * Reads a data set of images that is in one `.npz` file: `train_images`, `train_labels`, `test_images`, `test_labels`,
 * and where it has validation images, `val_images` and `val_labels`; or `x_train`, `y_train` and so on.
 *
 * @throws BioflaxError when the file is damaged, lacks an array, or an array holds something else; or when the
 *   validation fraction or the seed is out of range.
 */
export async function readNpzSet(
  path: string,
  facts: ImageSetFacts,
  options: ImageSetOptions,
): Promise<Dataset> {
  const { arrays, names } = await readNpz(path, (name) => known.includes(name));
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
