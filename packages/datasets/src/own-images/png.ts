import { sentence } from "@bioflax/core";
import type { ImageShape } from "../dataset";
import { type InputArray, inputError } from "./input-array";
import { chunkProblem, pixelDataProblem } from "./png-data";

/** The signature and the chunk of the header. */
const HEADER_BYTES = 33;
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Whether bytes are those of a PNG file. */
export function isPng(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, place) => bytes[place] === byte);
}

/** Kinds of colours, by PNG's numbers, that are shades of grey: without and with transparency. */
const GREY = [0, 4];

/**
 * The shape of a picture as its header has it, [height, width, channels], one channel for grey and three for colours.
 *
 * @throws BioflaxError for a file that is no PNG, or ends before.
 */
export function pngShape(bytes: Uint8Array, name: string): ImageShape {
  if (!isPng(bytes) || bytes.length < HEADER_BYTES)
    throw inputError(
      name,
      "expected a PNG picture, received another kind of file. Convert it to PNG.",
    );
  return [...sizeOf(bytes), GREY.includes(bytes[25] as number) ? 1 : 3];
}

/** Rows and columns as the file's header has them. */
function sizeOf(bytes: Uint8Array): [rows: number, columns: number] {
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return [header.getUint32(20), header.getUint32(16)];
}

/**
 * A PNG picture as the pixels of one of the network's images, 0 to 255.
 *
 * Colours become grey by Rec. 601's weights where the network looks at grey images, and grey stands for all three
 * channels where it looks at coloured ones. Nothing is resized or inverted.
 *
 * @param image the shape of the network's images; undefined when it looks at none.
 * @throws BioflaxError for a network of other inputs, a picture of another size, transparent pixels or a broken file.
 */
export async function readPng(
  bytes: Uint8Array,
  name: string,
  image: ImageShape | undefined,
): Promise<InputArray> {
  if (image === undefined)
    throw inputError(
      name,
      "received a picture, but the network's inputs are no images. Give numbers, as .npy, .csv or .json.",
    );
  const [rows, columns, channels] = image;
  if (channels !== 1 && channels !== 3)
    throw inputError(
      name,
      `received a picture, but the network's images have ${channels} channels. Give them as .npy.`,
    );
  const damaged = (problem: string) =>
    inputError(name, `expected a whole PNG file, but ${sentence(problem)}`);
  if (bytes.length < HEADER_BYTES) throw damaged("its header is cut off");
  const [height, width] = sizeOf(bytes);
  // Asked before anything is decoded: a small file can claim to be a picture larger than memory.
  if (height !== rows || width !== columns)
    throw inputError(
      name,
      `expected a picture of ${rows} × ${columns} pixels (rows × columns), as the network was trained on, ` +
        `received ${height} × ${width}. Resize it; how is better decided by who knows what it shows.`,
    );
  const problem = chunkProblem(bytes) ?? pixelDataProblem(bytes);
  if (problem !== undefined) throw damaged(problem);
  const { PNG } = await import("pngjs");
  let pixels: Uint8Array;
  try {
    pixels = PNG.sync.read(Buffer.from(bytes)).data;
  } catch (error) {
    throw damaged((error as Error).message);
  }
  const values = new Uint8Array(rows * columns * channels);
  for (let place = 0; place < rows * columns; place++) {
    const [red, green, blue, alpha] = pixels.subarray(4 * place, 4 * place + 4) as unknown as [
      number,
      number,
      number,
      number,
    ];
    if (alpha !== 255)
      throw inputError(
        name,
        "expected opaque pixels, received transparent ones. Flatten the picture onto a background.",
      );
    if (channels === 3) values.set([red, green, blue], 3 * place);
    else values[place] = Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
  }
  return { shape: image, values };
}
