import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { additions } from "./generated/additions";
import { applyBlocks, copyOfRepository, runCommands } from "./page-steps";

// The pages on adding a rule, a loss and so on, done as they say, all of them in one copy of the repository.

const root = join(__dirname, "../../..");

let copy: string;
beforeAll(() => {
  copy = copyOfRepository();
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

test("every page on adding something is tried", () => {
  const pages = readdirSync(join(root, "docs")).filter((name) => name.startsWith("add-a"));
  expect(additions.map(({ page }) => page).sort()).toEqual(
    pages.map((name) => `docs/${name}`).sort(),
  );
});

test("each adds one file, and a line or two to another; an option of layers changes three", () => {
  for (const { kind, blocks } of additions) {
    const created = blocks.filter(({ language }) => language === "ts");
    const changed = new Set(
      blocks.filter(({ language }) => language === "diff").map(({ path }) => path),
    );
    expect([kind, created.length, changed.size]).toEqual(
      kind === "layer option" ? [kind, 0, 3] : [kind, 1, 1],
    );
  }
});

// A whole test run within one test.
const MINUTES = 60_000;

test(
  "done as the pages say, everything added is everywhere and passes every engine's tests",
  () => {
    for (const { blocks } of additions) applyBlocks(copy, blocks);
    const names = additions.map(({ name }) => name);
    const patterns = additions.map(
      ({ page }) => /^npx jest .*-t (\w+)$/m.exec(readFileSync(join(root, page), "utf8"))?.[1],
    );
    expect(patterns).toEqual(names);
    // Of the tests, those that have an engine or a contract try something: to run them all takes several times as long.
    const suites = [
      "core/src/network",
      "core/testing/contracts",
      "metrics/src",
      "layers/test/(training|convolutions)",
      "compiler/test/conformance",
      "trainer/test/engines-agree",
      "datasets/src/registry",
    ];
    // The help's snapshot, which the pages have written anew by a command of its own, is one more suite here.
    const tested = runCommands(
      copy,
      [
        "pnpm docs:generate cli README schema datasets layers/",
        `npx jest ${suites.join(" ")} trainer/src/cli/cli -t (help|${names.join("|")}) --update-snapshot`,
      ].join("\n"),
    );
    const textOf = (path: string) => readFileSync(join(copy, path), "utf8");
    const help = textOf("docs/cli.md");
    for (const shown of [
      "bdfa (Binary direct feedback alignment)",
      "softsign",
      "logCosh",
      "qhm",
      "`--nu x`",
      "rings",
      "| `--gradient-scale x` | `gradientScale` | 1 |",
    ])
      expect(help).toContain(shown);
    expect(textOf("packages/layers/README.md")).toContain("| `gradientScale` |");
    expect(textOf("docs/datasets.md")).toContain("| `rings` |");
    expect(textOf("packages/trainer/config.schema.json")).toContain('"gradientScale"');
    for (const suite of suites)
      expect(tested.some(({ file, passed }) => new RegExp(suite).test(file) && passed > 0)).toBe(
        true,
      );
    expect(tested.reduce((total, { passed }) => total + passed, 0)).toBeGreaterThan(300);
  },
  15 * MINUTES,
);
