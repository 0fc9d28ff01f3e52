// `pnpm check:sizes`: what the packages weigh in a page, minified and gzipped, without TensorFlow.js and ONNX Runtime.
// Fails where a bundle is over its limit, a little above what it was when that was set, or has something of Node's.
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/** What a page imports, and how many kB of gzip that may come to at most. */
const bundles = [
  ["a layer", 'export { denseDFAHidden } from "@bioflax/layers"', 50],
  [
    "a network and its training",
    'export { bioNetwork, loss, optimizer } from "@bioflax/layers"; export { accuracy } from "@bioflax/metrics"',
    58,
  ],
  [
    "all of core, layers and metrics",
    ["core", "layers", "metrics"].map((name) => `export * from "@bioflax/${name}";`).join(""),
    81,
  ],
  ["the compiled engine", 'export { CompiledNetwork } from "@bioflax/compiler"', 94],
  ["a data set, spirals", 'export { spirals } from "@bioflax/datasets"', 3],
  ["all of datasets", 'export * from "@bioflax/datasets"', 35],
  ["all of runs", 'export * from "@bioflax/runs"', 61],
  ["all of report", 'export * from "@bioflax/report"', 44],
];

console.log("| a page with | kB | gzipped | limit |\n|---|---|---|---|");
for (const [name, contents, limit] of bundles) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    write: false,
    platform: "browser",
    format: "esm",
    target: "es2022",
    conditions: ["@bioflax/source"],
    external: ["@tensorflow/*", "onnxruntime-web/*"],
  });
  const { contents: script } = outputFiles[0];
  const gzipped = gzipSync(script, { level: 9 }).length / 1000;
  console.log(
    `| ${name} | ${(script.length / 1000).toFixed(1)} | ${gzipped.toFixed(1)} | ${limit} |`,
  );
  if (gzipped > limit) {
    console.error(`${name}: expected at most ${limit} kB gzipped, received ${gzipped.toFixed(1)}.`);
    process.exitCode = 1;
  }
}
