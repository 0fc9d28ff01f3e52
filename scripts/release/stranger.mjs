import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeExamples, writeProjects } from "./examples.mjs";
import { shell, shellLines, step } from "./steps.mjs";

/** A small run, which needs no file. */
const smallRun = "train --dataset blobs --epochs 1";

/** A new project with nothing in it but some files. @returns its folder. */
function createProject(folder, files = {}) {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries({ "package.json": '{ "private": true }\n', ...files }))
    writeFileSync(join(folder, name), text);
  return folder;
}

/**
 * Installs by each line of the READMEs, in an empty folder of its own.
 *
 * @param {string} folder a new folder, for the others.
 * @param {{ add: string }} manager its command.
 * @param {{ pages: readonly string[], env: NodeJS.ProcessEnv }} options
 */
export async function installByEachLine(folder, { add }, { pages, env }) {
  const lines = new Set(pages.flatMap((page) => shellLines(page, add)));
  for (const [i, line] of [...lines].filter((text) => !text.includes("--global")).entries())
    await shell(line, { cwd: createProject(join(folder, `line-${i}`)), env });
}

/**
 * Installs all packages in a project, with the setting that the documentation advises there, and puts them to use: the
 * command, and the READMEs' examples.
 *
 * @param {string} folder a new folder.
 * @param {{ add: string, addDev: string, exec: string, settings: Record<string, string> }} manager its commands, and
 *   the files of its settings.
 * @param {{ names: readonly string[], typescript: string, env: NodeJS.ProcessEnv }} options
 */
export async function useInProject(folder, manager, { names, typescript, env }) {
  const options = { cwd: createProject(folder, manager.settings), env };
  const libraries = names.filter((name) => name.startsWith("@"));
  await shell(`${manager.add} ${libraries.join(" ")} @tensorflow/tfjs`, options);
  for (const name of libraries) {
    const files = readdirSync(join(folder, "node_modules", name));
    for (const file of ["CHANGELOG.md", "LICENSE", "README.md"])
      if (!files.includes(file)) throw new Error(`${name}: expected ${file} in the package`);
  }
  await shell(`${manager.exec} bioflax --version`, options);
  await shell(`${manager.exec} bioflax ${smallRun} --out a-run`, options);
  const examples = writeExamples(folder, libraries);
  console.log(`      ${examples} examples of ${libraries.length} packages`);
  await step("examples as modules", process.execPath, ["run.mjs"], options);
  await step("examples as CommonJS", process.execPath, ["run.cjs"], options);
  await shell(`${manager.addDev} "typescript@${typescript}" @types/node@20`, options);
  const compiler = "node_modules/typescript/bin/tsc";
  for (const project of writeProjects(folder))
    await step(`tsc, ${project}`, process.execPath, [compiler, "--project", project], options);
}

/** Runs the command without a project, by the lines of a page: where it is fetched and run at once, and installed. */
export async function useWithoutProject(folder, page, env) {
  mkdirSync(folder);
  const options = { cwd: folder, env };
  for (const command of ["npx", "pnpm dlx"]) {
    const [line] = shellLines(page, command);
    const start = line.replace(/ train .*/, "");
    await shell(`${start} --version`, options);
    await shell(`${start} ${smallRun} --out ${command.replace(" ", "-")}`, options);
  }
  const [line] = shellLines(page, "npm install --global");
  await shell(line, options);
}
