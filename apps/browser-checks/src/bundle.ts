import { copyFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type BuildOptions, build } from "esbuild";

const require = createRequire(__filename);

/** How the packages' sources are bundled for browsers. */
export const forBrowsers = {
  bundle: true,
  platform: "browser",
  format: "esm",
  target: "es2022",
  conditions: ["@bioflax/source"],
  logLevel: "silent",
} as const satisfies BuildOptions;

/** The `.wasm` files of a package, which are served beside what is bundled. */
const wasmFilesOf = (module: string): string[] => {
  const folder = dirname(require.resolve(module));
  return readdirSync(folder)
    .filter((file) => file.endsWith(".wasm"))
    .map((file) => join(folder, file));
};

/** Bundles scripts into a folder, which a page may be served from: with what runs in WebAssembly beside them. */
export async function bundleInto(folder: string, ...scripts: string[]): Promise<void> {
  await build({ ...forBrowsers, entryPoints: scripts, outdir: folder, splitting: true });
  for (const module of ["onnxruntime-web/wasm", "@tensorflow/tfjs-backend-wasm"])
    for (const file of wasmFilesOf(module))
      copyFileSync(file, join(folder, file.split(/[\\/]/).at(-1) as string));
}
