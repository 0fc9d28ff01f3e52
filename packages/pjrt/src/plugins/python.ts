import { existsSync } from "node:fs";
import { join } from "node:path";
import { PluginError } from "./plugin-error";
import { runProgram } from "./run-program";

type Environment = Readonly<Record<string, string | undefined>>;

/** The folder of the virtual or conda environment that is active; undefined for none. */
export const activeEnvironment = (env: Environment): string | undefined =>
  env.VIRTUAL_ENV || env.CONDA_PREFIX || undefined;

/**
 * The command of a Python with pip: the one that is given, or the first of the active environment's, `python3` and
 * `python`.
 *
 * Only its pip is used, to fetch wheels into a folder of our own; its version does not matter.
 *
 * @throws PluginError when there is none.
 */
export async function findPip(given: string | undefined, env: Environment): Promise<string> {
  const folder = activeEnvironment(env);
  const own = folder === undefined ? undefined : join(folder, "bin", "python");
  const commands = given === undefined ? [own, "python3", "python"] : [given];
  let seen: string | undefined;
  for (const command of commands) {
    if (command === undefined || (command === own && !existsSync(command))) continue;
    const ran = await runProgram(command, ["-m", "pip", "--version"]);
    if (ran?.status === 0) return command;
    if (ran !== undefined) seen ??= command;
  }
  throw new PluginError({
    fault: "python",
    reason:
      seen === undefined
        ? `There is no Python here${given === undefined ? "" : ` by the name ${given}`}, whose pip fetches plugins from PyPI.`
        : `${seen} has no pip, which fetches plugins from PyPI.`,
    remedy:
      "Install it (Debian and Ubuntu: `apt install python3-pip`; Fedora: `dnf install python3-pip`; macOS: `brew install python`), or name another Python with --python.",
  });
}
