import { loadPlugins } from "../plugins/load";
import { PluginError } from "../plugins/plugin-error";
import { readConfig } from "../resolve/read-config";
import { ConfigError } from "../resolve/resolve";

/** The commands that take `--plugin`; of those that take `--config`, a file may name plugins, too. */
const takers: Readonly<Record<string, { readonly config: boolean }>> = {
  train: { config: true },
  config: { config: true },
  sweep: { config: true },
  evaluate: { config: false },
  predict: { config: false },
  attack: { config: false },
  export: { config: false },
  report: { config: false },
  completions: { config: false },
};

/** The values that an option has on a command line, as `--name value` or `--name=value`. */
function valuesOf(args: readonly string[], names: readonly string[]): string[] {
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  return args.slice(0, end).flatMap((arg, i) => {
    const [, name = "", value] = /^--([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
    if (!names.includes(name)) return [];
    const given = value ?? args[i + 1] ?? "";
    return given === "" || (value === undefined && given.startsWith("-")) ? [] : [given];
  });
}

/**
 * Loads the plugins that a command line names, itself or in its config file: before anything else is read of it, for
 * they decide what else can be on it.
 *
 * @throws PluginError for one that cannot be used. What is wrong with a config file is said when its settings are read.
 */
export async function loadPluginsOf(args: readonly string[]): Promise<void> {
  const [first = "", second = ""] = args.filter((arg) => !arg.startsWith("-"));
  const taker = takers[first === "help" ? second : first];
  if (taker === undefined) return;
  await loadPlugins(valuesOf(args, ["plugin", "plugins"]));
  const [file] = valuesOf(args, ["config"]).slice(-1);
  if (!taker.config || file === undefined) return;
  try {
    await readConfig(file);
  } catch (error) {
    if (error instanceof ConfigError && error.cause instanceof PluginError) throw error;
  }
}
