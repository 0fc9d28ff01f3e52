import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";

const root = join(__dirname, "../../..");
const page = readFileSync(join(root, "docs/add-a-rule.md"), "utf8");

/** A code block of the page that says which file it is for. */
interface Block {
  readonly language: string;
  readonly path: string;
  readonly lines: readonly string[];
}

const blocks = [...page.matchAll(/^```(ts|diff) (\S+)\n([\s\S]*?)^```$/gm)].map(
  ([, language, path, text]): Block => ({
    language: language as string,
    path: path as string,
    lines: (text as string).split("\n").slice(0, -1),
  }),
);

/** A file with a hunk of the page applied to it. */
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

let copy: string;
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "bioflax-add-a-rule-"));
  const left = new Set(["dist", ".turbo", ".venv", "runs", ".git"]);
  const keep = (path: string) => !left.has(path.split(sep).at(-1) as string);
  for (const entry of readdirSync(root)) {
    if (entry === "node_modules") symlinkSync(join(root, entry), join(copy, entry));
    else if (
      [
        "packages",
        "apps",
        "benchmarks",
        "docs",
        "scripts",
        "jest.config.mjs",
        "package.json",
        "README.md",
      ].includes(entry)
    )
      cpSync(join(root, entry), join(copy, entry), {
        recursive: true,
        verbatimSymlinks: true,
        filter: keep,
      });
  }
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** How many tests of a file passed. */
interface Tested {
  readonly file: string;
  readonly passed: number;
}
const tested: Tested[] = [];

/** Runs `pnpm docs:generate` in the copy. */
function generateDocs(): void {
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(copy, "scripts/docs-generate.mjs")],
    { cwd: copy, encoding: "utf8" },
  );
  if (status !== 0) throw new Error(stderr);
}

/** Runs jest in the copy. Its result goes to a file: whatever else is printed on the way, it stays JSON. */
function jest(args: readonly string[]) {
  const outputFile = join(copy, "jest-result.json");
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, "node_modules/jest/bin/jest.js"), "--json", "--outputFile", outputFile, ...args],
    {
      cwd: copy,
      encoding: "utf8",
      maxBuffer: 1 << 28,
      // CI=true, as continuous integration sets it, would keep new snapshots from being written.
      env: { ...process.env, CI: "" },
    },
  );
  // Notices, as of what is skipped, are no results.
  if (status === 0) expect(stdout).toBe("");
  const results: Tested[] = (
    status === 0 ? JSON.parse(readFileSync(outputFile, "utf8")).testResults : []
  ).map((file: { name: string; assertionResults: { status: string }[] }) => ({
    file: file.name,
    passed: file.assertionResults.filter((result) => result.status === "passed").length,
  }));
  return { status, output: stderr, results };
}

test("the page's rule takes at most 40 lines, everywhere together", () => {
  const added = blocks.flatMap(({ language, lines }) =>
    language === "ts" ? lines : lines.filter((line) => line.startsWith("+")),
  );
  expect(blocks.map(({ path }) => path)).toContain("packages/core/src/rules/bdfa.ts");
  expect(added.length).toBeGreaterThan(10);
  expect(added.length).toBeLessThanOrEqual(40);
});

// A whole test run within one test.
const MINUTES = 60_000;

test(
  "done as the page says, a rule is everywhere and passes every engine's tests",
  () => {
    for (const { language, path, lines } of blocks) {
      const file = join(copy, path);
      writeFileSync(
        file,
        language === "ts" ? `${lines.join("\n")}\n` : patched(readFileSync(file, "utf8"), lines),
      );
    }
    for (const [command] of page.matchAll(/^(pnpm docs:generate|npx jest .*)$/gm)) {
      if (command === "pnpm docs:generate") {
        generateDocs();
        continue;
      }
      const { status, output, results } = jest(command.split(" ").slice(2));
      if (status !== 0) throw new Error(output);
      tested.push(...results);
    }
    expect(readFileSync(join(copy, "docs/cli.md"), "utf8")).toContain(
      "bdfa (Binary direct feedback alignment)",
    );
    expect(readFileSync(join(copy, "docs/rules.md"), "utf8")).toContain("| `bdfa` |");
    for (const suite of [
      "core/src/network",
      "metrics",
      "layers/test",
      "compiler/test",
      "trainer/test",
    ])
      expect(tested.some(({ file, passed }) => file.includes(suite) && passed > 0)).toBe(true);
    expect(tested.reduce((total, { passed }) => total + passed, 0)).toBeGreaterThan(100);
  },
  5 * MINUTES,
);
