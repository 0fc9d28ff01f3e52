// `pnpm check:sizes`, after `pnpm build`: what the packages weigh in a page as they are published, minified and gzipped,
// without TensorFlow.js and ONNX Runtime. Fails where a bundle is over its limit, a little above what it was when that
// was set, or has something of Node's.
import { gzipped, pageBundle, pages } from "./page-bundle.mjs";

console.log("| a page with | kB | gzipped | limit |\n|---|---|---|---|");
for (const [name, contents, limit] of pages) {
  const { script } = await pageBundle(contents);
  const weight = gzipped(script);
  console.log(
    `| ${name} | ${(Buffer.byteLength(script) / 1000).toFixed(1)} | ${weight.toFixed(1)} | ${limit} |`,
  );
  if (weight > limit) {
    console.error(`${name}: expected at most ${limit} kB gzipped, received ${weight.toFixed(1)}.`);
    process.exitCode = 1;
  }
}
