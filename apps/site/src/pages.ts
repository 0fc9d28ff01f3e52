/** Where the pages of the site come from: Markdown files of the repository, as they are. */
const sources: readonly (readonly [pattern: RegExp, route: string])[] = [
  [/^apps\/site\/pages\/(.+)\.md$/, "$1"],
  [/^README\.md$/, "overview"],
  [/^CONTRIBUTING\.md$/, "contributing"],
  [/^docs\/([^/]+)\.md$/, "docs/$1"],
  [/^packages\/([^/]+)\/README\.md$/, "packages/$1/index"],
  [/^apps\/experiments\/results\/([^/]+)\.md$/, "results/$1"],
  // The folder itself: the results in figures.
  [/^apps\/experiments\/results$/, "results/index"],
  // Written by scripts/api.mjs.
  [/^apps\/site\/api\/(.+)\.md$/, "api/$1"],
];

/** The page that a Markdown file is on the site, `docs/rules` for instance; undefined where it is none. */
export function routeOf(file: string): string | undefined {
  for (const [pattern, route] of sources)
    if (pattern.test(file)) return file.replace(pattern, route);
  return undefined;
}
