/** A file of the docs that is generated, all of it or a part. */
export interface Page {
  /** Its path from the repository's root. */
  readonly path: string;
  /** The file as it should be. @param present as it is; empty where there is none. */
  generate(present: string): string | Promise<string>;
}

/** A page with the part between two comments, `<!-- name: … -->` and `<!-- end of name -->`, replaced. */
export function withPart(page: string, name: string, text: string): string {
  const begin = new RegExp(`<!-- ${name}: [^\n]* -->`).exec(page);
  const after = page.indexOf(`<!-- end of ${name} -->`);
  if (begin === null || after < begin.index)
    throw new Error(`The page has no <!-- ${name}: … --> … <!-- end of ${name} -->.`);
  return `${page.slice(0, begin.index + begin[0].length)}\n\n${text}\n\n${page.slice(after)}`;
}

/** A table in Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
