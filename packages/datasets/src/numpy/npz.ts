import type { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import { BioflaxError } from "@bioflax/core";
import { type Entry, openPromise, type ZipFile } from "yauzl";
import { unreadable } from "../files/read-file";
import { openRegularFile } from "../files/regular-file";
import { type NpyArray, parseNpy } from "./npy";

/** The most bytes one array of an archive may have: what a typed array of Node.js holds for sure. */
const MOST = 2 ** 32 - 1;

/**
 * Reads arrays of a NumPy `.npz` file, a ZIP archive of `.npy` files, compressed or not.
 *
 * @param path the file.
 * @param wanted which arrays, by their names without `.npy`; all when left out.
 * @returns the arrays it has of those, by name, and the names of all it has.
 * @throws BioflaxError when it cannot be read, is no whole ZIP archive, or an array in it is damaged or no array of
 *   numbers.
 */
export async function readNpz(
  path: string,
  wanted: (name: string) => boolean = () => true,
): Promise<{ arrays: ReadonlyMap<string, NpyArray>; names: readonly string[] }> {
  const arrays = new Map<string, NpyArray>();
  const names: string[] = [];
  await checkSignature(path);
  try {
    const archive = await openPromise(path, { lazyEntries: true });
    for await (const entry of archive.eachEntry()) {
      const name = entry.fileName.replace(/\.npy$/, "");
      names.push(name);
      if (wanted(name)) {
        const where = `${path}, ${entry.fileName}`;
        arrays.set(name, parseNpy(await contentsOf(archive, entry, where), where));
      }
    }
  } catch (error) {
    if (error instanceof BioflaxError) throw error;
    if (isFromSystem(error)) throw unreadable(path, error);
    throw damaged(path, `it is cut off or damaged (${withoutStop(error as Error)})`, error);
  }
  return { arrays, names };
}

/** @throws BioflaxError where a file does not begin as ZIP archives do, or is none. */
async function checkSignature(path: string): Promise<void> {
  const start = Buffer.alloc(2);
  const file = await openRegularFile(path).catch((error: Error) => {
    throw unreadable(path, error);
  });
  try {
    const { bytesRead } = await file.read(start);
    if (bytesRead === 0) throw damaged(path, "it is empty");
    if (start.toString("latin1") !== "PK") throw damaged(path, "it is another kind of file");
  } finally {
    await file.close();
  }
}

/** An error's message, for within a sentence. */
const withoutStop = ({ message }: Error) => message.replace(/\.$/, "");

/** The bytes of a file in an archive, as many as it says, with its CRC-32, which the library leaves to its callers. */
async function contentsOf(archive: ZipFile, entry: Entry, where: string): Promise<Uint8Array> {
  const { uncompressedSize: size } = entry;
  if (size > MOST) {
    throw new BioflaxError(
      `${where}: expected at most ${MOST} bytes, received ${size}. Use a smaller version of the data set.`,
    );
  }
  const stream: Readable = await archive.openReadStreamPromise(entry);
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk as Uint8Array);
  const bytes = Buffer.concat(chunks);
  if (crc32(bytes) !== entry.crc32) throw damaged(where, "its checksum is another");
  return bytes;
}

function isFromSystem(error: unknown): error is NodeJS.ErrnoException {
  return typeof (error as NodeJS.ErrnoException).syscall === "string";
}

function damaged(where: string, why: string, cause?: unknown): BioflaxError {
  return new BioflaxError(
    `${where}: expected an intact .npz file, a ZIP archive of NumPy's arrays, but ${why}. Fetch or save the file again.`,
    { cause },
  );
}
