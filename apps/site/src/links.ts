import { posix } from "node:path";
import { routeOf } from "./pages";

/** The repository as its own pages link to it. */
export const repository = "https://github.com/bioflax/bioflax";

/** What is at a path of the repository. */
export type Kind = "file" | "folder" | undefined;

/**
 * A link as the site has it: to the site's own page where there is one of the file, else to the file on GitHub.
 *
 * @param href as it is written.
 * @param from the file it is written in, from the repository's root.
 * @param kindOf what is at a path from the repository's root.
 * @throws Error where it leads nowhere.
 */
export function siteLink(href: string, from: string, kindOf: (path: string) => Kind): string {
  const own = new RegExp(`^${repository}/(?:blob|tree)/main/`).exec(href);
  if (own === null && /^(?:[a-z][a-z+.-]*:|#|\/)/i.test(href)) return href;
  const [, target, anchor] = /^([^#]*)(.*)$/.exec(href.slice(own?.[0].length ?? 0)) as string[];
  const path = posix
    .normalize(
      own === null ? posix.join(posix.dirname(from), target as string) : (target as string),
    )
    .replace(/\/$/, "");
  const kind = path.startsWith("..") ? undefined : kindOf(path);
  if (kind === undefined) throw new Error(`${from}: its link to ${href} leads nowhere.`);
  const readme = `${path}/README.md`;
  const route = routeOf(kind === "folder" && kindOf(readme) === "file" ? readme : path);
  if (route !== undefined) return `/${route.replace(/(^|\/)index$/, "$1")}${anchor}`;
  return `${repository}/${kind === "file" ? "blob" : "tree"}/main/${path}${anchor}`;
}
