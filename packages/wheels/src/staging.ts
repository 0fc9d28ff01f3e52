import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

/** How folders begin that something is made in, before the number of the process that does. */
const UNFINISHED = "unfinished-wheels-";

/** A folder beside the one that something is made for, which goes whatever happens. */
export class Staging {
  readonly path: string;

  /** @param parent the folder it is made in, where what processes left that are no more is removed. */
  constructor(parent: string) {
    removeUnfinished(parent);
    this.path = mkdtempSync(join(parent, `${UNFINISHED}${process.pid}-`));
  }

  /** A new folder in it. */
  folder(name: string): string {
    const folder = join(this.path, name);
    mkdirSync(folder);
    return folder;
  }

  /** Puts a folder made in it at its place; what is there stays if that fails. */
  place(made: string, place: string): void {
    const before = join(this.path, "before");
    if (existsSync(place)) renameSync(place, before);
    try {
      renameSync(made, place);
    } catch (error) {
      if (existsSync(before)) renameSync(before, place);
      throw error;
    }
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Removes what processes left that were ended on the way. */
function removeUnfinished(folder: string): void {
  for (const name of readdirSync(folder)) {
    const [, pid] = new RegExp(`^${UNFINISHED}(\\d+)-`).exec(name) ?? [];
    if (pid !== undefined && !isRunning(Number(pid)))
      rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
