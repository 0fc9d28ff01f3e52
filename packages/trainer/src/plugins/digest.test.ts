import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { scratchFolder } from "../../test/scratch";
import { digestOf } from "./digest";

const folder = scratchFolder();
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const put = (name: string, text: string) => writeFileSync(join(folder, name), text);

test("the digest of one file is sha256sum's", async () => {
  put("alone.mjs", 'import "node:fs";\nexport default 1;\n');
  expect(await digestOf(join(folder, "alone.mjs"))).toBe(
    `sha256:${sha256('import "node:fs";\nexport default 1;\n')}`,
  );
});

test("the digest of several is that of what sha256sum prints of them, and follows each, in circles too", async () => {
  mkdirSync(join(folder, "lib"));
  const [main, helper] = ['import { h } from "./lib/helper.mjs";\n', 'import("../main.mjs");\n'];
  put("main.mjs", main);
  put("lib/helper.mjs", helper);
  const printed = `${sha256(helper)}  lib/helper.mjs\n${sha256(main)}  main.mjs\n`;
  expect(await digestOf(join(folder, "main.mjs"))).toBe(`sha256:${sha256(printed)}`);
  put("lib/helper.mjs", `${helper}//\n`);
  expect(await digestOf(join(folder, "main.mjs"))).not.toBe(`sha256:${sha256(printed)}`);
});
