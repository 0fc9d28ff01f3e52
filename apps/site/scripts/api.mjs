// Writes the API reference into apps/site/api, as Markdown: a page for each name that a package exports, from its docstring.
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Application, Comment, OptionDefaults } from "typedoc";
import { MarkdownPageEvent } from "typedoc-plugin-markdown";

const root = join(import.meta.dirname, "../../..");
const packages = join(root, "packages");
const out = join(import.meta.dirname, "../api");

/** What there is in entries beside a package's main one. */
const besides = {
  "/node": "What of it needs Node.",
  "/register": "Imported for what it does, before TensorFlow.js.",
  "/testing": "What tests of your own definitions need.",
};

/** Every public entry: the name one imports it by, such as `@bioflax/core/testing`, its source, and what it is. */
const entries = readdirSync(packages).flatMap((folder) => {
  const manifest = join(packages, folder, "package.json");
  if (!existsSync(manifest)) return [];
  const { name, description, exports = {} } = JSON.parse(readFileSync(manifest, "utf8"));
  return Object.entries(exports)
    .filter(([, target]) => target["@bioflax/source"] !== undefined)
    .map(([path, target]) => ({
      name: name + path.slice(1),
      source: join(packages, folder, target["@bioflax/source"]),
      description: path === "." ? description : besides[path.slice(1)],
    }));
});

/** The folders of pages, and what each page in them is of. */
const kinds = {
  classes: "class",
  enumerations: "enumeration",
  functions: "function",
  interfaces: "interface",
  "type-aliases": "type",
  variables: "constant",
};

const app = await Application.bootstrapWithPlugins({
  entryPoints: entries.map(({ source }) => source),
  name: "API reference",
  tsconfig: join(root, "tsconfig.json"),
  // `pnpm typecheck` finds what is wrong with types.
  skipErrorChecking: true,
  plugin: ["typedoc-plugin-markdown"],
  outputs: [{ name: "markdown", path: out }],
  router: "member",
  entryFileName: "index",
  readme: "none",
  basePath: root,
  disableGit: true,
  sourceLinkTemplate: "https://github.com/bioflax/bioflax/blob/main/packages/{path}#L{line}",
  // What classes inherit from TensorFlow.js is said there.
  excludeExternals: true,
  excludePrivate: true,
  excludeInternal: true,
  hidePageHeader: true,
  hideBreadcrumbs: true,
  pageTitleTemplates: {
    member: ({ name }) => name,
    module: ({ name }) => `@bioflax/${name}`,
  },
  sanitizeComments: true,
  indexFormat: "table",
  parametersFormat: "table",
  tableColumnSettings: { hideDefaults: false, hideSources: true, leftAlignHeaders: true },
  // Known to the Closure compiler, by which TensorFlow.js is built.
  blockTags: [...OptionDefaults.blockTags, "@nocollapse"],
  excludeTags: [...OptionDefaults.excludeTags, "@nocollapse"],
  validation: { notExported: false, invalidLink: true, invalidPath: true, notDocumented: false },
  logLevel: "Warn",
});

const project = await app.convert();
if (project === undefined) process.exit(1);
for (const module of project.children ?? []) {
  const file = join(root, module.sources[0].fileName);
  const entry = entries.find(({ source }) => source === file);
  if (entry?.description === undefined) throw new Error(`Nothing is known of the entry ${file}.`);
  // Folders and addresses of pages are made of it.
  module.name = entry.name.replace("@bioflax/", "");
  module.comment = new Comment([{ kind: "text", text: entry.description }]);
}

app.renderer.on(MarkdownPageEvent.END, (page) => {
  // The list of all packages.
  if (page.url === "index.md")
    page.contents = page.contents
      .replace("## Modules\n\n", "")
      .replace("| Module |", "| Import |")
      .replace(/\[([^\]]+)\]\((.*?\.md)\)/g, "[`@bioflax/$1`]($2)");
  // Below the name of a page, what it is and where it is imported from.
  const [, entry, folder] = /^(.+)\/([^/]+)\/[^/]+\.md$/.exec(page.url) ?? [];
  const kind = kinds[folder];
  if (kind !== undefined)
    page.contents = page.contents.replace(
      /^(# .*)\n/,
      `$1\n\n${kind} of [\`@bioflax/${entry}\`](../index.md)\n`,
    );
});

rmSync(out, { recursive: true, force: true });
await app.generateOutputs(project);
if (app.logger.hasErrors() || app.logger.hasWarnings()) process.exitCode = 1;
