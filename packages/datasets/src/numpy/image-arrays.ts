import { BioflaxError, showShape } from "@bioflax/core";
import type { ImageShape } from "../dataset";
import type { LabelledImages } from "../image-set";
import { classLabels, type LabelNumbering } from "../labels";
import type { NpyArray } from "./npy";

/** An array, with the file and its name there for errors. */
export interface FoundArray {
  readonly array: NpyArray;
  readonly where: string;
}

/**
 * An array of images and one of their classes.
 *
 * @param images [count, height, width] of grey images, or [count, height, width, channels] with one channel or three.
 * @param labels [count] or [count, 1].
 * @throws BioflaxError for other shapes, values that are no pixels, or labels that number no classes.
 */
export function labelledArrays(
  images: FoundArray,
  labels: FoundArray,
  numbering: LabelNumbering,
): LabelledImages {
  const { imageShape, count } = shapeOfImages(images);
  const [examples, ...columns] = labels.array.shape;
  if (columns.length > 1 || (columns[0] ?? 1) !== 1) {
    throw new BioflaxError(
      `${labels.where}: expected one class for each image, [n] or [n, 1], received ${showShape(labels.array.shape)}. ` +
        "Use a data set of classes; several labels for one image cannot be trained on from a file.",
    );
  }
  if (examples !== count) {
    throw new BioflaxError(
      `${labels.where}: expected ${count} labels, one for each image in ${images.where}, received ${showShape(labels.array.shape)}. ` +
        "Use images and labels that belong together.",
    );
  }
  return {
    examples: {
      inputs: pixelsOf(images),
      targets: classLabels(labels.array.values, labels.where, numbering),
      count,
    },
    imageShape,
  };
}

function shapeOfImages({ array: { shape }, where }: FoundArray): {
  imageShape: ImageShape;
  count: number;
} {
  const [count = 0, height = 0, width = 0, channels = 1] = shape;
  const isImages = (shape.length === 3 || shape.length === 4) && (channels === 1 || channels === 3);
  if (!isImages || shape.includes(0)) {
    const first = shape.length === 4 && (shape[1] === 1 || shape[1] === 3);
    throw new BioflaxError(
      `${where}: expected images, [n, height, width] or [n, height, width, channels] with one channel or three, ` +
        `received ${showShape(shape)}. ${first ? "Put the channels last." : "Use an array that holds images."}`,
    );
  }
  return { imageShape: [height, width, channels], count };
}

/** The pixels as bytes, which they may be in other types too. */
function pixelsOf({ array: { values }, where }: FoundArray): Uint8Array {
  if (values instanceof Uint8Array) return values;
  const wrong = values.findIndex(
    (value) => !(Number.isInteger(value) && value >= 0 && value <= 255),
  );
  if (wrong >= 0) {
    throw new BioflaxError(
      `${where}: expected pixels, whole numbers from 0 to 255, received ${values[wrong]}. ` +
        'Save them as they are before they are normalised, with array.astype("uint8").',
    );
  }
  return Uint8Array.from(values);
}
