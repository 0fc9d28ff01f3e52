// `pnpm --filter benchmarks run browser`: training steps a second in Chromium on one thread, by the compiled engine in
// WebAssembly and by TensorFlow.js's own layers on its wasm backend. In alternating turns, by the processor time of the
// page's process.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleInto } from "browser-checks/bundle";
import { launchChromium, serve } from "browser-checks/chromium";
import type { Contender } from "./browser/page";
import { showSpread, spread } from "./statistics";

const networks = [
  { sizes: [784, 100, 10], steps: 800 },
  { sizes: [784, 500, 500, 10], steps: 120 },
];
const contenders: readonly Contender[] = ["TensorFlow.js", "compiled bp", "compiled dfa"];
const ROUNDS = 5;

const folder = mkdtempSync(join(tmpdir(), "bioflax-browser-"));
await bundleInto(folder, "browser/page.ts");
writeFileSync(
  join(folder, "index.html"),
  '<link rel="icon" href="data:,"><script type="module" src="page.js"></script>',
);
// Not isolated: neither has threads then.
const server = await serve(folder, { isolated: false });
const browser = await launchChromium();
const page = await browser.newPage();
await page.goto(server.url);
await page.waitForFunction(() => "train" in window);
const system = await browser.newBrowserCDPSession();

/** Processor time of pages so far, in seconds. */
async function processorTime(): Promise<number> {
  const { processInfo } = await system.send("SystemInfo.getProcessInfo");
  return processInfo
    .filter(({ type }) => type === "renderer")
    .reduce((total, { cpuTime }) => total + cpuTime, 0);
}

console.log(`Chromium ${browser.version()}, one thread, batch 32, ${ROUNDS} turns each\n`);
console.log("| network | trained by | steps a second of processor time | times TensorFlow.js's |");
console.log("|---|---|---|---|");
for (const { sizes, steps } of networks) {
  const rates = new Map<Contender, number[]>(contenders.map((name) => [name, []]));
  for (let round = -1; round < ROUNDS; round++) {
    for (const name of contenders) {
      const before = await processorTime();
      await page.evaluate(([name, sizes, steps]) => window.train(name, sizes, steps), [
        name,
        sizes,
        steps,
      ] as const);
      // The first turn makes the network, compiles and warms up.
      if (round >= 0) rates.get(name)?.push(steps / ((await processorTime()) - before));
    }
  }
  const base = rates.get("TensorFlow.js") as number[];
  for (const name of contenders) {
    const own = rates.get(name) as number[];
    const ratios = own.map((rate, round) => rate / (base[round] as number));
    console.log(
      `| ${sizes.join("-")} | ${name} | ${showSpread(spread(own), 0)} | ${showSpread(spread(ratios), 2)} |`,
    );
  }
}
await browser.close();
server.close();
rmSync(folder, { recursive: true });
