import { readFile, realpath } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import { showValue } from "@bioflax/core";
import { loadPlugins } from "../plugins/load";
import { PluginError } from "../plugins/plugin-error";
import { parseConfig } from "./parse-config";
import { ConfigError, type ConfigSource, EXTENDS } from "./resolve";

/** A file on the way from the one that was asked for to one that is extended. */
interface Step {
  readonly shown: string;
  /** Its path without symbolic links, by which it is known again. */
  readonly real: string;
}

const showWay = (way: readonly Step[]) => way.map(({ shown }) => shown).join(" → ");

/**
 * Reads the settings of a config file, YAML or JSON, and of those it extends; {@link resolveConfig} checks them.
 *
 * `extends: base.yaml`, or a list of files, takes over what other files set, which may extend further ones. What comes
 * later in the list overrides what comes before, and the file itself overrides them all.
 *
 * @param path the file; paths in it, those it extends too, are relative to its folder.
 * @returns the settings of each file, from the weakest to the strongest.
 * @throws ConfigError with every file that cannot be read or is not YAML or JSON, the way to it, and the line; and for
 *   files that extend each other in a circle.
 * @example
 * const config = resolveConfig(...(await readConfig("experiment.yaml")), { values: { epochs: 3 } });
 */
export async function readConfig(path: string): Promise<readonly ConfigSource[]> {
  return readAll((expand) => expand(path, []));
}

/**
 * Settings that stand within a file of another kind, after those of the config files they extend, as {@link readConfig}
 * gives them.
 *
 * @param source the settings, the file they stand in, and the folder that the paths after `extends` are relative to.
 * @throws as {@link readConfig}.
 */
export async function readExtended(source: ConfigSource): Promise<readonly ConfigSource[]> {
  const file = source.file ?? "settings";
  return readAll(async (expand, problems) => {
    const { bases, own } = split(source.values, { file, folder: source.folder ?? "." }, problems);
    const all: ConfigSource[] = [];
    for (const base of bases) all.push(...(await expand(base, [{ shown: file, real: file }])));
    return [...all, ...own];
  });
}

type Expand = (shown: string, way: readonly Step[]) => Promise<readonly ConfigSource[]>;

async function readAll(
  read: (expand: Expand, problems: string[]) => Promise<readonly ConfigSource[]>,
): Promise<readonly ConfigSource[]> {
  const problems: string[] = [];
  const known = new Map<string, readonly ConfigSource[]>();

  /** A file's own settings, after those of the files it extends. */
  const expand: Expand = async (shown, way) => {
    const real = await realpath(shown).catch(() => shown);
    const here = [...way, { shown, real }];
    if (way.some((step) => step.real === real)) {
      problems.push(
        `${showWay(here)}: expected files that do not extend each other in a circle. Remove ${EXTENDS} from one of them`,
      );
      return [];
    }
    const before = known.get(real);
    if (before !== undefined) return before;
    const { bases, own } = await readOne(here, problems);
    const all: ConfigSource[] = [];
    for (const base of bases) all.push(...(await expand(base, here)));
    all.push(...own);
    // Of a file that is reached twice, the later place counts: it overrides all that the earlier one sets.
    const sources = all.filter((source, place) => all.lastIndexOf(source) === place);
    known.set(real, sources);
    return sources;
  };

  const sources = await read(expand, problems);
  if (problems.length > 0) throw new ConfigError(problems);
  for (const source of sources) await loadPluginsOf(source);
  return sources;
}

/** Loads the plugins that a file names; a list that is none is refused with the other settings. */
async function loadPluginsOf({ file, folder, values }: ConfigSource): Promise<void> {
  const { plugins } = (values ?? {}) as { readonly plugins?: unknown };
  if (!Array.isArray(plugins)) return;
  const given = plugins.filter((one): one is string => typeof one === "string" && one !== "");
  try {
    await loadPlugins(given, { folder: folder as string, where: `${file}: plugins:` });
  } catch (error) {
    if (!(error instanceof PluginError)) throw error;
    throw new ConfigError([error.message], { cause: error });
  }
}

/** Reads the last file of a way: the paths of those it extends, and what it sets itself; none of which if it cannot. */
async function readOne(
  way: readonly Step[],
  problems: string[],
): Promise<{ bases: readonly string[]; own: readonly ConfigSource[] }> {
  const { shown: file } = way.at(-1) as Step;
  const folder = dirname(file);
  try {
    return split(await parseConfig(file, await readText(way)), { file, folder }, problems);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    problems.push(...error.problems);
    return { bases: [], own: [] };
  }
}

/** Splits what a file holds into the paths of those it extends and what it sets itself. */
function split(
  values: unknown,
  { file, folder }: { readonly file: string; readonly folder: string },
  problems: string[],
): { bases: readonly string[]; own: readonly ConfigSource[] } {
  if (values === null || typeof values !== "object" || !Object.hasOwn(values, EXTENDS))
    return { bases: [], own: [{ file, folder, values }] };
  const { [EXTENDS]: given, ...rest } = values as Record<string, unknown>;
  const bases = Array.isArray(given) ? given : [given];
  if (!bases.every((base): base is string => typeof base === "string" && base !== "")) {
    problems.push(
      `${file}: ${EXTENDS}: expected the path of a file, or a list of them, received ${showValue(given)}`,
    );
    return { bases: [], own: [{ file, folder, values: rest }] };
  }
  return {
    bases: bases.map((base) => (isAbsolute(base) ? base : join(folder, base))),
    own: [{ file, folder, values: rest }],
  };
}

async function readText(way: readonly Step[]): Promise<string> {
  const { shown: file } = way.at(-1) as Step;
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === "ENOENT" ? "there is no such file" : message;
    const where = way.length === 1 ? `--config ${file}` : showWay(way);
    const remedy =
      way.length === 1
        ? "Check the path"
        : `Check the path after ${EXTENDS} in ${(way.at(-2) as Step).shown}`;
    throw new ConfigError([`${where}: expected a readable file, but ${reason}. ${remedy}`]);
  }
}
