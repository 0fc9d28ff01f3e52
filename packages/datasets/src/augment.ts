import { BioflaxError, Random, sizeOf } from "@bioflax/core";
import type { ImageShape } from "./dataset";

/** Options of {@link augment}. */
export interface AugmentOptions {
  /** Rows and columns of zeros around an image before it is cropped; 4 when left out. */
  readonly pad?: number;
  /** Whether half of the images are turned left to right; true when left out. */
  readonly flip?: boolean;
  /** Seed of the run. */
  readonly seed: number;
  /** Which epoch, counted from 0: each has draws of its own; 0 when left out. */
  readonly epoch?: number;
}

/**
 * Moves and mirrors images at random: pads each with zeros, crops it back to its size anywhere, and mirrors half of
 * them.
 *
 * What happens to an image depends on the seed, the epoch and its place among the images alone, so an interrupted run
 * resumes with the images it would have had. He, Zhang, Ren & Sun 2015, "Deep residual learning for image recognition",
 * section 4.2.
 *
 * @param images uint8 [count, height, width, channels], row-major.
 * @param imageShape [height, width, channels].
 * @returns images of the same layout, a copy.
 * @throws BioflaxError when the bytes are not whole images, the padding is not a whole number from 0, or the seed is
 *   not a whole number from 0.
 */
export function augment(
  images: Uint8Array,
  imageShape: ImageShape,
  { pad = 4, flip = true, seed, epoch = 0 }: AugmentOptions,
): Uint8Array {
  const [height, width, channels] = imageShape;
  const size = sizeOf(imageShape);
  if (images.length % size !== 0) {
    throw new BioflaxError(
      `augment: expected whole images of ${imageShape.join(" × ")} = ${size} bytes, received ${images.length} bytes. ` +
        "Give the shape of the images.",
    );
  }
  if (!Number.isSafeInteger(pad) || pad < 0) {
    throw new BioflaxError(`augment: expected "pad" to be a whole number from 0, received ${pad}.`);
  }
  const random = new Random(seed, "augment", epoch);
  const augmented = new Uint8Array(images.length);
  const rowBytes = width * channels;
  for (let start = 0; start < images.length; start += size) {
    // As many draws for every image, whatever is done with them: its own do not depend on the others'.
    const down = Math.floor(random.uniform() * (2 * pad + 1)) - pad;
    const right = Math.floor(random.uniform() * (2 * pad + 1)) - pad;
    const mirrored = random.uniform() < 0.5 && flip;
    // Columns [left, end) of a row come from the image, the others from the padding.
    const left = Math.max(0, -right);
    const end = Math.min(width, width - right);
    for (let row = Math.max(0, -down); row < Math.min(height, height - down); row++) {
      const from = start + (row + down) * rowBytes + right * channels;
      const to = start + row * rowBytes;
      if (mirrored) {
        for (let column = left; column < end; column++) {
          const source = from + column * channels;
          const target = to + (width - 1 - column) * channels;
          for (let c = 0; c < channels; c++) augmented[target + c] = images[source + c] as number;
        }
      } else if (left < end) {
        augmented.set(
          images.subarray(from + left * channels, from + end * channels),
          to + left * channels,
        );
      }
    }
  }
  return augmented;
}
