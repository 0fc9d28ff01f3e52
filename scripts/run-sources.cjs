// Runs the workspace's TypeScript as it is, without a build: `node --require ./scripts/run-sources.cjs FILE.ts`.
// Files are compiled, and the workspace's own packages found, as Jest's configuration says.
const { existsSync, readFileSync } = require("node:fs");
const Module = require("node:module");
const { join } = require("node:path");
const { transformSync } = require("@swc/core");

const root = join(__dirname, "..");
const sourceCondition = "@bioflax/source";

/** The source file that an import of a package of the workspace means; undefined for any other import. */
function sourceOf(request) {
  const [, name, entry = ""] = /^@bioflax\/([^/]+)(\/.*)?$/.exec(request) ?? [];
  const folder = name && join(root, "packages", name);
  if (!folder || !existsSync(folder)) return undefined;
  const { exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const source = exports[`.${entry}`]?.[sourceCondition];
  return source && join(folder, source);
}

const resolveFilename = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  return sourceOf(request) ?? resolveFilename.call(this, request, ...rest);
};

require.extensions[".ts"] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, "utf8"), {
    filename,
    swcrc: false,
    sourceMaps: "inline",
    jsc: { parser: { syntax: "typescript" }, target: "es2022" },
    module: { type: "commonjs" },
  });
  module._compile(code, filename);
};
