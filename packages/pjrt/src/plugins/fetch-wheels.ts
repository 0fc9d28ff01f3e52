import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { Wheel } from "./known-plugins";
import { PluginError } from "./plugin-error";
import type { OnProgress } from "./progress";
import { type Ran, runProgram } from "./run-program";

/** Marks a folder whose wheels are all there. */
const COMPLETE = ".complete";
/** A Python that wheels of today are made for. None is run: what is used of them are their libraries. */
const PYTHON_OF_WHEELS = "3.12";
const INTERVAL = 500;
/** How folders begin in which wheels are unpacked, before the number of the process that does. */
const UNFINISHED = "unfinished-";

/** Whether wheels were fetched into a folder, all of them. */
export const isComplete = (folder: string) => existsSync(join(folder, COMPLETE));

/** Wheels as pip's requirement files name them, each with the digests of its files. */
export const requirementsOf = (wheels: readonly Wheel[]): string =>
  wheels
    .map(({ name, version, digests }) =>
      [`${name}==${version}`, ...digests.map((digest) => `--hash=sha256:${digest}`)].join(" "),
    )
    .map((line) => `${line}\n`)
    .join("");

/**
 * Fetches wheels from PyPI, or the index pip is set up with, checks their digests and unpacks them into a folder.
 *
 * The folder appears with all of them or not at all. Where it is there already, nothing is done.
 *
 * @param room what they take on the disk while they are unpacked, in bytes.
 * @throws PluginError when there is no room, no network, or something else than what was pinned.
 */
export async function fetchWheels(
  python: string,
  wheels: readonly Wheel[],
  room: number,
  folder: string,
  onProgress: OnProgress = () => {},
): Promise<void> {
  if (isComplete(folder)) return;
  const parent = dirname(folder);
  mkdirSync(parent, { recursive: true });
  requireRoom(parent, room);
  removeUnfinished(parent);
  const staging = mkdtempSync(join(parent, `${UNFINISHED}${process.pid}-`));
  const temporary = join(staging, "temporary");
  mkdirSync(temporary);
  const requirements = join(staging, "requirements.txt");
  writeFileSync(requirements, requirementsOf(wheels));
  const watch = new Download(temporary, onProgress);
  try {
    const ran = await runProgram(
      python,
      [
        ...["-m", "pip", "install", "--target", join(staging, "wheels"), "--no-deps"],
        ...["--require-hashes", "--requirement", requirements],
        ...["--only-binary=:all:", "--python-version", PYTHON_OF_WHEELS, "--implementation", "cp"],
        ...["--no-compile", "--no-input", "--disable-pip-version-check", "--progress-bar", "off"],
        ...["--retries", "2"],
      ],
      // Where what is downloaded lies can be seen to grow.
      { env: { TMPDIR: temporary }, onLine: (line) => watch.line(line) },
    );
    if (ran?.status !== 0) throw fetchFailed(wheels, ran, parent);
    writeFileSync(join(staging, "wheels", COMPLETE), requirementsOf(wheels));
    // What an interrupted run of another version of this program may have left.
    rmSync(folder, { recursive: true, force: true });
    renameSync(join(staging, "wheels"), folder);
  } catch (error) {
    // Somebody else was quicker.
    if (!isComplete(folder)) throw error;
  } finally {
    watch.stop();
    rmSync(staging, { recursive: true, force: true });
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

function requireRoom(folder: string, room: number): void {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= room) return;
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
  throw new PluginError({
    fault: "space",
    reason: `There is too little room in ${folder}: ${gigabytes(bavail * bsize)}, and it takes ${gigabytes(room)}.`,
    remedy: MAKE_ROOM,
  });
}

const MAKE_ROOM = "Make room, or have the cache elsewhere (PJRT_CACHE).";

/** What went wrong, from what pip said. */
function fetchFailed(wheels: readonly Wheel[], ran: Ran | undefined, folder: string) {
  const what = wheels.map(({ name, version }) => `${name} ${version}`).join(", ");
  const said = (ran?.stderr ?? "").split("\n").filter((line) => /\S/.test(line));
  const error = said.findLast((line) => /^ERROR: /.test(line)) ?? said.at(-1) ?? "it said nothing";
  const words = error.replace(/^ERROR: /, "").replace(/[.\s]*$/, "");
  const all = said.join("\n");
  if (/No space left|Errno 28/.test(all))
    return new PluginError({
      fault: "space",
      reason: `The disk of ${folder} was full before ${what} was there.`,
      remedy: MAKE_ROOM,
    });
  if (/DO NOT MATCH THE HASHES|HashMismatch/i.test(all))
    return new PluginError({
      fault: "digest",
      reason: `What pip's package index gave as ${what} is not what this package was tried with: its SHA-256 is another.`,
      remedy: "Use PyPI itself or a mirror that leaves files as they are; nothing was installed.",
    });
  if (
    /NewConnectionError|NameResolution|Temporary failure|Timeout|timed out|ProxyError|SSLError|Connection(Reset|Refused|Error)|MaxRetryError/i.test(
      all,
    )
  )
    return new PluginError({
      fault: "network",
      reason: `pip could not reach its package index to get ${what} (${words}).`,
      remedy:
        "It needs PyPI or a mirror of it (`pip config set global.index-url URL`; behind a proxy, HTTPS_PROXY).",
    });
  if (/No matching distribution/.test(all))
    return new PluginError({
      fault: "platform",
      reason: `pip's package index has no ${what} for this machine (${words}).`,
      remedy: "A plugin that was got otherwise is loaded by its path.",
    });
  return new PluginError({
    fault: "network",
    reason: `pip could not install ${what} (${words}).`,
    remedy: "Run it again; `python3 -m pip` may need an update.",
  });
}

/** Tells how far pip's downloads have come: pip itself tells nothing where there is no terminal. */
class Download {
  readonly #timer: NodeJS.Timeout;
  #what = "";
  #total: number | undefined;

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
      ...(total !== undefined && { done: Math.min(bytesIn(this.folder), total), total }),
    });
  }
}

/** The size of all files in a folder that changes while it is looked at. */
function bytesIn(folder: string): number {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
      .map((name) => statSync(join(folder, name), { throwIfNoEntry: false }))
      .reduce((sum, entry) => sum + (entry?.isFile() ? entry.size : 0), 0);
  } catch {
    return 0;
  }
}
