import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { transformSync } from "@swc/core";

const require = createRequire(import.meta.url);
require("../../packages/datasets/test/typescript.cjs");
const { codeBlocks } = require("../../packages/trainer/test/code-blocks.ts");

/** A block cut in two: what it imports, and what it does. */
function parts(code) {
  const imports = [...code.matchAll(/^import [\s\S]*?;$/gm)].map(([text]) => text);
  return {
    imports: imports.join("\n"),
    body: imports.reduce((left, text) => left.replace(text, ""), code),
  };
}

/** JavaScript of TypeScript, as a module or as CommonJS. */
const toJavaScript = (code, module) =>
  transformSync(code, {
    swcrc: false,
    jsc: { parser: { syntax: "typescript" }, target: "es2022" },
    module: { type: module },
  }).code;

/**
 * Writes the examples of installed packages' READMEs, as they lie in `node_modules`, into a folder: each as a module,
 * as CommonJS, and as TypeScript of both kinds, and two programs that run them all, `run.mjs` and `run.cjs`.
 *
 * @param {string} folder a project with the packages installed.
 * @param {readonly string[]} names the packages.
 * @returns {number} how many examples there are.
 */
export function writeExamples(folder, names) {
  const examples = names.flatMap((name) =>
    codeBlocks(readFileSync(join(folder, "node_modules", name, "README.md"), "utf8")).map(
      (block) => ({ name: `${name}, README line ${block.line}`, ...block }),
    ),
  );
  for (const [i, { code }] of examples.entries()) {
    const { imports, body } = parts(code);
    // CommonJS has no `await` of its own at the top.
    const wrapped = `${imports}\nexport const done = (async () => {\n${body}\n})();\n`;
    writeFileSync(join(folder, `example-${i}.mts`), `${code}\nexport {};\n`);
    writeFileSync(join(folder, `example-${i}.cts`), wrapped);
    writeFileSync(join(folder, `example-${i}.mjs`), toJavaScript(code, "es6"));
    writeFileSync(join(folder, `example-${i}.cjs`), toJavaScript(wrapped, "commonjs"));
  }
  const runnable = [...examples.entries()].filter(([, { needs }]) => needs === undefined);
  const run = (load) =>
    runnable
      .map(([i, { name }]) => `console.log(${JSON.stringify(`== ${name}`)});\n${load(i)}\n`)
      .join("");
  writeFileSync(
    join(folder, "run.mjs"),
    run((i) => `await import("./example-${i}.mjs");`),
  );
  writeFileSync(
    join(folder, "run.cjs"),
    `(async () => {\n${run((i) => `await require("./example-${i}.cjs").done;`)}})();\n`,
  );
  return examples.length;
}

/** Strict, as `tsc --init` has it; the two ways of finding modules that people use. */
const compilerOptions = {
  strict: true,
  skipLibCheck: true,
  noEmit: true,
  target: "es2022",
  types: ["node"],
};

/** Writes the projects of the examples in a folder. @returns the names of their files. */
export function writeProjects(folder) {
  const files = readdirSync(folder);
  const write = (name, options, endings) =>
    writeFileSync(
      join(folder, `tsconfig.${name}.json`),
      JSON.stringify({
        compilerOptions: { ...compilerOptions, ...options },
        files: files.filter((file) => endings.some((ending) => file.endsWith(ending))),
      }),
    );
  write("bundler", { module: "esnext", moduleResolution: "bundler" }, [".mts"]);
  write("nodenext", { module: "nodenext" }, [".mts", ".cts"]);
  return ["tsconfig.bundler.json", "tsconfig.nodenext.json"];
}
