import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { availableThreads } from "@bioflax/core/node";

/** What devices are started with: packages, and the process they run in. */
export interface Host {
  /** Imports a package by name. */
  load(name: string): Promise<unknown>;
  /** The version of a package as its own package.json has it; undefined when it is not installed. */
  versionOf(name: string): string | undefined;
  /** Whether an installed package has its native part, lib/napi-v…/<file>, which an install script downloads. */
  hasAddon(name: string, file: string): boolean;
  /** Major version of Node. */
  readonly nodeMajor: number;
  readonly env: Record<string, string | undefined>;
  /** How many threads there are to compute with. */
  readonly threads: number;
}

const require = createRequire(import.meta.url);

function manifestOf(name: string): string | undefined {
  try {
    return require.resolve(`${name}/package.json`);
  } catch {
    return undefined;
  }
}

/** This process. */
export const thisHost: Host = {
  // By a name that is not a literal, because optional packages are not there to be found when this is compiled.
  async load(name) {
    const module = (await import(name)) as { default?: unknown };
    // Node gives a CommonJS module's exports as `default`, and of those by name only what it can tell without running it.
    return module.default ?? module;
  },
  versionOf(name) {
    const manifest = manifestOf(name);
    return manifest && (require(manifest) as { version: string }).version;
  },
  hasAddon(name, file) {
    const manifest = manifestOf(name);
    if (manifest === undefined) return false;
    const folder = join(dirname(manifest), "lib");
    return (
      existsSync(folder) && readdirSync(folder).some((abi) => existsSync(join(folder, abi, file)))
    );
  },
  nodeMajor: Number(process.versions.node.split(".")[0]),
  env: process.env,
  threads: availableThreads(),
};

/** The first line of an error, without the imports that led to it. */
export function firstLine(error: unknown): string {
  const [line = ""] = (error as Error).message.trim().split(/\n| imported from /);
  return line.replace(/[.:\s]*$/, "");
}
