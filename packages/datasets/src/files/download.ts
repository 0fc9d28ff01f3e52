import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { BioflaxError } from "@bioflax/core";
import type { DownloadOptions } from "./download-options";
import { reasonOf, unwritable } from "./failures";
import { withLock } from "./lock";
import { makeFolder } from "./make-folder";
import { receive } from "./receive";

/** A file as it is published. */
export interface PublishedFile {
  /** What it is called, there and in the cache. */
  readonly name: string;
  readonly bytes: number;
  /** SHA-256 in hex. */
  readonly sha256: string;
}

/**
 * Downloads a file into a folder, unless it is there.
 *
 * It arrives in `<name>.part`, is checked, and only then gets its name. An interrupted download is resumed, by this
 * process or a later one; of several processes that want the file, one downloads it and the others wait.
 *
 * @param baseUrl where it is published, to the last slash.
 * @param folder where to put it; created when it is not there.
 * @returns the file's path.
 * @throws BioflaxError when it cannot be had from there, is not what it should be, or cannot be written; the signal's
 *   reason when that comes.
 */
export async function download(
  file: PublishedFile,
  baseUrl: string,
  folder: string,
  { signal, onDownload }: DownloadOptions = {},
): Promise<string> {
  const path = join(folder, file.name);
  if ((await sizeOf(path)) !== undefined) return path;
  await makeFolder(folder).catch(unwritable(folder));
  const part = `${path}.part`;
  const onBytes = (received: number) =>
    onDownload?.({ name: file.name, received, total: file.bytes });
  const onWait = async () => onBytes((await sizeOf(part)) ?? 0);
  await withLock(
    `${path}.lock`,
    async () => {
      if ((await sizeOf(path)) !== undefined) return;
      const url = baseUrl + file.name;
      const resumed = (await sizeOf(part)) !== undefined;
      let received = await complete(file, { url, path: part, signal, onBytes });
      // What an earlier download left may be of another file, or damaged: once more, from the start.
      if (received !== file.sha256 && resumed) {
        await rm(part, { force: true });
        received = await complete(file, { url, path: part, signal, onBytes });
      }
      if (received !== file.sha256) {
        await rm(part, { force: true });
        throw new BioflaxError(
          `${url}: expected the published file with SHA-256 ${file.sha256}, received ${received}.`,
        );
      }
      await rename(part, path).catch(unwritable(path));
    },
    { signal, onWait },
  );
  return path;
}

/**
 * Receives what is missing of a file, as often as the connection breaks, as long as every attempt gets further.
 *
 * @returns SHA-256 of what is there then.
 */
async function complete(
  { bytes }: PublishedFile,
  transfer: {
    url: string;
    path: string;
    signal: AbortSignal | undefined;
    onBytes: (bytes: number) => void;
  },
): Promise<string> {
  const { url, path, signal } = transfer;
  let from = (await sizeOf(path)) ?? 0;
  let furthest = from;
  while (from < bytes) {
    const failure = await receive({ ...transfer, from, bytes }).catch((error: unknown) => {
      signal?.throwIfAborted();
      if (error instanceof BioflaxError) throw error;
      return error;
    });
    from = (await sizeOf(path)) ?? 0;
    if (from <= furthest) {
      const reason = failure === undefined ? "the connection was closed" : reasonOf(failure);
      throw new BioflaxError(
        `${url}: expected to receive ${bytes} bytes, but ${reason} after ${from} of them.`,
        { cause: failure },
      );
    }
    furthest = from;
  }
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest("hex");
}

/** A file's length, or undefined when there is no such file. */
async function sizeOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.size;
}
