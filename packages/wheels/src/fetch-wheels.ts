import { existsSync, mkdirSync, readFileSync, statfsSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Download } from "./download";
import { pipFailure } from "./pip-failure";
import type { OnProgress } from "./progress";
import { findPip } from "./python";
import { runProgram } from "./run-program";
import { Staging } from "./staging";
import { keepUsers } from "./users";
import { arePinned, checkWheels, nameOf, requirementsOf, type Wheel } from "./wheel";
import { WheelError, type WheelFault } from "./wheel-error";

/** How wheels are fetched. */
export interface FetchOptions {
  /** The command of a Python whose pip is used; when left out, the active environment's, `python3` or `python`. */
  readonly python?: string | undefined;
  /** Says which environment is active; the process's own when left out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Whether to fetch what they depend on, too, in whichever version fits; false when left out. */
  readonly dependencies?: boolean;
  /** Room they take on the disk while they are unpacked, in bytes; 0, for whatever it is, when left out. */
  readonly room?: number;
  readonly onProgress?: OnProgress;
  /**
   * What to say of a fault in place of its usual remedy, which is given without its full stop: ``{ python: (usual) =>
   * `${usual}, or name another Python with --python.` }``.
   */
  readonly remedies?: Remedies;
}

/** What to do about a fault, made of what is usually said. */
export type Remedies = { readonly [F in WheelFault]?: (usual: string) => string };

/** Marks a folder whose wheels are all there, and has what they are. */
const COMPLETE = ".complete";
/** A Python that wheels of today are made for. None is run: what is used of them are their libraries and programs. */
const PYTHON_OF_WHEELS = "3.12";

/**
 * Whether wheels were fetched into a folder, all of them.
 *
 * @param wheels which; whichever, when left out.
 */
export function hasWheels(folder: string, wheels?: readonly Wheel[]): boolean {
  const mark = join(folder, COMPLETE);
  if (!existsSync(mark)) return false;
  return wheels === undefined || readFileSync(mark, "utf8") === requirementsOf(wheels);
}

/**
 * Fetches wheels from PyPI, or the index pip is set up with, checks their digests and unpacks them into a folder.
 *
 * The folder has all of them or stays as it was, whatever happens on the way; what else is in it goes. Where just these
 * were fetched into it before, nothing is done. Several processes may do it at once.
 *
 * @throws WheelError for what is in the way: no pip, no room, no network, no such wheel for this machine, or another
 *   file than was pinned.
 * @example
 * await fetchWheels([{ name: "ninja", version: "1.13.0" }], "tools/ninja-1.13.0");
 */
export async function fetchWheels(
  wheels: readonly Wheel[],
  folder: string,
  { remedies = {}, ...options }: FetchOptions = {},
): Promise<void> {
  try {
    await fetchAll(wheels, resolve(folder), options);
  } catch (cause) {
    const error = isOfDisk(cause) ? notMade(folder, cause) : cause;
    if (!(error instanceof WheelError)) throw error;
    const { fault, reason, remedy } = error;
    const own = remedies[fault];
    if (own === undefined) throw error;
    throw new WheelError(
      { fault, reason, remedy: own(remedy.replace(/\.$/, "")) },
      { cause: error.cause },
    );
  }
}

async function fetchAll(
  wheels: readonly Wheel[],
  folder: string,
  {
    python,
    env = process.env,
    dependencies = false,
    room = 0,
    onProgress = () => {},
  }: Omit<FetchOptions, "remedies">,
): Promise<void> {
  checkWheels(wheels, dependencies);
  const [first] = wheels;
  if (first === undefined || hasWheels(folder, wheels)) return;
  onProgress({ what: `fetches ${nameOf(first)} from PyPI` });
  const pip = await findPip(python, env, nameOf(first));
  const parent = dirname(folder);
  mkdirSync(parent, { recursive: true });
  requireRoom(parent, room);
  const staging = new Staging(parent);
  const temporary = staging.folder("temporary");
  const made = staging.folder("wheels");
  const requirements = join(staging.path, "requirements.txt");
  writeFileSync(requirements, requirementsOf(wheels));
  const watch = new Download(temporary, onProgress);
  try {
    const ran = await runProgram(
      pip,
      [
        ...["-m", "pip", "install", "--target", made, "--requirement", requirements],
        ...(dependencies ? [] : ["--no-deps"]),
        ...(arePinned(wheels) ? ["--require-hashes"] : []),
        ...["--only-binary=:all:", "--python-version", PYTHON_OF_WHEELS, "--implementation", "cp"],
        ...["--no-compile", "--no-input", "--disable-pip-version-check", "--progress-bar", "off"],
        ...["--retries", "2"],
      ],
      // Where what is downloaded lies can be seen to grow.
      { env: { TMPDIR: temporary }, onLine: (line) => watch.line(line) },
    );
    if (ran?.status !== 0) throw pipFailure(wheels, ran, parent);
    writeFileSync(join(made, COMPLETE), requirementsOf(wheels));
    keepUsers(folder, made);
    if (!hasWheels(folder, wheels)) staging.place(made, folder);
  } catch (error) {
    // Unless somebody else was quicker.
    if (!hasWheels(folder, wheels)) throw error;
  } finally {
    watch.stop();
    staging.remove();
  }
}

function requireRoom(folder: string, room: number): void {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= room) return;
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
  throw new WheelError({
    fault: "space",
    reason: `There is too little room in ${folder}: ${gigabytes(bavail * bsize)}, and it takes ${gigabytes(room)}.`,
    remedy: "Make room.",
  });
}

/** Whether an error is of a file or folder. */
function isOfDisk(error: unknown): error is NodeJS.ErrnoException {
  const { syscall } = error as NodeJS.ErrnoException;
  return syscall !== undefined && !syscall.startsWith("spawn");
}

const notMade = (folder: string, cause: NodeJS.ErrnoException) =>
  new WheelError(
    {
      fault: "space",
      reason: `${folder} cannot be made (${cause.message}).`,
      remedy: "See that there is room and that it may be written to.",
    },
    { cause },
  );
