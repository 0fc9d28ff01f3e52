// `pnpm --filter playground run cold-load`, after `build`: how long a first visit takes, from files on this machine, in
// a browser that has none of them: until something is painted, and until the first step is taken; and the processor time
// of the page's process by then, which says what it would be on a machine that does nothing else.
import { join } from "node:path";
import { chromium } from "playwright-core";
import { preview } from "vite";

const VISITS = 5;
const root = join(import.meta.dirname, "..");
const server = await preview({ root, preview: { port: 0 } });

/** Visits the page with a browser of its own, and plays as soon as that can be done. */
async function visit() {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox"],
  });
  const page = await browser.newPage();
  await page.addInitScript(() => {
    const timer = setInterval(() => {
      const play = document.querySelector("button.main:enabled");
      const steps = Number(/Step (\d+)/.exec(document.querySelector("output")?.textContent)?.[1]);
      if (steps > 0) {
        clearInterval(timer);
        window.trained = performance.now();
      } else if (play !== null && window.played === undefined) {
        window.played = performance.now();
        play.click();
      }
    }, 5);
  });
  await page.goto(server.resolvedUrls.local[0]);
  await page.waitForFunction(() => window.trained !== undefined);
  const times = await page.evaluate(() => ({
    painted: performance.getEntriesByName("first-contentful-paint")[0].startTime,
    trained: window.trained,
  }));
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const processor = processInfo
    .filter(({ type }) => type === "renderer")
    .reduce((sum, { cpuTime }) => sum + 1000 * cpuTime, 0);
  await browser.close();
  return { ...times, processor };
}

const visits = [];
for (let i = 0; i < VISITS; i++) visits.push(await visit());
const row = (name) => {
  const times = visits.map((times) => times[name]).sort((a, b) => a - b);
  const [least, middle, most] = [times[0], times[Math.floor(VISITS / 2)], times.at(-1)];
  return [middle, least, most].map((time) => (time / 1000).toFixed(2));
};
console.log("| until | seconds, median (least–most) | limit |\n|---|---|---|");
for (const [name, words, limit] of [
  ["painted", "something is painted", 1],
  ["trained", "the first step is taken", 3],
  ["processor", "the first step is taken, of processor time", ""],
]) {
  const [middle, least, most] = row(name);
  console.log(`| ${words} | ${middle} (${least}–${most}) | ${limit} |`);
}
await server.close();
