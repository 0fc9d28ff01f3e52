import { createHash, randomUUID } from "node:crypto";
import { statSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import type { PjrtExecutable, PjrtPlugin } from "@bioflax/pjrt";
import type { Place } from "./place";

/** How many programs are kept; those that were used last. */
const KEPT = 256;
const ENDING = ".program";
const DIGEST_BYTES = 32;

const digest = (bytes: string | Uint8Array) => createHash("sha256").update(bytes).digest();

/** What compiling a program takes beside its text. */
type Target = Pick<Place, "client" | "device" | "xlaOptions">;

/** Compiles a program. */
export function compileText({ client, device, xlaOptions }: Target, text: string) {
  return client.compile(text, {
    ...(device !== undefined && { device }),
    ...(xlaOptions !== undefined && { xlaOptions }),
  });
}

/**
 * Compiled programs in a folder, so that the next run with the same program, options, plugin and machine need not wait
 * for XLA's compiler. A file that is broken, or that the plugin does not take, is made anew; where nothing can be
 * written, nothing is kept.
 */
export class ProgramCache {
  readonly #folder: string;
  readonly #library: string;

  /**
   * @param folder where to keep them, made when it is first needed.
   * @param plugin what compiles them.
   */
  constructor(folder: string, plugin: Pick<PjrtPlugin, "path">) {
    this.#folder = folder;
    const { size, mtimeMs } = statSync(plugin.path);
    this.#library = `${size} ${mtimeMs}`;
  }

  /** A program, compiled, or as it was when it last was. @throws PjrtError in the compiler's words. */
  async compile(target: Target, text: string): Promise<PjrtExecutable> {
    const file = join(this.#folder, this.#keyOf(target, text) + ENDING);
    const kept = await this.#read(file);
    if (kept !== undefined) {
      const executable = await target.client.deserialize(kept).catch(() => undefined);
      if (executable !== undefined) return executable;
    }
    const executable = await compileText(target, text);
    await this.#keep(file, executable).catch(() => {});
    return executable;
  }

  /** All that a compiled program depends on. */
  #keyOf({ client, device, xlaOptions }: Target, text: string): string {
    const { platformName, platformVersion } = client;
    const { kind, id } = device ?? client.devices[0] ?? {};
    const { XLA_FLAGS, PJRT_NPROC, NPROC } = process.env;
    const machine = [cpus()[0]?.model, availableParallelism(), XLA_FLAGS, PJRT_NPROC, NPROC];
    const all = [text, xlaOptions, this.#library, platformName, platformVersion, kind, id, machine];
    return digest(JSON.stringify(all)).toString("hex");
  }

  async #read(file: string): Promise<Uint8Array | undefined> {
    const bytes = await readFile(file).catch(() => undefined);
    const program = bytes?.subarray(DIGEST_BYTES);
    if (!bytes || !program || !digest(program).equals(bytes.subarray(0, DIGEST_BYTES)))
      return undefined;
    const now = new Date();
    await utimes(file, now, now).catch(() => {});
    return program;
  }

  /** Writes a program whole or not at all, its digest before it. */
  async #keep(file: string, executable: PjrtExecutable): Promise<void> {
    const program = executable.serialize();
    await mkdir(this.#folder, { recursive: true });
    const unfinished = `${file}.${randomUUID()}`;
    try {
      await writeFile(unfinished, Buffer.concat([digest(program), program]));
      await rename(unfinished, file);
    } finally {
      await rm(unfinished, { force: true });
    }
    await this.#dropOldest();
  }

  async #dropOldest(): Promise<void> {
    const names = (await readdir(this.#folder)).filter((name) => name.endsWith(ENDING));
    if (names.length <= KEPT) return;
    const used = await Promise.all(
      names.map(async (name) => {
        const file = join(this.#folder, name);
        return { file, at: (await stat(file)).mtimeMs };
      }),
    );
    used.sort((a, b) => b.at - a.at);
    await Promise.all(used.slice(KEPT).map(({ file }) => rm(file, { force: true })));
  }
}
