import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** A block of TypeScript or JavaScript on a page of documentation, for readers to paste. */
export interface CodeBlock {
  readonly code: string;
  /** The line it begins in, from 1. */
  readonly line: number;
  /** What there has to be for it to run, where the page says so above it: `<!-- needs a run -->`. */
  readonly needs?: string;
}

/** The Markdown pages of the workspace: those people read, not the results of programs. */
export function pages(root: string): string[] {
  const inFolder = (folder: string) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith(".md"))
      .map((name) => join(root, folder, name));
  const readmes = ["packages", "apps"]
    .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(root, folder, name)))
    .map((folder) => join(folder, "README.md"));
  return [...inFolder("."), ...inFolder("docs"), ...inFolder("benchmarks"), ...readmes].filter(
    existsSync,
  );
}

/** The blocks of a page. Those that say which file they are part of (` ```ts path `) are not to be pasted. */
export function codeBlocks(page: string): CodeBlock[] {
  const pattern = /(?:^<!-- needs (.*) -->\n)?^```(?:js|ts)\n([\s\S]*?)^```$/gm;
  return [...page.matchAll(pattern)].map(({ 0: all, 1: needs, 2: code, index }) => ({
    code: code as string,
    line: page.slice(0, index + all.indexOf("```")).split("\n").length,
    ...(needs !== undefined && { needs }),
  }));
}
