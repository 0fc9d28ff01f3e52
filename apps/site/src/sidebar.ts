import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { DefaultTheme } from "vitepress";

/** Which pages of docs stand under which heading, in this order; what is named nowhere comes under the last. */
const groups: readonly (readonly [heading: string, pages: readonly string[]])[] = [
  [
    "Start",
    ["installing", "rules", "networks", "recurrent", "from-bioflax", "from-biotorch", "glossary"],
  ],
  ["Train", ["cli", "datasets", "targets", "layer-options", "runs", "sweeps", "replicas"]],
  ["Look", ["playground", "reports", "logging", "robustness"]],
  ["Compute", ["devices", "browser", "gpu", "tensorflow-node", "xla"]],
  [
    "Extend",
    [
      "plugins",
      "add-a-rule",
      "add-a-layer",
      "add-a-layer-option",
      "add-a-loss",
      "add-an-activation",
      "add-an-optimizer",
      "add-a-data-set",
    ],
  ],
  ["Measured", ["published-figures", "benchmarks"]],
  ["Inside", ["architecture", "site", "releasing"]],
];

/** The title of a Markdown page, without what a colon adds. */
const titleOf = (file: string) => /^# ([^:\n]+)/m.exec(readFileSync(file, "utf8"))?.[1] ?? file;

const markdownIn = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".md"))
    .map((name) => name.slice(0, -".md".length));

/** The guides, packages and results, beside every page but those of the API reference. */
export function guideSidebar(root: string): DefaultTheme.SidebarItem[] {
  const there = markdownIn(join(root, "docs"));
  const named = new Set(groups.flatMap(([, pages]) => pages));
  const page = (name: string) => ({
    text: titleOf(join(root, "docs", `${name}.md`)),
    link: `/docs/${name}`,
  });
  const guides = groups.map(([text, pages]) => ({
    text,
    items: pages.filter((name) => there.includes(name)).map(page),
  }));
  guides[0]?.items.unshift({ text: "Overview", link: "/overview" });
  const last = guides.at(-1);
  last?.items.push(...there.filter((name) => !named.has(name)).map(page));
  last?.items.push({ text: "Contributing", link: "/contributing" });
  const tables = markdownIn(join(root, "apps/experiments/results"));
  return [
    ...guides,
    {
      text: "Results",
      collapsed: true,
      items: [
        { text: "In figures", link: "/results/" },
        ...tables.map((name) => ({ text: name, link: `/results/${name}` })),
      ],
    },
    {
      text: "Packages",
      collapsed: true,
      items: readdirSync(join(root, "packages"))
        .filter((name) => !name.startsWith("."))
        .map((name) => ({
          text: titleOf(join(root, "packages", name, "README.md")),
          link: `/packages/${name}/`,
        })),
    },
  ];
}

/** The parts of an entry's page in the API reference. */
const partsOf = (file: string) =>
  [...readFileSync(file, "utf8").matchAll(/^## (.+)$/gm)].map(([, part]) => part as string);

/** Every entry of a package, with the parts of the one that is read: a sidebar for each. */
export function apiSidebars(api: string): DefaultTheme.SidebarMulti {
  const entries = readdirSync(api, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => /[^/]\/index\.md$/.test(file))
    .map((file) => file.slice(0, -"/index.md".length))
    .sort();
  const sidebar = (read?: string) => [
    {
      text: "API reference",
      link: "/api/",
      items: entries.map((entry) => ({
        text: `@bioflax/${entry}`,
        link: `/api/${entry}/`,
        ...(entry === read && {
          items: partsOf(join(api, entry, "index.md")).map((part) => ({
            text: part,
            link: `/api/${entry}/#${part.toLowerCase().replaceAll(" ", "-")}`,
          })),
        }),
      })),
    },
  ];
  return {
    "/api/": sidebar(),
    ...Object.fromEntries(entries.map((entry) => [`/api/${entry}/`, sidebar(entry)])),
  };
}
