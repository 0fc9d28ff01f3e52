import { type FileHandle, open } from "node:fs/promises";
import { RunFolderError } from "@bioflax/runs";
import { readRunFile } from "./read-run-file";
import { writeAtomically, writingFailed } from "./write-atomically";

/**
 * A text file that grows by whole lines.
 *
 * A line is one write, so a reader sees it or does not; when the disk is full, what arrived of it is cut off again. A
 * process that is killed may leave a part of one, which {@link LineLog.continue} cuts off.
 */
export class LineLog {
  #bytes = 0;

  private constructor(
    readonly path: string,
    private readonly file: FileHandle,
    bytes: number,
  ) {
    this.#bytes = bytes;
  }

  /** Starts a new, empty file. @throws BioflaxError when it is there already or cannot be made. */
  static async create(path: string): Promise<LineLog> {
    try {
      return new LineLog(path, await open(path, "ax"), 0);
    } catch (error) {
      throw writingFailed(path, error);
    }
  }

  /**
   * Goes on in a file after its first bytes; the others are cut off.
   *
   * They are copied to a new file: a process that has the old one open, and doesn't know yet that the folder is ours,
   * adds to that.
   *
   * @throws BioflaxError when it cannot be written, or has fewer bytes.
   */
  static async continue(path: string, bytes: number): Promise<LineLog> {
    const before = await readRunFile(path);
    if (before === undefined || before.length < bytes)
      throw new RunFolderError(
        `${path}: expected at least ${bytes} bytes, but ${before === undefined ? "there is no such file" : `it has ${before.length}`}.`,
      );
    await writeAtomically(path, before.subarray(0, bytes));
    try {
      return new LineLog(path, await open(path, "a"), bytes);
    } catch (error) {
      throw writingFailed(path, error);
    }
  }

  /** How many bytes its lines have. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Adds a value as one line of JSON. @throws BioflaxError when it cannot be written. */
  async append(value: unknown): Promise<void> {
    const line = Buffer.from(`${JSON.stringify(value)}\n`);
    try {
      await this.file.writeFile(line);
    } catch (error) {
      await this.file.truncate(this.#bytes).catch(() => {});
      throw writingFailed(this.path, error);
    }
    this.#bytes += line.length;
  }

  /** Brings everything to the disk. @throws BioflaxError when that fails. */
  async sync(): Promise<void> {
    try {
      await this.file.sync();
    } catch (error) {
      throw writingFailed(this.path, error);
    }
  }

  /** Brings everything to the disk and closes the file. */
  async close(): Promise<void> {
    try {
      await this.sync();
    } finally {
      await this.file.close();
    }
  }
}
