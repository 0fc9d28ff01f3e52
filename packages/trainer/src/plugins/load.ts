import { realpath } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import {
  type BioflaxError,
  checkOptionNames,
  type OptionNames,
  printableName,
  showValue,
} from "@bioflax/core";
import type { PluginRecord } from "@bioflax/runs";
import type { GivenPlugin, Plugin } from "../base/plugin";
import { addDefinitions, registries } from "./add-definitions";
import { digestOf } from "./digest";
import { isModulePath, locate } from "./locate";
import { PluginError } from "./plugin-error";

/** A plugin whose definitions are in the registries. */
export interface LoadedPlugin extends PluginRecord {
  /** The plugin itself. */
  readonly plugin: Plugin;
}

/** How {@link loadPlugins} finds plugins, and speaks of them. */
export interface LoadPluginsOptions {
  /** What paths are relative to, and packages are looked up from; the working directory when left out. */
  readonly folder?: string;
  /** How errors call the place a plugin is named at; `--plugin` when left out. */
  readonly where?: string;
}

const optionNames: OptionNames<LoadPluginsOptions> = { folder: true, where: true };

/** All that have been loaded in this process: modules by their files, packages by their names, others by themselves. */
const loaded = new Map<unknown, LoadedPlugin>();

/** The loaded plugin of a name. */
export function loadedPlugin(name: string): LoadedPlugin | undefined {
  return [...loaded.values()].find((one) => one.name === name);
}

/**
 * Loads plugins: adds their definitions to the registries, so that settings, layers and files can name them.
 *
 * @param given plugins, paths of their modules, or names of packages; one that is loaded already is not loaded again.
 * @returns what run folders say of them.
 * @throws BioflaxError for a module that is not there, fails, or exports no plugin; and for a definition that is
 *   refused, or whose name is taken. Then none of that plugin's is added.
 * @example
 * await loadPlugins(["./my-rule.mjs"]);
 * const { accuracy } = await evaluateRun("runs/mine");
 */
export async function loadPlugins(
  given: readonly GivenPlugin[],
  options: LoadPluginsOptions = {},
): Promise<readonly PluginRecord[]> {
  checkOptionNames("loadPlugins", options, optionNames);
  const { folder = ".", where = "--plugin" } = options;
  const records: PluginRecord[] = [];
  for (const one of given) {
    const { plugin: _plugin, ...record } =
      typeof one === "string"
        ? await loadModule(one, folder, `${where} ${printableName(one)}`)
        : add(one, one, {}, `plugin ${showValue((one as Partial<Plugin>)?.name)}`);
    records.push(record);
  }
  return records;
}

async function loadModule(given: string, folder: string, where: string): Promise<LoadedPlugin> {
  const before = isModulePath(given) ? undefined : loaded.get(given);
  if (before !== undefined) return before;
  const file = await realpath(await locate(given, folder, where));
  const digest = await digestOf(file).catch((error: Error) => {
    throw new PluginError(`${where}: expected a readable file, but ${error.message}.`);
  });
  const known = loaded.get(file);
  if (known !== undefined && known.digest !== digest)
    throw new PluginError(
      `${where}: expected the module as it was loaded before in this process, but it has changed since. Start the process anew.`,
    );
  const plugin = known?.plugin ?? exportedBy(await importModule(file, where), where);
  const from = isModulePath(given) ? file : given;
  return add(from, plugin, { from, digest }, where);
}

async function importModule(file: string, where: string): Promise<object> {
  try {
    return await import(pathToFileURL(file).href);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const [, missing] = /Cannot find package '([^']+)'/.exec(message) ?? [];
    const remedy =
      code === "ERR_MODULE_NOT_FOUND" && missing !== undefined
        ? `Install ${missing} beside it: npm install ${missing}.`
        : "Mend the module; node runs it alone, to see where it fails.";
    throw new PluginError(
      `${where}: expected a module that can be loaded, but ${printableName(message, 500)}. ${remedy}`,
      { cause: error },
    );
  }
}

/** The plugin that a module exports; of CommonJS, `module.exports` or what is under one of the two names there. */
function exportedBy(module: object, where: string): Plugin {
  const exported = module as { default?: unknown; plugin?: unknown };
  const fallback = exported.default as { default?: unknown; plugin?: unknown } | undefined;
  const found = [exported.default, exported.plugin, fallback?.default, fallback?.plugin].find(
    (one) =>
      typeof (one as Partial<Plugin> | undefined)?.name === "string" && typeof one === "object",
  );
  if (found !== undefined) return found as Plugin;
  const names = Object.keys(module);
  throw new PluginError(
    `${where}: expected a module whose default export, or export "plugin", is a plugin, { name: "mine", rules: [mine] }, ` +
      `received ${names.length === 0 ? "one that exports nothing" : `the exports ${names.slice(0, 8).join(", ")}`}. ` +
      'Write export default definePlugin({ name: "mine", … }).',
  );
}

/** Names that npm takes, and a run folder keeps. */
const NAME = /^[A-Za-z0-9@][\w.@/-]*$/;

/** What a plugin may have. */
const pluginNames = { name: true, version: true, ...registries };

function check(plugin: Plugin, where: string): void {
  if (
    typeof plugin !== "object" ||
    plugin === null ||
    typeof plugin.name !== "string" ||
    !NAME.test(plugin.name)
  )
    throw new PluginError(
      `${where}: expected a plugin, { name: "mine", rules: [mine] }, with a name of letters, digits, "-", "_", ".", "/" and "@", received ${showValue(plugin)}.`,
    );
  try {
    checkOptionNames(where, plugin, pluginNames);
  } catch (error) {
    throw new PluginError((error as BioflaxError).message, { cause: error });
  }
  const { version } = plugin;
  if (version !== undefined && typeof version !== "string")
    throw new PluginError(
      `${where}: version: expected text, such as "1.0.0", received ${showValue(version)}.`,
    );
  for (const list of Object.keys(registries) as (keyof typeof registries)[])
    if (plugin[list] !== undefined && !Array.isArray(plugin[list]))
      throw new PluginError(
        `${where}: ${list}: expected a list of definitions, received ${showValue(plugin[list])}. Put it in brackets: ${list}: [mine].`,
      );
}

/** Adds a plugin's definitions, and remembers it under a key. */
function add(
  key: unknown,
  plugin: Plugin,
  origin: Pick<PluginRecord, "from" | "digest">,
  where: string,
): LoadedPlugin {
  check(plugin, where);
  const other = loadedPlugin(plugin.name);
  if (other !== undefined && other.plugin !== plugin)
    throw new PluginError(
      `${where}: expected a plugin whose name no other has, received "${plugin.name}", which ${other.from ?? "another"} has. Give it another name.`,
    );
  addDefinitions(plugin, where);
  const { name, version } = plugin;
  const record = { name, ...(version !== undefined && { version }), ...origin, plugin };
  loaded.set(key, record);
  return record;
}
