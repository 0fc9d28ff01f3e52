// `pnpm check:arrows`: imports point one way, between packages and between the folders of a package.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

/** The packages: each imports only from those before it. */
const packages = [
  "core",
  "metrics",
  "wheels",
  "tensorflow-node",
  "pjrt",
  "layers",
  "compiler",
  "xla",
  "datasets",
  "runs",
  "report",
  "trainer",
  "bioflax",
];

/**
 * What is in a package's `src`, folders and single files: each imports only from those before it. Its entries may
 * import all.
 */
const folders = {
  compiler: ["proto", "graph", "runtime", "programs", "compiled-network"],
  layers: [
    "ops",
    "base",
    "links",
    "kernel-free-layers",
    "kernel-layers",
    "direct",
    "own-layers",
    "network",
    "convert",
    "training",
    "register-classes",
    "devices",
  ],
  // What needs a disk (`folder`) takes the rest from the other entry, so that there is one of each class.
  runs: ["safetensors", "records", "checkpoint", "folder"],
  report: [
    "html",
    "show",
    "statistics",
    "setting",
    "reported-run",
    "command-line",
    "groups",
    "lines",
    "charts",
    "sections",
    "script",
    "style",
    "page",
  ],
  trainer: [
    "base",
    "proto",
    "devices",
    "config",
    "plugins",
    "experiment",
    "resolve",
    "engines",
    "stored",
    "checkpoint",
    "trained",
    "attack",
    "loggers",
    "diagnosis",
    "report",
    "run",
    "sweep",
    "cli",
    "sweep-worker",
  ],
};

const root = fileURLToPath(new URL("..", import.meta.url));

/** What a module imports, types too. */
const imports = /(?:\bfrom|\bimport|\bimport\()\s*"([^"]+)"/g;

/** The source files of a package, relative to its `src`; tests may import what they like. */
const sourcesOf = (name) =>
  readdirSync(join(root, "packages", name, "src"), { recursive: true, encoding: "utf8" })
    .map(normalize)
    .filter((file) => /\.ts$/.test(file) && !/\.test\.ts$/.test(file));

/** The folder or single file of a package's `src` that a module is in. */
const placeOf = (file) => file.split(/[\\/]/)[0].replace(/\.ts$/, "");

const isEntry = (file) => ["index.ts", "node.ts", "cli.ts"].includes(file);

const problems = [];

/** Notes an import that does not point at something before the importer. */
function check(order, from, to, where) {
  const [at, target] = [order.indexOf(from), order.indexOf(to)];
  if (at < 0 || target < 0)
    problems.push(`${where}: ${at < 0 ? from : to} has no place in the order`);
  else if (target > at) problems.push(`${where}: ${from} imports from ${to}, which comes after it`);
}

const inPackages = readdirSync(join(root, "packages")).filter((name) => !name.startsWith("."));
for (const name of inPackages)
  if (!packages.includes(name)) problems.push(`packages/${name} has no place in the order`);

for (const name of packages.filter((name) => name !== "bioflax")) {
  for (const file of sourcesOf(name)) {
    const where = `packages/${name}/src/${file}`;
    const text = readFileSync(join(root, where), "utf8");
    for (const [, target] of text.matchAll(imports)) {
      const other = /^@bioflax\/([^/]+)/.exec(target)?.[1];
      if (other !== undefined && other !== "source") check(packages, name, other, where);
      if (!target.startsWith(".")) continue;
      const path = normalize(join(dirname(file), target));
      if (/^\.\.[\\/]/.test(path)) {
        if (!/package\.json$/.test(path))
          problems.push(`${where}: imports ${target}, outside its package`);
      } else if (folders[name] !== undefined && !isEntry(file))
        check(folders[name], placeOf(file), placeOf(path), where);
    }
  }
}

if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exit(1);
}
console.log(`Imports of ${packages.length} packages point one way.`);
