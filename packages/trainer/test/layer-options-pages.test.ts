import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { everyLearningOption } from "@bioflax/core";
import { expect, test } from "@jest/globals";

const root = join(__dirname, "../../..");
const begin = "<!-- layer options: generated from the table -->";
const end = "<!-- end of layer options -->";

/** Core's table of how layers learn, in Markdown. */
const optionsTable = [
  "| setting | what it does | goes with |",
  "| --- | --- | --- |",
  ...everyLearningOption.map(
    ([name, { docs }]) => `| \`${name}\` | ${docs.effect} | ${docs.goesWith} |`,
  ),
].join("\n");

// `UPDATE_GENERATED=1 npx jest layer-options-pages` writes the pages anew.
test.each(["docs/rules.md", "packages/layers/README.md"])(
  "%s has core's options of layers; if not, run UPDATE_GENERATED=1 npx jest layer-options-pages",
  (page) => {
    const path = join(root, page);
    const present = readFileSync(path, "utf8");
    const [before, after] = [present.indexOf(begin), present.indexOf(end)];
    expect(before).toBeGreaterThanOrEqual(0);
    expect(after).toBeGreaterThan(before);
    const expected = `${present.slice(0, before + begin.length)}\n\n${optionsTable}\n\n${present.slice(after)}`;
    if (process.env.UPDATE_GENERATED) writeFileSync(path, expected);
    else expect(present).toBe(expected);
  },
);
