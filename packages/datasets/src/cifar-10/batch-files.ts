import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { BioflaxError } from "@bioflax/core";
import { checkDigest, damagedGzip, isGzip, type Published, unreadable } from "../files/read-file";
import { readTar } from "../files/tar";

/** The files of the binary version with training images, in their order. */
export const trainBatches = [
  "data_batch_1.bin",
  "data_batch_2.bin",
  "data_batch_3.bin",
  "data_batch_4.bin",
  "data_batch_5.bin",
] as const;
/** The one with test images. */
export const testBatch = "test_batch.bin";

const batchNames = [...trainBatches, testBatch] as const;

/** What was made of each of the six. */
export type Batches<B> = { readonly [N in (typeof batchNames)[number]]: B };

/** Makes something of a file. @param where its path, for errors. */
type ReadBatch<B> = (bytes: Uint8Array, where: string) => B;

const FOLDER = "cifar-10-batches-bin";
/** What the archive is called; a browser may have unzipped it. */
const archiveNames = ["cifar-10-binary.tar.gz", "cifar-10-binary.tar"];

/**
 * Reads the six files, from wherever they are.
 *
 * @param place the archive, or a folder with the files, with their own folder or with the archive.
 * @param read what to make of each.
 * @param published what the archive must be; when left out, any with such files will do.
 * @throws BioflaxError when they are not all there, or cannot be read; whatever `read` throws.
 */
export async function readBatchFiles<B>(
  place: string,
  read: ReadBatch<B>,
  published?: Published,
): Promise<Batches<B>> {
  const info = await stat(place).catch((error: Error) => {
    throw new BioflaxError(
      `${place}: expected a folder with CIFAR-10, or its archive, received ${error.message}. Check the path.`,
      { cause: error },
    );
  });
  if (!info.isDirectory()) return readArchive(place, read, published);
  const present = await readdir(place);
  if (batchNames.some((name) => present.includes(name))) return readFolder(place, present, read);
  if (present.includes(FOLDER)) return readBatchFiles(join(place, FOLDER), read);
  const archive = archiveNames.find((name) => present.includes(name));
  if (archive !== undefined) return readArchive(join(place, archive), read, published);
  const places = `${batchNames.join(", ")}, or ${FOLDER} or ${archiveNames[0]} with them`;
  throw missing(place, places, present);
}

async function readFolder<B>(
  folder: string,
  present: readonly string[],
  read: ReadBatch<B>,
): Promise<Batches<B>> {
  const batches = new Map<string, B>();
  checkAllThere(folder, (name) => present.includes(name), present);
  for (const name of batchNames) {
    const path = join(folder, name);
    const bytes = await readFile(path).catch((error: Error) => {
      throw unreadable(path, error);
    });
    batches.set(name, read(bytes, path));
  }
  return Object.fromEntries(batches) as Batches<B>;
}

/** Reads the files as they come out of the archive, one at a time: unpacked, they are 184 MB. */
async function readArchive<B>(
  path: string,
  read: ReadBatch<B>,
  published?: Published,
): Promise<Batches<B>> {
  const batches = new Map<string, B>();
  const others: string[] = [];
  const isBatch = (member: string) => {
    const found = (batchNames as readonly string[]).includes(basename(member));
    if (!found) others.push(member);
    return found;
  };
  const unpacking = async (chunks: AsyncIterable<Uint8Array>) => {
    for await (const { path: member, bytes } of readTar(chunks, path, isBatch))
      batches.set(basename(member), read(bytes, `${path}, ${member}`));
  };
  const sha256 = await stream(path, unpacking);
  checkAllThere(path, (name) => batches.has(name), [...batches.keys(), ...others]);
  if (published !== undefined) checkDigest(path, sha256, published);
  return Object.fromEntries(batches) as Batches<B>;
}

/** Streams a file, unzipped if it is gzipped, to someone. @returns the SHA-256 of the file as it is. */
async function stream(
  path: string,
  to: (chunks: AsyncIterable<Uint8Array>) => Promise<void>,
): Promise<string> {
  const hash = createHash("sha256");
  const hashing = async function* (chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      hash.update(chunk);
      yield chunk;
    }
  };
  try {
    const source = createReadStream(path, { highWaterMark: 1 << 20 });
    if (await startsGzipped(path))
      await pipeline(source, hashing, createGunzip({ chunkSize: 1 << 20 }), to);
    else await pipeline(source, hashing, to);
  } catch (error) {
    if (error instanceof BioflaxError) throw error;
    const { code = "" } = error as NodeJS.ErrnoException;
    throw (code.startsWith("Z_") ? damagedGzip : unreadable)(path, error as Error);
  }
  return hash.digest("hex");
}

async function startsGzipped(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(2), 0, 2);
    return isGzip(buffer);
  } finally {
    await file.close();
  }
}

function checkAllThere(
  where: string,
  isThere: (name: string) => boolean,
  present: readonly string[],
): void {
  const lacking = batchNames.filter((name) => !isThere(name));
  if (lacking.length > 0) throw missing(where, lacking.join(", "), present);
}

/** The error to raise where something is missing, with the first few things that are there. */
function missing(where: string, expected: string, present: readonly string[]): BioflaxError {
  const few = present.slice(0, 8).join(", ") + (present.length > 8 ? ", …" : "");
  return new BioflaxError(
    `${where}: expected ${expected}, received ${few || "nothing"}. Use the binary version of CIFAR-10, whole.`,
  );
}
