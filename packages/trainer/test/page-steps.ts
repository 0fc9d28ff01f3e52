import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

const root = join(__dirname, "../../..");

/** A code block of a page that says which file it is for. */
export interface Block {
  readonly language: string;
  readonly path: string;
  readonly lines: readonly string[];
}

/** How many tests of a file passed. */
export interface Tested {
  readonly file: string;
  readonly passed: number;
}

/** The blocks of a page that make or change files: whole ones in TypeScript, and hunks. */
export const blocksOf = (page: string): Block[] =>
  [...page.matchAll(/^```(ts|diff) (\S+)\n([\s\S]*?)^```$/gm)].map(([, language, path, text]) => ({
    language: language as string,
    path: path as string,
    lines: (text as string).split("\n").slice(0, -1),
  }));

/** The lines that the blocks add. */
export const addedBy = (blocks: readonly Block[]): string[] =>
  blocks.flatMap(({ language, lines }) =>
    language === "ts" ? lines : lines.filter((line) => line.startsWith("+")),
  );

/** A copy of the repository, in a temporary folder that whoever asks for it removes. */
export function copyOfRepository(): string {
  const copy = mkdtempSync(join(tmpdir(), "bioflax-page-"));
  const left = new Set(["dist", ".turbo", ".venv", ".git"]);
  // Of the experiments, their folder of runs; the package of that name is none.
  const isLeft = (path: string) =>
    left.has(basename(path)) || path === join(root, "apps/experiments/runs");
  const wanted =
    "packages apps benchmarks docs scripts jest.config.mjs package.json README.md CONTRIBUTING.md";
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  for (const entry of readdirSync(root).filter((name) => wanted.split(" ").includes(name)))
    cpSync(join(root, entry), join(copy, entry), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !isLeft(path),
    });
  return copy;
}

/** A file with a hunk applied to it. */
function patched(text: string, lines: readonly string[]): string {
  const side = (leftOut: string) =>
    lines
      .filter((line) => !line.startsWith(leftOut))
      .map((line) => line.slice(1))
      .join("\n");
  const parts = text.split(side("+"));
  if (parts.length !== 2)
    throw new Error(`The page's hunk is ${parts.length - 1} times in its file:\n${side("+")}`);
  return parts.join(side("-"));
}

/** Makes the files of a page's blocks in a copy of the repository. */
export function applyBlocks(copy: string, blocks: readonly Block[]): void {
  for (const { language, path, lines } of blocks) {
    const file = join(copy, path);
    writeFileSync(
      file,
      language === "ts" ? `${lines.join("\n")}\n` : patched(readFileSync(file, "utf8"), lines),
    );
  }
}

/** What a script of Node's prints, run in a copy of the repository. @throws Error with what it said when it fails. */
function run(copy: string, script: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    cwd: copy,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    // CI=true, as continuous integration sets it, would keep new snapshots from being written.
    env: { ...process.env, CI: "" },
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

/**
 * Runs jest in a copy of the repository. Its result goes to a file: whatever else is printed on the way, it stays JSON.
 */
function jest(copy: string, args: readonly string[]): Tested[] {
  const outputFile = join(copy, "jest-result.json");
  const script = join(root, "node_modules/jest/bin/jest.js");
  const printed = run(copy, script, ["--json", "--outputFile", outputFile, ...args]);
  if (printed !== "") throw new Error(`Tests print nothing, and these did: ${printed}`);
  return JSON.parse(readFileSync(outputFile, "utf8")).testResults.map(
    (file: { name: string; assertionResults: { status: string }[] }) => ({
      file: file.name,
      passed: file.assertionResults.filter((result) => result.status === "passed").length,
    }),
  );
}

/**
 * Runs a page's commands in a copy of the repository: those that generate docs, and those of jest.
 *
 * @returns what passed.
 * @throws Error with what it said when one fails.
 */
export function runCommands(copy: string, page: string): Tested[] {
  const commands = [...page.matchAll(/^(pnpm docs:generate|npx jest)(.*)$/gm)];
  return commands.flatMap(([, command, words = ""]) => {
    const args = words.split(" ").filter(Boolean);
    if (command === "npx jest") return jest(copy, args);
    run(copy, join(copy, "scripts/docs-generate.mjs"), args);
    return [];
  });
}
