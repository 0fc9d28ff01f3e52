import { mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import type { InstallOptions, KnownPlugin, PluginName } from "@bioflax/pjrt";
import { pluginFor } from "../xla/choose-plugin";
import { type XlaDeviceName, xlaDevice } from "../xla/devices";
import { pluginCache } from "../xla/plugin";

/** What an installation of a plugin for XLA did. */
export interface XlaInstallation {
  /** The plugin. */
  readonly plugin: PluginName;
  /** The wheel it came in, and its version. */
  readonly wheel: string;
  /** Its library. */
  readonly library: string;
  /** What has to be on the machine besides, where there is something. */
  readonly needs?: string;
  /** Whether it had been fetched before. */
  readonly wasInstalled: boolean;
}

/**
 * Installs the plugin for a device of XLA's, and the libraries it needs, by pip into the cache folder.
 *
 * @param options.reinstall whether it is fetched anew where it is there; what was there stays until that has come.
 * @throws PluginError for what is in the way.
 */
export async function installXla(
  device: XlaDeviceName,
  { reinstall = false, ...options }: InstallOptions & { readonly reinstall?: boolean | undefined },
): Promise<XlaInstallation> {
  const { findPlugin, installPlugin, knownPlugins } = await import("@bioflax/pjrt");
  const plugin = pluginFor(device);
  const { wheels, needs }: KnownPlugin = knownPlugins[plugin];
  const cache = await pluginCache();
  const wasInstalled = findPlugin(plugin, { cache, env: {} }) !== undefined;
  const library =
    wasInstalled && reinstall
      ? await fetchAnew(plugin, { ...options, cache })
      : await installPlugin(plugin, { ...options, cache });
  return {
    plugin,
    wheel: `${wheels[0].name} ${wheels[0].version}`,
    library,
    ...(needs !== undefined && { needs }),
    wasInstalled: wasInstalled && !reinstall,
  };
}

/** Fetches a plugin that is there once more, and puts it in its place when it has come. @returns its library. */
async function fetchAnew(
  plugin: PluginName,
  { cache, ...options }: InstallOptions & { readonly cache: string },
): Promise<string> {
  const { installPlugin, uninstallPlugin } = await import("@bioflax/pjrt");
  const staging = mkdtempSync(join(cache, "anew-"));
  try {
    const library = await installPlugin(plugin, { ...options, cache: staging });
    uninstallPlugin(plugin, { cache });
    for (const name of readdirSync(staging)) renameSync(join(staging, name), join(cache, name));
    return join(cache, relative(staging, library));
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** Removes the plugins for a device of XLA's. @returns the folders they were in. */
export async function uninstallXla(device: XlaDeviceName): Promise<readonly string[]> {
  const { uninstallPlugin } = await import("@bioflax/pjrt");
  const cache = await pluginCache();
  return xlaDevice(device).plugins.flatMap((plugin) => uninstallPlugin(plugin, { cache }) ?? []);
}
