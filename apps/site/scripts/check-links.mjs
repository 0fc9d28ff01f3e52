// `node check-links.mjs FOLDER [BASE]`: follows the links of a built site among its own pages, anchors included. BASE is where
// it is published: `/`, or a folder, `/bioflax/`. Says which lead nowhere.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const entities = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'" };
const plain = (text) => text.replace(/&(?:amp|lt|gt|quot|#39);/g, (one) => entities[one]);

const [folder, base = "/"] = process.argv.slice(2);
const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => file.endsWith(".html"));
const pages = new Map(
  files.map((file) => {
    const text = readFileSync(join(folder, file), "utf8");
    const all = (pattern) => [...text.matchAll(pattern)].map(([, found]) => plain(found));
    return [
      file,
      { anchors: new Set(all(/\sid="([^"]*)"/g)), links: all(/<a\s[^>]*?href="([^"]*)"/g) },
    ];
  }),
);
let links = 0;
const dead = [];
for (const [file, page] of pages) {
  for (const href of new Set(page.links)) {
    const url = new URL(href, `http://site${base}${file}`);
    if (url.host !== "site") continue;
    links++;
    const path = decodeURIComponent(url.pathname);
    const target = path.endsWith("/") ? `${path}index.html` : path;
    const inside = target.startsWith(base) ? target.slice(base.length) : undefined;
    const anchor = decodeURIComponent(url.hash.slice(1));
    if (inside === undefined || !existsSync(join(folder, inside)))
      dead.push(`${file}: there is no ${href}`);
    // What a program shows is its own.
    else if (
      anchor !== "" &&
      !inside.startsWith("playground/") &&
      !pages.get(inside)?.anchors.has(anchor)
    )
      dead.push(`${file}: there is no #${anchor} in ${href}`);
  }
}
if (dead.length > 0) {
  console.error(dead.join("\n"));
  process.exit(1);
}
console.log(`${pages.size} pages; their ${links} links among each other lead somewhere.`);
