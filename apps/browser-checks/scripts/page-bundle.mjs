import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/** All that a page can import of these packages. */
const allOf = (...names) => names.map((name) => `export * from "@bioflax/${name}";`).join("");

/** What pages import, and how many kB of gzip that may come to at most. */
export const pages = [
  ["a layer under one rule", 'export { denseFA } from "@bioflax/layers"', 29],
  ["a layer under any rule", 'export { bioDense } from "@bioflax/layers"', 31.5],
  ["that, and its training", 'export { bioDense, loss, optimizer } from "@bioflax/layers"', 40.5],
  [
    "a network, its training and accuracy",
    'export { bioNetwork, loss, optimizer } from "@bioflax/layers"; export { accuracy } from "@bioflax/metrics"',
    58,
  ],
  ["all of core, layers and metrics", allOf("core", "layers", "metrics"), 85.5],
  ["the compiled engine", 'export { CompiledNetwork } from "@bioflax/compiler"', 99],
  ["seeded random numbers", 'export { Random } from "@bioflax/core"', 1.1],
  ["a data set, spirals", 'export { spirals } from "@bioflax/datasets"', 3],
  ["all of datasets", allOf("datasets"), 36],
  ["all of runs", allOf("runs"), 61.5],
  ["all of report", allOf("report"), 44],
];

/**
 * Bundles what a page imports of the packages as they are published, without TensorFlow.js and ONNX Runtime.
 *
 * @param contents the page's script.
 * @returns the script, minified, and how many bytes of it come of which file.
 */
export async function pageBundle(contents) {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    outdir: ".",
    platform: "browser",
    format: "esm",
    target: "es2022",
    external: ["@tensorflow/*", "onnxruntime-web/*"],
  });
  const [{ inputs }] = Object.values(metafile.outputs);
  return {
    script: outputFiles[0].text,
    bytesByFile: Object.entries(inputs).map(([file, { bytesInOutput }]) => [file, bytesInOutput]),
  };
}

/** What a script weighs, gzipped, in kB. */
export const gzipped = (script) => gzipSync(script, { level: 9 }).length / 1000;
