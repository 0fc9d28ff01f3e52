import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { BioflaxError } from "@bioflax/core";
import { whyUnusable } from "./failures";
import { readRegularFile } from "./regular-file";

const unzip = promisify(gunzip);

/** What a file must hold to be the published one. */
export interface Published {
  /** SHA-256 in hex. */
  readonly sha256: string;
  /** What to do about a file that is another one, in a sentence. */
  readonly remedy: string;
}

/**
 * Reads a file whole, and unzips it if it is gzipped, whatever its name.
 *
 * @param path the file.
 * @param published what it must hold, unzipped; when left out, it may hold anything.
 * @returns the file's bytes, unzipped.
 * @throws BioflaxError when it cannot be read, is a damaged gzip file, or holds something else.
 */
export async function readBytes(path: string, published?: Published): Promise<Uint8Array> {
  const bytes = await readRegularFile(path).catch((error: Error) => {
    throw unreadable(path, error);
  });
  const contents = isGzip(bytes)
    ? await unzip(bytes).catch((error: Error) => {
        throw damagedGzip(path, error);
      })
    : bytes;
  if (published !== undefined) {
    checkDigest(path, createHash("sha256").update(contents).digest("hex"), published);
  }
  return contents;
}

/** Whether a file that starts with these bytes is gzipped. */
export function isGzip(start: Uint8Array): boolean {
  return start[0] === 0x1f && start[1] === 0x8b;
}

/** @throws BioflaxError unless what was received is the digest of the published file. */
export function checkDigest(path: string, received: string, { sha256, remedy }: Published): void {
  if (received !== sha256) {
    throw new BioflaxError(
      `${path}: expected the published file with SHA-256 ${sha256}, received ${received}. ${remedy}`,
    );
  }
}

/** The error to raise for a file that cannot be read. */
export function unreadable(path: string, error: Error): BioflaxError {
  const { code = "" } = error as NodeJS.ErrnoException;
  const permissions = code === "EACCES" || code === "EPERM" ? " and its permissions" : "";
  return new BioflaxError(
    `${path}: expected a readable file, but ${whyUnusable(error)}. Check the path${permissions}.`,
    { cause: error },
  );
}

/** The error to raise for a gzip file that cannot be unzipped. */
export function damagedGzip(path: string, error: Error): BioflaxError {
  return new BioflaxError(
    `${path}: expected an intact gzip file, received ${error.message}. Fetch the file again.`,
    { cause: error },
  );
}
