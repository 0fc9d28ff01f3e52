import { BioflaxError } from "@bioflax/core";
import { readBytes } from "../files/read-file";
import type { LabelledImages } from "../image-set";
import { findIdxFile, type IdxFileName, type IdxFolder } from "./folder";
import { type IdxArray, parseIdx } from "./idx";

/** An idx file read and parsed, with the path it came from. */
type IdxFile = IdxArray & { readonly path: string };

/**
 * Reads one half of a data set of the MNIST layout: `<part>-images-idx3-ubyte` and `<part>-labels-idx1-ubyte`.
 *
 * @param folder where the files are.
 * @param part which half.
 * @throws BioflaxError when a file is missing or damaged, or the two do not belong together.
 */
export async function readLabelledImages(
  folder: IdxFolder,
  part: "train" | "t10k",
): Promise<LabelledImages> {
  const [images, labels] = await Promise.all([
    readIdxFile(folder, `${part}-images-idx3-ubyte`, 3),
    readIdxFile(folder, `${part}-labels-idx1-ubyte`, 1),
  ]);
  const [count, rows, columns] = images.shape as [number, number, number];
  if (count !== labels.shape[0]) {
    throw new BioflaxError(
      `${labels.path}: expected ${count} labels, one for each image in ${images.path}, received ${labels.shape[0]}. ` +
        "Use an images file and a labels file that belong together.",
    );
  }
  if (count * rows * columns === 0) {
    throw new BioflaxError(
      `${images.path}: expected at least one image of at least one pixel, received shape [${images.shape.join(", ")}]. ` +
        "Use a file that holds images.",
    );
  }
  return {
    examples: { inputs: images.values, targets: classLabels(labels), count },
    imageShape: [rows, columns, 1],
  };
}

/** Reads a file and checks how many axes it has. */
async function readIdxFile(folder: IdxFolder, name: IdxFileName, axes: 1 | 3): Promise<IdxFile> {
  const path = await findIdxFile(folder, name);
  const sha256 = folder.digests?.[name];
  const bytes = await readBytes(path, sha256 === undefined ? undefined : { ...folder, sha256 });
  // Asked before the rest is read, or pixels would be taken for extents.
  if (bytes[2] === 8 && bytes[3] !== axes) {
    throw new BioflaxError(
      `${path}: expected ${axes === 3 ? "images, [count, rows, columns]" : "labels, [count]"}, whose fourth byte is ${axes}, ` +
        `the number of axes, received ${bytes[3]}. Check that the file is whole and has the right name.`,
    );
  }
  return { ...parseIdx(bytes, path), path };
}

/** The labels as int32, each checked to be one of the ten classes. */
function classLabels({ values, path }: IdxFile): Int32Array {
  const wrong = values.findIndex((label) => label > 9);
  if (wrong !== -1) {
    throw new BioflaxError(
      `${path}: expected labels from 0 to 9, received ${values[wrong]} for example ${wrong}. ` +
        "Use a data set with ten classes.",
    );
  }
  return new Int32Array(values);
}
