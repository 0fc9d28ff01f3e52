// What npm would get: packs every public package and lets publint and "are the types wrong" look at
// the tarballs. Needs `pnpm run build` first.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import {
  problemAffectsEntrypointResolution,
  problemKindInfo,
} from "@arethetypeswrong/core/problems";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { publicPackages } from "./release/steps.mjs";
import { mapParallel, run } from "./run.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Packs the package in `dir` and returns the tarball's bytes. */
async function pack(dir, scratch) {
  const { ok, output } = await run("pnpm", ["pack", "--json", "--pack-destination", scratch], {
    cwd: dir,
  });
  if (!ok) throw new Error(output);
  const { filename } = JSON.parse(output.slice(output.indexOf("{")));
  return readFileSync(filename);
}

/** Everything publint has to say, suggestions apart. */
async function lint(tarball, manifest) {
  const bytes = tarball.buffer.slice(tarball.byteOffset, tarball.byteOffset + tarball.byteLength);
  const { messages } = await publint({ pack: { tarball: bytes }, level: "warning", strict: true });
  return messages.map((message) => `publint: ${formatMessage(message, manifest)}`);
}

/** What every package brings along, and `files` has to name where npm does not take it by itself. */
function checkContents(tarball, manifest) {
  const files = createPackageFromTarballData(tarball)
    .listFiles()
    .map((path) => path.slice(path.indexOf(manifest.name) + manifest.name.length + 1));
  return [
    ...["LICENSE", "README.md"]
      .filter((name) => !files.includes(name))
      .map((name) => `the tarball has no ${name}`),
    // It is there once `changeset version` has written it.
    ...(manifest.files.includes("CHANGELOG.md") ? [] : ['"files" does not name CHANGELOG.md']),
  ];
}

/** Entry points whose types resolve wrongly, in every way of resolving that knows `exports`. */
async function checkTypes(tarball, manifest) {
  // A package that is a command alone has nothing to import.
  if (manifest.exports === undefined && manifest.main === undefined) return [];
  const analysis = await checkPackage(createPackageFromTarballData(tarball));
  if (!analysis.types) return ["attw: the package has no types"];
  const found = new Set();
  for (const entrypoint of Object.keys(analysis.entrypoints)) {
    for (const kind of ["node16-cjs", "node16-esm", "bundler"]) {
      for (const problem of analysis.problems) {
        if (problemAffectsEntrypointResolution(problem, entrypoint, kind, analysis)) {
          const { title, docsUrl } = problemKindInfo[problem.kind];
          found.add(`attw: "${entrypoint}" from ${kind}: ${title} (${docsUrl})`);
        }
      }
    }
  }
  return [...found];
}

const scratch = mkdtempSync(join(tmpdir(), "bioflax-pack-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));

const packages = publicPackages(root);
const tarballs = await mapParallel(packages, ({ dir }) => pack(dir, scratch));

for (const [i, { manifest }] of packages.entries()) {
  const problems = [
    ...(await lint(tarballs[i], manifest)),
    ...(await checkTypes(tarballs[i], manifest)),
    ...checkContents(tarballs[i], manifest),
  ];
  console.log(`${problems.length === 0 ? "ok   " : "FAIL "} ${manifest.name}`);
  for (const problem of problems) console.log(`      ${problem}`);
  if (problems.length > 0) process.exitCode = 1;
}
