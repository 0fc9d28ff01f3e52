import { createRequire } from "node:module";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";

/** What is used of esbuild, which tsup brings along. */
interface Esbuild {
  build(options: object): Promise<{ readonly outputFiles: readonly { readonly text: string }[] }>;
}

const { build: bundle } = createRequire(require.resolve("tsup"))("esbuild") as Esbuild;

/**
 * Bundles a package's main entry for browsers, as whoever makes a page would: a module of Node's cannot be bundled.
 *
 * @param name the package's, without its scope.
 * @returns runs code that has the package's exports as `it`, in a world without Node's globals.
 */
export async function inBrowser(name: string): Promise<(code: string) => unknown> {
  const { outputFiles } = await bundle({
    entryPoints: [join(__dirname, "../..", name, "src/index.ts")],
    bundle: true,
    write: false,
    platform: "browser",
    format: "iife",
    globalName: "it",
    conditions: ["@bioflax/source"],
    logLevel: "silent",
  });
  const world = createContext({ TextEncoder, TextDecoder, performance });
  runInContext(outputFiles[0]?.text as string, world);
  return (code) => runInContext(code, world);
}
