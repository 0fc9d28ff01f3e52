import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { codeBlocks, pages } from "./code-blocks";

const root = join(__dirname, "../../..");
const blocks = pages(root).flatMap((path) =>
  codeBlocks(readFileSync(path, "utf8")).map((block) => ({
    name: `${relative(root, path)}:${block.line}`,
    ...block,
  })),
);

let folder: string;
beforeAll(() => {
  // In the package that depends on all the others, where what the blocks import is found.
  const cache = join(__dirname, "../node_modules/.cache");
  mkdirSync(cache, { recursive: true });
  folder = mkdtempSync(join(cache, "documentation-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("every block of TypeScript or JavaScript in READMEs and docs compiles, strict, pasted as it is", () => {
  expect(blocks.length).toBeGreaterThan(30);
  for (const [i, { code }] of blocks.entries())
    writeFileSync(join(folder, `block-${i}.ts`), `${code}\nexport {};\n`);
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      extends: join(root, "tsconfig.base.json"),
      // Strict as most projects are; the workspace asks for more of itself.
      compilerOptions: { noUncheckedIndexedAccess: false, exactOptionalPropertyTypes: false },
      include: ["*.ts"],
    }),
  );
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  const { status, stdout } = spawnSync(process.execPath, [compiler, "--project", folder], {
    encoding: "utf8",
    cwd: folder,
  });
  expect(stdout.replace(/^block-(\d+)\.ts/gm, (_, i) => blocks[Number(i)]!.name)).toBe("");
  expect(status).toBe(0);
}, 300_000);
