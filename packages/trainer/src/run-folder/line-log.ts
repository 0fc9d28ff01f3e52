import { type FileHandle, open } from "node:fs/promises";
import { writingFailed } from "./write-atomically";

/**
 * A text file that grows by whole lines.
 *
 * A line is one write, so a reader and a crash see it or do not; when the disk is full, what arrived of it is cut off
 * again.
 */
export class LineLog {
  #bytes = 0;

  private constructor(
    readonly path: string,
    private readonly file: FileHandle,
  ) {}

  /** Starts a new, empty file. @throws BioflaxError when it is there already or cannot be made. */
  static async create(path: string): Promise<LineLog> {
    try {
      return new LineLog(path, await open(path, "ax"));
    } catch (error) {
      throw writingFailed(path, error);
    }
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

  /** Brings everything to the disk and closes the file. */
  async close(): Promise<void> {
    try {
      await this.file.sync();
    } catch (error) {
      throw writingFailed(this.path, error);
    } finally {
      await this.file.close();
    }
  }
}
