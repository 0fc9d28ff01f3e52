import { join } from "node:path";
import { chartStyle, seriesColours } from "@bioflax/report";
import { defineConfig } from "vitepress";
import { repository } from "../src/links";
import { pagesOfTheRepository, root } from "../src/markdown";
import { routeOf } from "../src/pages";
import { apiSidebars, guideSidebar } from "../src/sidebar";
import { slug } from "../src/slug";

const site = join(root, "apps/site");

export default defineConfig({
  title: "bioflax",
  description:
    "Biologically plausible learning for TypeScript: feedback alignment and its kin, as TensorFlow.js layers and as a compiled trainer.",
  // Where it is published: GitHub Pages has a folder for each repository.
  base: process.env.SITE_BASE ?? "/",
  srcDir: root,
  outDir: process.env.SITE_OUT ?? join(site, "dist"),
  // Pages stay where they are, and are read on GitHub as well.
  rewrites: (file) => `${routeOf(file) ?? file}.md`,
  srcExclude: [
    ".*/**",
    "{benchmarks,findings,scripts}/**",
    "SECURITY.md",
    "packages/*/!(README).md",
    "packages/*/*/**",
    "apps/!(site|experiments)/**",
  ],
  // Else every page carries the sidebars.
  metaChunk: true,
  head: [
    ["link", { rel: "icon", href: "data:," }],
    [
      "style",
      {},
      `:root { ${seriesColours.light} --ink: var(--vp-c-text-1); --soft: var(--vp-c-text-2); --rule: var(--vp-c-divider); }
.dark { ${seriesColours.dark} }${chartStyle}`,
    ],
  ],
  markdown: {
    anchor: { slugify: slug },
    theme: { light: "github-light", dark: "github-dark" },
    config: pagesOfTheRepository,
  },
  vite: {
    plugins: [
      {
        // Pages lie where there is no Vue: while they are rendered they take that of the site.
        name: "vue-of-the-site",
        enforce: "pre",
        resolveId: (id, _from, { ssr }: { ssr?: boolean }) =>
          ssr && /^vue(\/server-renderer)?$/.test(id) ? { id, external: true } : undefined,
      },
    ],
    // Else `dev` looks for what to bundle in every page of the repository, those of other programs too.
    optimizeDeps: { entries: ["apps/site/.vitepress/theme/index.ts"] },
    build: { chunkSizeWarningLimit: 4000 },
  },
  transformPageData(page) {
    if (page.filePath.startsWith("apps/site/")) page.frontmatter.editLink = false;
    if (page.filePath.startsWith("apps/site/api/")) page.frontmatter.pageClass = "api";
  },
  themeConfig: {
    search: { provider: "local" },
    nav: [
      { text: "Guide", link: "/overview", activeMatch: "^/(overview|docs|packages|contributing)" },
      { text: "Results", link: "/results/", activeMatch: "^/results/" },
      { text: "API", link: "/api/", activeMatch: "^/api/" },
      { text: "Playground", link: "/playground/", target: "_self" },
    ],
    sidebar: { ...apiSidebars(join(site, "api")), "/": guideSidebar(root) },
    outline: [2, 3],
    socialLinks: [{ icon: "github", link: repository }],
    editLink: { pattern: `${repository}/edit/main/:path`, text: "Edit this page on GitHub" },
    footer: { message: "MIT License" },
  },
});
