import { BioflaxError } from "@bioflax/core";

/** A file in an archive. */
export interface ArchivedFile {
  /** Its path in the archive. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

const BLOCK = 512;
const FETCH_AGAIN = "Fetch the file again.";

/**
 * Reads the files of a tar archive as they come by.
 *
 * The format (POSIX.1-1988, "ustar"): for each member a header of 512 bytes, then its contents, filled up to a multiple
 * of 512 bytes; two blocks of zeros at the end. Names longer than a header holds are not known here.
 *
 * @param chunks the archive, not compressed, cut anywhere. It is read to its end.
 * @param where the archive's path, for errors.
 * @param wanted whether a file is to be read; any other, and all that is no file, is passed over.
 * @throws BioflaxError when the bytes are no tar archive, or end too early.
 */
export async function* readTar(
  chunks: AsyncIterable<Uint8Array>,
  where: string,
  wanted: (path: string) => boolean,
): AsyncGenerator<ArchivedFile, void> {
  const source = new ByteSource(chunks);
  for (;;) {
    const block = await source.take(BLOCK);
    // Some writers leave the two blocks of zeros out.
    if (block.length === 0 || block.every((byte) => byte === 0)) break;
    const { path, size, isFile } = readHeader(block, where);
    const filling = (BLOCK - (size % BLOCK)) % BLOCK;
    if (isFile && wanted(path)) {
      const bytes = await source.take(size);
      if (bytes.length < size) throw truncated(where, path, size, bytes.length);
      yield { path, bytes };
    } else {
      const passed = await source.skip(size);
      if (passed < size) throw truncated(where, path, size, passed);
    }
    await source.skip(filling);
  }
  await source.skip(Number.POSITIVE_INFINITY);
}

function truncated(where: string, path: string, size: number, received: number): BioflaxError {
  return new BioflaxError(
    `${where}: expected ${size} bytes of ${path}, received ${received}: the archive is truncated. ${FETCH_AGAIN}`,
  );
}

/** What a header says of its member. */
function readHeader(block: Uint8Array, where: string) {
  const text = (from: number, length: number) =>
    Buffer.from(block.subarray(from, from + length))
      .toString("latin1")
      .split("\0", 1)[0] as string;
  const octal = (from: number, length: number) => {
    const digits = text(from, length).trim();
    return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : undefined;
  };
  // The sum of the header's bytes, with spaces for the sum itself.
  const sum = block.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  const size = octal(124, 12);
  if (block.length < BLOCK || octal(148, 8) !== sum || size === undefined) {
    throw new BioflaxError(
      `${where}: expected a tar archive, whose every member has a header with its checksum, received something else. ${FETCH_AGAIN}`,
    );
  }
  const prefix = text(257, 6) === "ustar" ? text(345, 155) : "";
  const type = text(156, 1);
  return {
    path: prefix === "" ? text(0, 100) : `${prefix}/${text(0, 100)}`,
    size,
    isFile: type === "0" || type === "",
  };
}

/** Bytes that come in chunks, taken in pieces of another size. */
class ByteSource {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array();

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** The next `length` bytes, or what is left of them. */
  async take(length: number): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    await this.#pass(length, (piece) => pieces.push(piece));
    return pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces);
  }

  /** Passes over the next `length` bytes, or what is left of them. @returns how many they were. */
  skip(length: number): Promise<number> {
    return this.#pass(length, () => {});
  }

  async #pass(length: number, receive: (piece: Uint8Array) => void): Promise<number> {
    let passed = 0;
    while (passed < length) {
      if (this.#chunk.length === 0) {
        const next = await this.#chunks.next();
        if (next.done) break;
        this.#chunk = next.value;
      }
      const piece = this.#chunk.subarray(0, length - passed);
      this.#chunk = this.#chunk.subarray(piece.length);
      passed += piece.length;
      if (piece.length > 0) receive(piece);
    }
    return passed;
  }
}
