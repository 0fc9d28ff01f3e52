import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { settingsMarkdown } from "../../test/settings-markdown";
import { configJsonSchema } from "./json-schema";

const trainer = join(__dirname, "../..");
const docs = join(trainer, "../../docs/cli.md");
const readme = join(trainer, "README.md");
const schema = join(trainer, "config.schema.json");

const [begin, end] = ["<!-- settings: generated from the schema -->", "<!-- end of settings -->"];

/** A page with its generated part as the schema has it now. */
function withSettings(page: string): string {
  const [before, after] = [page.indexOf(begin), page.indexOf(end)];
  if (before < 0 || after < before) throw new Error(`The page has no ${begin} … ${end}.`);
  return `${page.slice(0, before + begin.length)}\n\n${settingsMarkdown()}\n\n${page.slice(after)}`;
}

// `UPDATE_GENERATED=1 npx jest packages/trainer` writes the files anew.
test.each<[string, (present: string) => string]>([
  [docs, withSettings],
  [readme, withSettings],
  [schema, () => `${JSON.stringify(configJsonSchema(), null, 2)}\n`],
])(
  "%s is what the schema says; if not, run UPDATE_GENERATED=1 npx jest packages/trainer",
  (path, generate) => {
    const present = existsSync(path) ? readFileSync(path, "utf8") : "";
    const expected = generate(present);
    if (process.env.UPDATE_GENERATED) writeFileSync(path, expected);
    else expect(present).toBe(expected);
  },
);
