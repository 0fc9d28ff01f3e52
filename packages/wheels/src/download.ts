import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { OnProgress } from "./progress";

const INTERVAL = 500;

/** Tells how far pip's downloads have come: pip itself tells nothing where there is no terminal. */
export class Download {
  readonly #timer: NodeJS.Timeout;
  #what = "";
  #total: number | undefined;

  /** @param folder where pip has its temporary files. */
  constructor(
    private readonly folder: string,
    private readonly onProgress: OnProgress,
  ) {
    this.#timer = setInterval(() => this.#tell(), INTERVAL);
  }

  /** Reads what pip says it does. */
  line(line: string): void {
    const [, file, size, unit] =
      /^\s*(?:Downloading|Using cached) (\S+)(?: \(([\d.]+) (kB|MB|GB)\))?/.exec(line) ?? [];
    if (file !== undefined) {
      this.#what = `downloads ${file.split("/").at(-1)}`;
      const bytes = { kB: 1e3, MB: 1e6, GB: 1e9 }[unit as "MB"];
      this.#total = bytes === undefined ? undefined : Number(size) * bytes;
      this.#tell();
    } else if (/^Installing collected packages/.test(line)) {
      this.#what = "unpacks what it downloaded";
      this.#total = undefined;
      this.#tell();
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tell(): void {
    if (this.#what === "") return;
    const total = this.#total;
    this.onProgress({
      what: this.#what,
      ...(total !== undefined && { done: Math.min(total, newestWheel(this.folder)), total }),
    });
  }
}

/** The size of the wheel that was begun last, in a folder of pip's. */
function newestWheel(folder: string): number {
  try {
    const wheels = readdirSync(folder)
      .filter((name) => name.startsWith("pip-unpack"))
      .flatMap((name) => readdirSync(join(folder, name)).map((file) => join(folder, name, file)))
      .filter((file) => file.endsWith(".whl"))
      .map((file) => statSync(file))
      .sort((a, b) => b.birthtimeMs - a.birthtimeMs);
    return wheels[0]?.size ?? 0;
  } catch {
    // pip took it away meanwhile.
    return 0;
  }
}
