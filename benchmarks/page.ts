import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Something in the repository, from a benchmark that is built. */
export const repositoryPath = (path: string) =>
  fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** A row of a table in Markdown. */
const tableRow = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;

/** A table in Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map(tableRow).join("\n");
}

/** Puts text between two marks of docs/benchmarks.md, `<!-- name: … -->` and `<!-- end of name -->`. */
export function writeSection(name: string, text: string): void {
  const page = repositoryPath("docs/benchmarks.md");
  const before = readFileSync(page, "utf8");
  const section = new RegExp(`(<!-- ${name}: [^>]*-->)[^]*(<!-- end of ${name} -->)`);
  if (!section.test(before)) throw new Error(`${page} has no section for ${name}.`);
  writeFileSync(
    page,
    before.replace(section, (_, start, end) => `${start}\n\n${text.trim()}\n\n${end}`),
  );
}

/** Keeps what was measured as JSON, beside the others. */
export function writeResults(name: string, value: object): void {
  writeFileSync(
    repositoryPath(`benchmarks/results/${name}.json`),
    `${JSON.stringify(value, null, 2)}\n`,
  );
}
