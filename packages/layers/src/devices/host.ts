import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { availableThreads } from "@bioflax/core/node";

/** What devices are started with: packages, and the process they run in. */
export interface Host {
  /** Imports a package by name. */
  load(name: string): Promise<unknown>;
  /** The version of a package as its own package.json has it; undefined when it is not installed. */
  versionOf(name: string): string | undefined;
  /**
   * Whether an installed package has its native part, lib/napi-v…/<file>, which is made or downloaded after the
   * package.
   */
  hasAddon(name: string, file: string): boolean;
  /** What of the processor multiplies in bfloat16, as the system calls it; undefined where nothing does. */
  bfloat16(): string | undefined;
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
    // Node gives a CommonJS module's exports as `default`, and of those by name only what it can tell without running
    // it.
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
  bfloat16() {
    const file = "/proc/cpuinfo";
    if (!existsSync(file)) return undefined;
    const flags = /^(?:flags|Features)\s*:(.*)$/m.exec(readFileSync(file, "utf8"))?.[1] ?? "";
    // oneDNN rounds float32 matrices for these alone; AVX-512 BF16 it has for matrices that are bfloat16 already.
    return ["amx_bf16", "bf16"].find((unit) => flags.split(" ").includes(unit));
  },
  env: process.env,
  threads: availableThreads(),
};

/** The first line of an error, without the imports that led to it. */
export function firstLine(error: unknown): string {
  const [line = ""] = (error as Error).message.trim().split(/\n| imported from /);
  return line.replace(/[.:\s]*$/, "");
}
