// `pnpm --filter playground run cold-trace`, after `build`: what the page's process spends its time on in a first visit,
// until the first step is taken, by Chromium's own trace: processor time by thread, and the largest parts of each.
import { join } from "node:path";
import { preview } from "vite";
import { freshBrowser, playAtOnce } from "./first-visit.mjs";

const CATEGORIES = ["toplevel", "v8", "v8.wasm", "disabled-by-default-v8.wasm.detailed"];
const MORE = ["devtools.timeline", "blink.user_timing", "disabled-by-default-v8.compile"];
const SHOWN = 6;

const root = join(import.meta.dirname, "..");
const server = await preview({ root, preview: { port: 0 } });
const browser = await freshBrowser();
const page = await browser.newPage();
await browser.startTracing(page, { categories: [...CATEGORIES, ...MORE] });
await playAtOnce(page, server.resolvedUrls.local[0]);
const { traceEvents } = JSON.parse(await browser.stopTracing());
await browser.close();
await server.close();

const trained = traceEvents.find(({ name }) => name === "trained");
const own = traceEvents.filter(({ pid }) => pid === trained.pid);
const threads = new Map(
  own.filter(({ name }) => name === "thread_name").map(({ tid, args }) => [tid, args.name]),
);

/** Adds to a number in a map. */
const add = (map, key, more) => map.set(key, (map.get(key) ?? 0) + more);

/** Of each kind of thread, the time of each kind of event, without that of the events within it. */
const parts = new Map();
for (const tid of threads.keys()) {
  const events = own.filter(
    (event) => event.tid === tid && event.ph === "X" && event.ts < trained.ts,
  );
  events.sort((a, b) => a.ts - b.ts || b.dur - a.dur);
  const around = [];
  for (const { name, ts, dur, tdur = 0 } of events) {
    while (around.length > 0 && around.at(-1).end <= ts) around.pop();
    const thread = threads.get(tid);
    if (!parts.has(thread)) parts.set(thread, new Map());
    add(parts.get(thread), name, tdur);
    if (around.length > 0) add(parts.get(thread), around.at(-1).name, -tdur);
    around.push({ name, end: ts + dur });
  }
}

const seconds = (microseconds) => (microseconds / 1e6).toFixed(2);
const total = (times) => [...times.values()].reduce((sum, time) => sum + time, 0);
console.log("| thread | seconds | of which |\n|---|---|---|");
for (const [thread, times] of [...parts]
  .sort((a, b) => total(b[1]) - total(a[1]))
  .slice(0, SHOWN)) {
  const largest = [...times].sort((a, b) => b[1] - a[1]).slice(0, SHOWN);
  const told = largest.map(([name, time]) => `${name} ${seconds(time)}`).join(", ");
  console.log(`| ${thread} | ${seconds(total(times))} | ${told} |`);
}
