import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { addedBy, applyBlocks, blocksOf, copyOfRepository, runCommands } from "./page-steps";

const page = readFileSync(join(__dirname, "../../../docs/add-a-rule.md"), "utf8");
const blocks = blocksOf(page);

let copy: string;
beforeAll(() => {
  copy = copyOfRepository();
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

test("the page's rule takes at most 40 lines, everywhere together", () => {
  const added = addedBy(blocks);
  expect(blocks.map(({ path }) => path)).toContain("packages/core/src/rules/bdfa.ts");
  expect(added.length).toBeGreaterThan(10);
  expect(added.length).toBeLessThanOrEqual(40);
});

// A whole test run within one test.
const MINUTES = 60_000;

test(
  "done as the page says, a rule is everywhere and passes every engine's tests",
  () => {
    applyBlocks(copy, blocks);
    const tested = runCommands(copy, page);
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
