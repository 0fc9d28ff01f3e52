import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { pages } from "./pages";

const root = join(__dirname, "../../../..");

// The rules' page trains every rule with some layers, on every engine.
test.each(pages.map((page) => [page.path, page] as const))(
  "%s is as generated; if not, run pnpm docs:generate",
  async (path, page) => {
    const file = join(root, path);
    const present = existsSync(file) ? readFileSync(file, "utf8") : "";
    expect(present).toBe(await page.generate(present));
  },
  300_000,
);
