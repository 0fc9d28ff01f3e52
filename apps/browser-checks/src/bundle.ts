import { copyFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { build } from "esbuild";

/**
 * Bundles a script from the packages' sources into a folder, which a page may be served from: with what runs in
 * WebAssembly beside it.
 */
export async function bundleInto(folder: string, script: string): Promise<void> {
  await build({
    entryPoints: [script],
    outdir: folder,
    bundle: true,
    splitting: true,
    platform: "browser",
    format: "esm",
    target: "es2022",
    conditions: ["@bioflax/source"],
    logLevel: "silent",
  });
  const require = createRequire(resolve(script));
  for (const module of ["onnxruntime-web/wasm", "@tensorflow/tfjs-backend-wasm"]) {
    const from = dirname(require.resolve(module));
    for (const file of readdirSync(from).filter((file) => file.endsWith(".wasm")))
      copyFileSync(join(from, file), join(folder, basename(file)));
  }
}
