import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { addedBy, applyBlocks, blocksOf, copyOfRepository, runCommands } from "./page-steps";

const page = readFileSync(join(__dirname, "../../../docs/add-a-layer-option.md"), "utf8");
const blocks = blocksOf(page);

let copy: string;
beforeAll(() => {
  copy = copyOfRepository();
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

test("the page's option takes three files: the table, the maths and the reference", () => {
  expect([...new Set(blocks.map(({ path }) => path))]).toEqual([
    "packages/core/src/layers/learning-options.ts",
    "packages/core/src/layers/kernel-layer.ts",
    "packages/core/testing/plain-pass.ts",
  ]);
  expect(addedBy(blocks).length).toBeLessThanOrEqual(35);
});

// A whole test run within one test.
const MINUTES = 60_000;

test(
  "done as the page says, an option is everywhere and passes every engine's tests",
  () => {
    applyBlocks(copy, blocks);
    const tested = runCommands(copy, page);
    const textOf = (path: string) => readFileSync(join(copy, path), "utf8");
    expect(textOf("docs/cli.md")).toContain("| `--gradient-scale x` | `gradientScale` | 1 |");
    expect(textOf("packages/trainer/config.schema.json")).toContain('"gradientScale"');
    for (const path of ["docs/layer-options.md", "packages/layers/README.md"])
      expect(textOf(path)).toContain("| `gradientScale` |");
    for (const suite of ["core/src/network", "core/src/layers", "layers/test", "compiler/test"])
      expect(tested.some(({ file, passed }) => file.includes(suite) && passed > 0)).toBe(true);
  },
  10 * MINUTES,
);
