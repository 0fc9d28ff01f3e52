import { readFileSync } from "node:fs";
import { join } from "node:path";
import { addedBy, type Block, blocksOf } from "../page-steps";
import { type Page, table, withPart } from "./page";

const root = join(__dirname, "../../../..");

/** A page on adding something, and what that is. */
export interface Addition {
  readonly kind: string;
  readonly page: string;
  /** The name of what the page adds. */
  readonly name: string;
  readonly blocks: readonly Block[];
}

const of = (kind: string, page: string, name: string): Addition => ({
  kind,
  page,
  name,
  blocks: blocksOf(readFileSync(join(root, page), "utf8")),
});

/** Every such page. */
export const additions: readonly Addition[] = [
  of("rule", "docs/add-a-rule.md", "bdfa"),
  of("activation", "docs/add-an-activation.md", "softsign"),
  of("loss", "docs/add-a-loss.md", "logCosh"),
  of("optimizer", "docs/add-an-optimizer.md", "qhm"),
  of("layer", "docs/add-a-layer.md", "layerScale"),
  of("data set", "docs/add-a-data-set.md", "rings"),
  of("layer option", "docs/add-a-layer-option.md", "gradientScale"),
];

/** What a page's diff comes to. */
function row({ kind, page, name, blocks }: Addition): string[] {
  const created = blocks.filter(({ language }) => language === "ts");
  const changes = blocks.filter(({ language }) => language === "diff");
  return [
    `[${kind}](${page})`,
    `\`${name}\``,
    String(created.length),
    String(addedBy(created).length),
    String(new Set(changes.map(({ path }) => path)).size),
    String(addedBy(changes).length),
  ];
}

/** CONTRIBUTING.md: how much each page adds, counted from its diff. */
export const additionsPage: Page = {
  path: "CONTRIBUTING.md",
  generate: (present) =>
    withPart(
      present,
      "additions",
      table(
        ["to add a", "the page's example", "new files", "their lines", "changed files", "lines added to them"],
        additions.map(row),
      ),
    ),
};
