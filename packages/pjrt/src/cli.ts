// The command `pjrt`.
import { parseArgs } from "node:util";
import { ProgressLine } from "@bioflax/wheels";
import { PjrtError } from "./pjrt-error";
import { loadPlugin } from "./plugin";
import { findPlugin } from "./plugins/find-plugin";
import { installPlugin, uninstallPlugin } from "./plugins/install-plugin";
import {
  type KnownPlugin,
  knownPlugin,
  knownPlugins,
  type PluginName,
} from "./plugins/known-plugins";
import { PluginError } from "./plugins/plugin-error";

const HELP = `Usage: pjrt list
       pjrt install NAME [--python COMMAND]
       pjrt uninstall NAME
       pjrt devices NAME|LIBRARY

Gets PJRT plugins from PyPI into a cache folder, and shows the devices that they see.

  list       the plugins there are wheels of, and where they are on this machine
  install    fetches a plugin and the libraries it needs, by the pip of a Python (the active environment's, else python3's)
  uninstall  removes it
  devices    loads a plugin and prints what it is and which devices it has
`;

/** The plugins there are wheels of, a line each. */
function list(): string {
  const lines = Object.entries<KnownPlugin>(knownPlugins).map(([name, { device, needs }]) => {
    const where = findPlugin(name as PluginName);
    const state =
      where ?? `not here: \`pjrt install ${name}\`${needs === undefined ? "" : `; needs ${needs}`}`;
    return `${name.padEnd(8)}${device}\n        ${state}\n`;
  });
  return lines.join("");
}

async function install(name: string, python: string | undefined): Promise<string> {
  const line = new ProgressLine(process.stderr);
  try {
    return `${await installPlugin(name as PluginName, { python, onProgress: (progress) => line.show(progress) })}\n`;
  } finally {
    line.end();
  }
}

async function devices(nameOrLibrary: string): Promise<string> {
  const isPath = nameOrLibrary.includes("/");
  const path = isPath ? nameOrLibrary : findPlugin(nameOrLibrary as PluginName);
  if (path === undefined)
    throw new PluginError({
      fault: "file",
      reason: `The plugin ${nameOrLibrary} is not on this machine.`,
      remedy: `\`pjrt install ${nameOrLibrary}\` gets it.`,
    });
  const plugin = loadPlugin(path);
  const client = await plugin.createClient();
  try {
    const { major, minor } = plugin.apiVersion;
    const lines = [
      `${plugin.path}`,
      `  platform  ${client.platformName}, ${client.platformVersion}`,
      `  API       ${major}.${minor}`,
      ...Object.entries(plugin.attributes).map(
        ([name, value]) => `  ${name}  ${[value].flat().join(".")}`,
      ),
      ...client.devices.map(
        ({ name, kind, isAddressable }) =>
          `  device    ${name}: ${kind}${isAddressable ? "" : " (another machine's)"}`,
      ),
    ];
    return `${lines.join("\n")}\n`;
  } finally {
    client.destroy();
  }
}

async function run(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { python: { type: "string" }, help: { type: "boolean", short: "h", default: false } },
  });
  const [command = "", name, ...rest] = positionals;
  const takesName = ["install", "uninstall", "devices"].includes(command);
  const isKnown = takesName ? name !== undefined : command === "list" && name === undefined;
  if (values.help || !isKnown || rest.length > 0) {
    (values.help ? process.stdout : process.stderr).write(HELP);
    return values.help ? 0 : 2;
  }
  const given = name as string;
  if (takesName && !given.includes("/")) knownPlugin(given);
  if (command === "list") process.stdout.write(list());
  if (command === "install") process.stdout.write(await install(given, values.python));
  if (command === "devices") process.stdout.write(await devices(given));
  if (command === "uninstall") {
    const folder = uninstallPlugin(given as PluginName);
    process.stdout.write(
      folder === undefined ? `${given} was not installed.\n` : `Removed ${folder}\n`,
    );
  }
  return 0;
}

try {
  process.exitCode = await run();
} catch (error) {
  const isUsage = (error as NodeJS.ErrnoException).code?.startsWith("ERR_PARSE_ARGS");
  if (!(error instanceof PluginError) && !(error instanceof PjrtError) && !isUsage) throw error;
  process.stderr.write(`error: ${(error as Error).message}\n`);
  process.exitCode = isUsage ? 2 : 1;
}
