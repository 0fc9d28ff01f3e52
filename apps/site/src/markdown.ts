import { statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { MarkdownEnv, MarkdownRenderer } from "vitepress";
import { diagram } from "./diagram";
import { figure } from "./figures";
import { type Kind, siteLink } from "./links";

/** The folder of the repository. */
export const root = join(import.meta.dirname, "../../..");

function kindOf(path: string): Kind {
  const found = statSync(join(root, path), { throwIfNoEntry: false });
  return found && (found.isDirectory() ? "folder" : "file");
}

/** Pictures of a page for light and for dark, as GitHub takes them, chosen here by the reader's switch. */
function pictures(text: string): string {
  return text.replace(
    /<picture>\s*<source media="\(prefers-color-scheme: dark\)" srcset="([^"]+)">\s*<img alt="([^"]*)" src="([^"]+)">\s*<\/picture>/g,
    '<img class="in-dark" alt="$2" src="./$1"><img class="in-light" alt="$2" src="./$3">',
  );
}

/** Makes pages that are written for GitHub pages of the site: their links, titles, charts and pictures. */
export function pagesOfTheRepository(md: MarkdownRenderer): void {
  md.core.ruler.before("normalize", "title", (state) => {
    const file = sourceOf(state.env);
    // Tables of results come without one.
    const [, table] = /^apps\/experiments\/results\/([^/]+)\.md$/.exec(file) ?? [];
    if (table !== undefined && !/^# /m.test(state.src))
      state.src = `# Results: ${table}\n\n${state.src}`;
  });
  md.core.ruler.push("links", (state) => {
    const file = sourceOf(state.env);
    if (file === "") return;
    for (const token of state.tokens) {
      // Indented lines of code look as those between fences do.
      if (token.type === "code_block") token.type = "fence";
      if (token.type === "html_block") token.content = pictures(token.content);
      for (const one of token.children ?? []) {
        const href = one.type === "link_open" ? one.attrGet("href") : null;
        if (href !== null) one.attrSet("href", siteLink(href, file, kindOf));
      }
    }
  });

  const fence = md.renderer.rules.fence;
  md.renderer.rules.fence = (tokens, at, options, env, self) => {
    const token = tokens[at] as (typeof tokens)[number];
    const [language] = token.info.split(" ");
    if (language === "mermaid") return `<div class="diagram" v-pre>${diagram(token.content)}</div>`;
    if (language === "figure") return `<div class="figures" v-pre>${figure(token.content)}</div>`;
    return fence?.(tokens, at, options, env, self) ?? "";
  };
}

/** The file a page is written in, from the repository's root; empty for the text of a title alone. */
function sourceOf(env: Partial<MarkdownEnv>): string {
  const path = env.realPath ?? env.path;
  if (path === undefined) return "";
  return relative(root, path).split(sep).join("/");
}
