// `pnpm --filter playground run cold-load [FOLDER …]`, after `build`: how long a first visit takes, from files on this
// machine, in a browser that has none of them: until something is painted, and until the first step is taken; and the
// processor time of the page's process by then, which says what it would be on a machine that does nothing else. Builds
// in other folders than `dist` are visited in turns, so that what else the machine does meets all of them.
import { join, resolve } from "node:path";
import { preview } from "vite";
import { freshBrowser, playAtOnce } from "./first-visit.mjs";

const VISITS = 9;
const root = join(import.meta.dirname, "..");
const given = process.argv.slice(2).filter((argument) => argument !== "--");

/** Visits a page with a browser of its own. */
async function visit(url) {
  const browser = await freshBrowser();
  const page = await browser.newPage();
  await playAtOnce(page, url);
  const times = await page.evaluate(() => ({
    painted: performance.getEntriesByName("first-contentful-paint")[0].startTime,
    trained: window.trained,
  }));
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  // The others are the browser's own pages, which it has without a window, too.
  const renderers = processInfo.filter(({ type }) => type === "renderer");
  const processor = 1000 * Math.max(...renderers.map(({ cpuTime }) => cpuTime));
  await browser.close();
  return { ...times, processor };
}

const builds = [];
for (const folder of given.length > 0 ? given : ["dist"]) {
  const server = await preview({ root, build: { outDir: resolve(folder) }, preview: { port: 0 } });
  builds.push({ folder, server, visits: [] });
}
for (let i = 0; i < VISITS; i++)
  for (const { server, visits } of builds) visits.push(await visit(server.resolvedUrls.local[0]));

const spread = (visits, name) => {
  const times = visits.map((times) => times[name]).sort((a, b) => a - b);
  const [least, middle, most] = [times[0], times[Math.floor(VISITS / 2)], times.at(-1)].map(
    (time) => (time / 1000).toFixed(2),
  );
  return `${middle} (${least}–${most})`;
};
const row = (cells) => `| ${cells.join(" | ")} |`;
console.log(row(["until", ...builds.map(({ folder }) => folder), "aimed at"]));
console.log(row(["---", ...builds.map(() => "---"), "---"]));
for (const [name, words, limit] of [
  ["painted", "something is painted", 1],
  ["trained", "the first step is taken", 3],
  ["processor", "the first step is taken, of processor time", ""],
])
  console.log(row([words, ...builds.map(({ visits }) => spread(visits, name)), limit]));
for (const { server } of builds) await server.close();
