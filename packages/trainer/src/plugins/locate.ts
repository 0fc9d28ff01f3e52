import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { showValue } from "@bioflax/core";
import { PluginError } from "./plugin-error";

/** Whether a plugin is given by the path of its module, and not by the name of a package. */
export function isModulePath(given: string): boolean {
  return /^\.{1,2}([\\/]|$)/.test(given) || isAbsolute(given) || /^file:|\.[cm]?[jt]s$/.test(given);
}

/** The conditions under which Node takes an entry of a package that is imported. */
const conditions = new Set(["node", "import", "module-sync", "default"]);

/** What an entry of a package's `exports` comes to; undefined where it has none for an import. */
function target(entry: unknown): string | undefined {
  if (typeof entry === "string") return entry;
  if (Array.isArray(entry)) return entry.map(target).find((found) => found !== undefined);
  if (typeof entry !== "object" || entry === null) return undefined;
  for (const [condition, value] of Object.entries(entry)) {
    const found = conditions.has(condition) ? target(value) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The module of a package: Node has no way yet to resolve an import as if it stood in another folder. */
async function entryOf(packageFolder: string, subpath: string): Promise<string | undefined> {
  const manifest = JSON.parse(await readFile(join(packageFolder, "package.json"), "utf8"));
  const { exports, main = "index.js" } = manifest as { exports?: unknown; main?: string };
  if (exports === undefined) return join(packageFolder, subpath === "." ? main : subpath.slice(2));
  const bySubpath =
    typeof exports === "object" && exports !== null && Object.keys(exports)[0]?.startsWith(".");
  const entry = bySubpath
    ? (exports as Readonly<Record<string, unknown>>)[subpath]
    : subpath === "."
      ? exports
      : undefined;
  const found = target(entry);
  return found && join(packageFolder, found);
}

/**
 * The file of a plugin.
 *
 * @param given the path of its module, or the name of a package.
 * @param folder what paths are relative to, and packages are looked up from.
 * @param where how errors call the plugin: `--plugin ./my-rule.mjs`.
 */
export async function locate(given: string, folder: string, where: string): Promise<string> {
  if (isModulePath(given)) {
    const path = given.startsWith("file:") ? fileURLToPath(given) : resolve(folder, given);
    if (existsSync(path)) return path;
    throw new PluginError(
      `${where}: expected the path of a module, but there is no file ${path}. Check the path.`,
    );
  }
  const [, name, rest] = /^((?:@[^/]+\/)?[^/]+)(\/.*)?$/.exec(given) ?? [];
  if (name === undefined)
    throw new PluginError(
      `${where}: expected the path of a module, such as ./my-rule.mjs, or the name of a package, received ${showValue(given)}.`,
    );
  for (let at = resolve(folder); ; at = dirname(at)) {
    const packageFolder = join(at, "node_modules", name);
    if (existsSync(join(packageFolder, "package.json"))) {
      const entry = await entryOf(packageFolder, `.${rest ?? ""}`);
      if (entry !== undefined && existsSync(entry)) return entry;
      throw new PluginError(
        `${where}: expected a package that can be imported, but ${packageFolder} has no module for "${given}". ` +
          'Say one under "exports" or "main" of its package.json, or give the path of its module.',
      );
    }
    if (at === dirname(at)) break;
  }
  const path = existsSync(resolve(folder, given)) ? ` For the file here, write ./${given}.` : "";
  throw new PluginError(
    `${where}: expected the name of an installed package, but there is no ${name} in node_modules of ${resolve(folder)} or a folder above it. ` +
      `Install it there, or give the path of a module, such as ./my-rule.mjs.${path}`,
  );
}
