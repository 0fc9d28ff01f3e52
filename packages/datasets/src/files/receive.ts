import { open } from "node:fs/promises";
import { BioflaxError } from "@bioflax/core";
import { unwritable } from "./failures";

/** What to ask for, and where to put it. */
export interface Transfer {
  readonly url: string;
  /** The file that what arrives is appended to. */
  readonly path: string;
  /** How many bytes of it are there already. */
  readonly from: number;
  /** How many there are to be. */
  readonly bytes: number;
  readonly signal?: AbortSignal | undefined;
  /** Told how many bytes there are by now. */
  readonly onBytes: (bytes: number) => void;
}

/**
 * Asks a server once for what is missing of a file; from one that knows no ranges the file comes from its start.
 *
 * What has arrived when the connection breaks is on the disk.
 *
 * @throws BioflaxError when the server answers with something else, or the file cannot be written; whatever `fetch`
 *   throws when the connection breaks.
 */
export async function receive({
  url,
  path,
  from,
  bytes,
  signal,
  onBytes,
}: Transfer): Promise<void> {
  const response = await fetch(url, {
    // A server that compresses on the way would send other bytes than those of the file.
    headers: { "accept-encoding": "identity", ...(from > 0 && { range: `bytes=${from}-` }) },
    ...(signal && { signal }),
  });
  const start = response.status === 206 ? from : 0;
  const { offered, mistake } = readOffer(response, start);
  if (mistake !== undefined || response.body === null || (offered ?? bytes) !== bytes) {
    await response.body?.cancel();
    throw new BioflaxError(
      `${url}: expected a file of ${bytes} bytes, received ${mistake ?? `one of ${offered ?? 0}`}.`,
    );
  }
  const file = await open(path, start > 0 ? "a" : "w").catch(unwritable(path));
  let there = start;
  try {
    for await (const chunk of response.body) {
      await file.appendFile(chunk).catch(unwritable(path));
      there += chunk.length;
      onBytes(there);
    }
  } finally {
    await file.sync().catch(unwritable(path));
    await file.close();
  }
}

/** How long a file a response is about, or why it is none of what was asked for. */
function readOffer(
  { status, headers }: Response,
  start: number,
): { offered?: number; mistake?: string } {
  if (status === 206) {
    const range = headers.get("content-range") ?? "";
    const [, first, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(range) ?? [];
    return Number(first) === start ? { offered: Number(total) } : { mistake: `the range ${range}` };
  }
  if (status !== 200) return { mistake: `the status ${status}` };
  const length = headers.get("content-length");
  return length === null ? {} : { offered: Number(length) };
}
