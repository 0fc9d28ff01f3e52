// `pnpm --filter playground run frames [FOLDER …]`, after `build`: how many frames a second the page has while it trains four
// rules at once, as fast as it goes, and at rest, which says what the machine gives. Builds in other folders than `dist` are
// measured in turns, so that what else the machine does meets all of them.
import { join, resolve } from "node:path";
import { preview } from "vite";
import { freshBrowser } from "./first-visit.mjs";

const ROUNDS = 3;
const SECONDS = 10;
/** In milliseconds. */
const FRAME = 1000 / 60;
/** For how long the page trains before it is watched, while its scripts are still compiled anew. */
const SETTLES = 2;

const states = [
  { name: "spirals, at rest", hash: "#rules=bp,fa,kp,dfa" },
  { name: "spirals", hash: "#rules=bp,fa,kp,dfa", plays: true },
  { name: "digits", hash: "#data=digits&rules=bp,fa,kp,dfa&hidden=100", plays: true },
];

const root = join(import.meta.dirname, "..");
const given = process.argv.slice(2).filter((argument) => argument !== "--");
const folders = given.length > 0 ? given : ["dist"];
const servers = [];
for (const folder of folders)
  servers.push(await preview({ root, build: { outDir: resolve(folder) }, preview: { port: 0 } }));

/** Between which times frames were drawn, and which tasks of the page's thread took 50 ms or more, in milliseconds. */
const watchFrames = (seconds) =>
  new Promise((watched) => {
    const [intervals, tasks] = [[], []];
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) tasks.push(duration);
    });
    observer.observe({ type: "longtask" });
    performance.mark("watching");
    const begun = performance.now();
    let last;
    const frame = (now) => {
      if (last !== undefined) intervals.push(now - last);
      last = now;
      if (performance.now() - begun < 1000 * seconds) return requestAnimationFrame(frame);
      performance.mark("watched");
      observer.disconnect();
      watched({ intervals, tasks });
    };
    requestAnimationFrame(frame);
  });

const stepOf = (page) =>
  page.evaluate(() => Number(/Step (\d+)/.exec(document.querySelector("output").textContent)?.[1]));

async function measure(url, { hash, plays = false }) {
  const browser = await freshBrowser();
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(120_000);
  await page.goto(url + hash);
  const play = page.locator("button.main:enabled");
  await play.waitFor();
  if (plays) {
    await play.click();
    await page.waitForFunction(
      () => Number(/Step (\d+)/.exec(document.querySelector("output").textContent)?.[1]) > 0,
    );
  }
  await page.waitForTimeout(1000 * SETTLES);
  await browser.startTracing(page, { categories: ["toplevel", "blink.user_timing"] });
  const before = await stepOf(page);
  const frames = await page.evaluate(watchFrames, SECONDS);
  const steps = (await stepOf(page)) - before;
  const processor = processorTimes(JSON.parse(await browser.stopTracing()));
  await browser.close();
  return { ...frames, steps, processor };
}

/**
 * The processor time of each task of the page's thread while frames were watched, in milliseconds: what else the machine
 * does is not in it.
 */
function processorTimes({ traceEvents }) {
  const marks = ["watching", "watched"].map((mark) =>
    traceEvents.find(({ name }) => name === mark),
  );
  const [{ pid, tid, ts: from }, { ts: to }] = marks;
  const own = traceEvents.filter(
    (event) => event.ph === "X" && event.pid === pid && event.tid === tid,
  );
  own.sort((a, b) => a.ts - b.ts || b.dur - a.dur);
  const times = [];
  // Of events within others, the outermost is the task.
  let end = 0;
  for (const { ts, dur, tdur = 0 } of own) {
    if (ts < end) continue;
    end = ts + dur;
    if (ts > from && ts < to) times.push(tdur / 1000);
  }
  return times;
}

/** Of a page's frames: how many a second by the median interval, and by the mean of the longest hundredth of them. */
function rates(intervals) {
  const sorted = [...intervals].sort((a, b) => b - a);
  const longest = sorted.slice(0, Math.ceil(sorted.length / 100));
  const mean = longest.reduce((sum, time) => sum + time, 0) / longest.length;
  return [1000 / sorted[Math.floor(sorted.length / 2)], 1000 / mean];
}

const results = states.flatMap((state) =>
  folders.map((folder, i) => ({
    state,
    name: folders.length > 1 ? `${state.name}, ${folder}` : state.name,
    url: servers[i].resolvedUrls.local[0],
    rounds: [],
  })),
);
for (let i = 0; i < ROUNDS; i++)
  for (const { url, state, rounds } of results) rounds.push(await measure(url, state));

const columns = [
  "four rules on",
  "frames a second, median",
  "1 % lows",
  "tasks of 50 ms or more",
  "of processor time: busy",
  "tasks longer than a frame",
  "the longest, ms",
  "steps a second",
];
const row = (cells) => console.log(`| ${cells.join(" | ")} |`);
row(columns);
row(columns.map(() => "---"));
for (const { name, rounds } of results) {
  const [median, lows] = rates(rounds.flatMap(({ intervals }) => intervals));
  const slow = rounds.reduce((sum, { tasks }) => sum + tasks.length, 0);
  const processor = rounds.flatMap((round) => round.processor);
  const busy = processor.reduce((sum, time) => sum + time, 0) / (10 * ROUNDS * SECONDS);
  const long = processor.filter((time) => time > FRAME).length;
  const longest = processor.reduce((most, time) => Math.max(most, time), 0);
  const steps = rounds.reduce((sum, round) => sum + round.steps, 0) / (ROUNDS * SECONDS);
  row([
    name,
    ...[median.toFixed(1), lows.toFixed(1), slow],
    ...[`${busy.toFixed(0)} %`, long, longest.toFixed(0)],
    steps.toFixed(0),
  ]);
}
for (const server of servers) await server.close();
