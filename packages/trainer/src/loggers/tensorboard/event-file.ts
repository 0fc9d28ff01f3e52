import { access, type FileHandle, open, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makeFolder } from "@bioflax/datasets/node";
import { writingFailed } from "@bioflax/runs/node";
import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { EventSchema, SessionLog_SessionStatus, type Summary_Value } from "../../proto/event_pb";
import { record } from "./record";

/** What readers know event files by, after the time, and the version of the format. */
const [MARK, FORMAT] = ["events.out.tfevents", "brain.Event:2"];

/**
 * One of TensorBoard's event files, which grows by whole records.
 *
 * A record is one write, so a reader and a crash see it or do not; when the disk is full, what arrived of it is cut off
 * again.
 */
export class EventFile {
  #bytes = 0;

  private constructor(
    readonly path: string,
    private readonly file: FileHandle,
  ) {}

  /**
   * Starts a new file beside those that are there, to be read after them.
   *
   * @param folder is made in the run folder if it is not there.
   * @param step what the files before say of this step and later ones is no longer valid.
   * @throws BioflaxError when it cannot be written.
   */
  static async start(folder: string, step: number): Promise<EventFile> {
    try {
      // A run folder that was removed meanwhile is not made anew.
      await access(dirname(folder));
      await makeFolder(folder);
      const path = join(folder, `${MARK}.${await nextTime(folder)}.bioflax`);
      const file = new EventFile(path, await open(path, "ax"));
      await file.#append({
        what: { case: "fileVersion", value: FORMAT },
        sourceMetadata: { writer: "bioflax" },
      });
      const status = SessionLog_SessionStatus.START;
      await file.#append({ step: BigInt(step), what: { case: "sessionLog", value: { status } } });
      return file;
    } catch (error) {
      throw writingFailed(folder, error);
    }
  }

  /** Adds what there is to say of a step. @throws BioflaxError when it cannot be written. */
  async append(step: number, values: readonly Summary_Value[]): Promise<void> {
    const value = { value: [...values] };
    try {
      await this.#append({ step: BigInt(step), what: { case: "summary", value } });
    } catch (error) {
      throw writingFailed(this.path, error);
    }
  }

  async #append(event: MessageInitShape<typeof EventSchema>): Promise<void> {
    const message = create(EventSchema, { wallTime: Date.now() / 1000, ...event });
    const bytes = record(toBinary(EventSchema, message));
    try {
      await this.file.writeFile(bytes);
    } catch (error) {
      await this.file.truncate(this.#bytes).catch(() => {});
      throw error;
    }
    this.#bytes += bytes.length;
  }

  /** Closes the file. */
  async close(): Promise<void> {
    await this.file.close();
  }
}

/**
 * The time in a new file's name, in seconds: after that of every file in the folder, for they are read in that order.
 */
async function nextTime(folder: string): Promise<number> {
  const times = (await readdir(folder)).map((name) =>
    Number(name.split(`${MARK}.`)[1]?.split(".")[0]),
  );
  const last = Math.max(0, ...times.filter(Number.isFinite));
  return Math.max(Math.floor(Date.now() / 1000), last + 1);
}
