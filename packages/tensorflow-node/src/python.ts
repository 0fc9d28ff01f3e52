import { existsSync } from "node:fs";
import { join } from "node:path";
import { InstallError } from "./install-error";
import type { Platform } from "./platform";
import { lastLine, runProgram } from "./run-program";

/** A Python as it was found. */
export interface Python {
  /** The command that starts it. */
  readonly command: string;
  readonly version: string;
  /** Whether it has pip. */
  readonly hasPip: boolean;
  /** Where its TensorFlow is: the folder of the package; undefined where it has none. */
  readonly tensorflow: string | undefined;
}

/** Asks a Python about itself, without importing TensorFlow, which takes seconds. */
const QUESTION = `
import importlib.util as util, json, platform, sys
spec = util.find_spec("tensorflow")
places = list(spec.submodule_search_locations or []) if spec else []
print(json.dumps({
    "version": platform.python_version(),
    "hasPip": util.find_spec("pip") is not None,
    "tensorflow": places[0] if places else None,
}))`;

/** A Python by its command; undefined where there is none that works. */
export async function inspectPython(command: string): Promise<Python | undefined> {
  const ran = await runProgram(command, ["-c", QUESTION], { timeout: 60_000 });
  if (ran?.status !== 0) return undefined;
  try {
    const { tensorflow, ...rest } = JSON.parse(lastLine(ran.stdout));
    return { command, ...rest, tensorflow: tensorflow ?? undefined };
  } catch {
    return undefined;
  }
}

/** The Python of the virtual or conda environment that is active; undefined for none. */
export function activePython(
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const folder = env.VIRTUAL_ENV || env.CONDA_PREFIX;
  if (!folder) return undefined;
  const command = join(folder, "bin", "python");
  return existsSync(command) ? command : undefined;
}

/**
 * A Python with pip: the one that is given, or the first of the active environment's, `python3` and `python`.
 *
 * @throws InstallError when there is no Python, or none with pip.
 */
export async function findPip(
  given: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  { pipRemedy }: Platform,
): Promise<Python> {
  const commands = given === undefined ? [activePython(env), "python3", "python"] : [given];
  let seen: Python | undefined;
  for (const command of commands) {
    const python = command === undefined ? undefined : await inspectPython(command);
    if (python?.hasPip) return python;
    seen ??= python;
  }
  const reason =
    seen === undefined
      ? given === undefined
        ? "There is no Python here, whose pip fetches TensorFlow from PyPI."
        : `${given} is not a Python that can be started.`
      : `${seen.command} (Python ${seen.version}) has no pip, which fetches TensorFlow from PyPI.`;
  throw new InstallError({
    fault: "python",
    reason,
    remedy: `${pipRemedy}, or name another Python with --python.`,
  });
}
