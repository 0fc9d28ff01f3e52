import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { BioflaxError } from "@bioflax/core";
import { whyUnusable } from "../files/failures";
import { listFolder } from "../files/own-folder";
import { checkDigest, damagedGzip, isGzip, type Published, unreadable } from "../files/read-file";
import { readRegularFile } from "../files/regular-file";
import { readTar } from "../files/tar";

/** Files that are published in an archive, in a folder of their own there. */
export interface ArchivedFiles {
  /** What they are a version of: `CIFAR-10`. */
  readonly title: string;
  readonly names: readonly string[];
  readonly folder: string;
  /** What the archive is called; a browser may have unzipped it, which leaves `.gz` out. */
  readonly archive: string;
  /** Where the archive is published, to the last slash. */
  readonly baseUrl: string;
}

/** Makes something of a file. @param where its path, for errors. */
type ReadFile<B> = (bytes: Uint8Array, where: string) => B;

/**
 * Reads the files, from wherever they are.
 *
 * @param place the archive, or a folder with the files, with their own folder or with the archive.
 * @param read what to make of each.
 * @param published what the archive must be; when left out, any with such files will do.
 * @returns what was made of each, in the order of their names.
 * @throws BioflaxError when they are not all there, or cannot be read; whatever `read` throws.
 */
export async function readArchivedFiles<B>(
  place: string,
  files: ArchivedFiles,
  read: ReadFile<B>,
  published?: Published,
): Promise<B[]> {
  const { title, names, folder, archive } = files;
  const info = await stat(place).catch((error: NodeJS.ErrnoException) => {
    throw new BioflaxError(
      `${place}: expected a folder with ${title}, or its archive, but ${whyUnusable(error)}. ` +
        `Check the path. ${useBinaryVersion(files)}`,
      { cause: error },
    );
  });
  if (!info.isDirectory()) return readArchive(place, files, read, published);
  const present = await listFolder(place, title, useBinaryVersion(files));
  if (names.some((name) => present.includes(name))) return readFolder(place, present, files, read);
  if (present.includes(folder)) return readArchivedFiles(join(place, folder), files, read);
  const found = [archive, archive.replace(/\.gz$/, "")].find((name) => present.includes(name));
  if (found !== undefined) return readArchive(join(place, found), files, read, published);
  throw missing(place, `${names.join(", ")}, or ${folder} or ${archive} with them`, present, files);
}

async function readFolder<B>(
  folder: string,
  present: readonly string[],
  files: ArchivedFiles,
  read: ReadFile<B>,
): Promise<B[]> {
  checkAllThere(folder, (name) => present.includes(name), present, files);
  const made: B[] = [];
  for (const name of files.names) {
    const path = join(folder, name);
    const bytes = await readRegularFile(path).catch((error: Error) => {
      throw unreadable(path, error);
    });
    made.push(read(bytes, path));
  }
  return made;
}

/** Reads the files as they come out of the archive, one at a time: unpacked, they are 184 MB. */
async function readArchive<B>(
  path: string,
  files: ArchivedFiles,
  read: ReadFile<B>,
  published?: Published,
): Promise<B[]> {
  const made = new Map<string, B>();
  const others: string[] = [];
  const isWanted = (member: string) => {
    const found = files.names.includes(basename(member));
    if (!found) others.push(member);
    return found;
  };
  const unpacking = async (chunks: AsyncIterable<Uint8Array>) => {
    for await (const { path: member, bytes } of readTar(chunks, path, isWanted))
      made.set(basename(member), read(bytes, `${path}, ${member}`));
  };
  const sha256 = await stream(path, unpacking);
  checkAllThere(path, (name) => made.has(name), [...made.keys(), ...others], files);
  if (published !== undefined) checkDigest(path, sha256, published);
  return files.names.map((name) => made.get(name) as B);
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
  files: ArchivedFiles,
): void {
  const lacking = files.names.filter((name) => !isThere(name));
  if (lacking.length > 0) throw missing(where, lacking.join(", "), present, files);
}

const useBinaryVersion = ({ title, archive, baseUrl }: ArchivedFiles) =>
  `Use the binary version of ${title}, whole: ${archive} from ${baseUrl}.`;

/** The error to raise where something is missing, with the first few things that are there. */
function missing(
  where: string,
  expected: string,
  present: readonly string[],
  files: ArchivedFiles,
): BioflaxError {
  const few = present.slice(0, 8).join(", ") + (present.length > 8 ? ", …" : "");
  return new BioflaxError(
    `${where}: expected ${expected}, received ${few || "nothing"}. ${useBinaryVersion(files)}`,
  );
}
