import { existsSync, readdirSync } from "node:fs";
import { join, sep } from "node:path";
import { DeviceError } from "@bioflax/core";
import { cacheFolder } from "@bioflax/datasets/node";
import type { KnownPlugin, PluginName } from "@bioflax/pjrt";
import { pluginFor } from "./choose-plugin";
import { type XlaDeviceName, xlaDevice } from "./devices";

/**
 * Where plugins are kept: the folder of the command `pjrt`, so that each finds what the other installed; but within
 * bioflax's own where that has been moved.
 */
export async function pluginCache(): Promise<string> {
  const { PJRT_CACHE, BIOFLAX_CACHE } = process.env;
  const pjrt = await import("@bioflax/pjrt");
  return PJRT_CACHE || !BIOFLAX_CACHE ? pjrt.cacheFolder() : join(cacheFolder(), "pjrt");
}

/** A plugin that is on this machine. */
export interface FoundPlugin {
  readonly name: PluginName;
  /** Its library. */
  readonly library: string;
  /** What is known of it. */
  readonly known: KnownPlugin;
}

/**
 * The plugin that has a device.
 *
 * @throws DeviceError when none is on this machine, with the command that gets it.
 */
export async function findPluginOf(device: XlaDeviceName): Promise<FoundPlugin> {
  const { findPlugin, knownPlugins } = await import("@bioflax/pjrt");
  const { plugins, what } = xlaDevice(device);
  const cache = await pluginCache();
  for (const name of plugins) {
    const library = findPlugin(name, { cache });
    if (library !== undefined) return { name, library, known: knownPlugins[name] };
  }
  const { machines, needs }: KnownPlugin = knownPlugins[pluginFor(device)];
  const here = `${process.platform}-${process.arch}`;
  if (!machines.includes(here))
    throw new DeviceError({
      device,
      fault: "missing",
      reason: `XLA's plugin for ${what} is made for ${machines.join(" and ").replaceAll("-", " on ")} alone.`,
      remedy:
        process.platform === "win32"
          ? "Use Linux in WSL 2, or --engine compiled."
          : "Use --engine compiled, or name a plugin of yours in PJRT_NAMES_AND_LIBRARY_PATHS.",
    });
  throw new DeviceError({
    device,
    fault: "missing",
    reason: `XLA's plugin for ${what} is not installed.`,
    remedy: `\`bioflax devices --install xla-${device}\` fetches it from PyPI${needs === undefined ? "" : `; it needs ${needs}`}. Without it, use --engine compiled.`,
  });
}

/** The version of a plugin by the notes that its wheel left beside it; undefined where there are none. */
export function versionOf({ library, known }: FoundPlugin): string | undefined {
  const end = join(sep, known.library);
  if (!library.endsWith(end)) return undefined;
  const packages = library.slice(0, -end.length);
  const prefix = `${known.wheels[0].name.replaceAll("-", "_")}-`;
  const notes = existsSync(packages) ? readdirSync(packages) : [];
  return notes
    .find((name) => name.startsWith(prefix) && name.endsWith(".dist-info"))
    ?.slice(prefix.length, -".dist-info".length);
}
