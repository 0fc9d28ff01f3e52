import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RuleName, rules } from "@bioflax/core";
import { everyNth } from "@bioflax/core/testing";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import type { Engine } from "../page/train";
import { bundleInto } from "../src/bundle";
import { hasChromium, launchChromium, type Served, serve } from "../src/chromium";

if (!hasChromium)
  console.warn(
    "No Chromium here (Debian: apt install chromium): the tests in a browser are skipped.",
  );

const inChromium = hasChromium ? describe : describe.skip;

const page = (name: string) => join(__dirname, "../page", name);

inChromium("in Chromium", () => {
  const folder = mkdtempSync(join(tmpdir(), "bioflax-browser-"));
  let browser: Browser;
  const servers: Served[] = [];

  beforeAll(async () => {
    await bundleInto(folder, page("train.ts"));
    copyFileSync(page("index.html"), join(folder, "index.html"));
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    for (const server of servers) server.close();
    rmSync(folder, { recursive: true });
  });

  /** A page of its own, which asks for nothing that is not there. */
  async function open(isolated = true): Promise<Page> {
    const server = await serve(folder, { isolated });
    servers.push(server);
    const page = await browser.newPage();
    await page.goto(server.url);
    await page.waitForFunction(() => "answer" in window);
    return page;
  }

  /** How a page is opened, and which rules it trains: all, or every so manieth where another page trains them all. */
  interface Way {
    readonly worker?: boolean;
    readonly isolated?: boolean;
    readonly every?: number;
  }
  const names = rules.names() as RuleName[];

  /** The compiled engine and TensorFlow.js, each with what it computes on, and how far from float64 it may get. */
  const engines: [string, Engine, Way, number][] = [
    ["compiled, wasm with one thread", { threads: 1 }, { isolated: false }, 1e-5],
    ["compiled, wasm with two threads", { threads: 2 }, { every: 4 }, 1e-5],
    ["compiled, wasm in a worker", { threads: 1 }, { worker: true, every: 4 }, 1e-5],
    [
      "compiled, wasm in a worker with two threads",
      { threads: 2 },
      { worker: true, every: 4 },
      1e-5,
    ],
    ["compiled, webgpu", { device: "webgpu" }, { every: 3 }, 1e-4],
    ["TensorFlow.js, cpu", { backend: "cpu" }, {}, 1e-5],
    ["TensorFlow.js, wasm", { backend: "wasm" }, {}, 1e-5],
    ["TensorFlow.js, webgl", { backend: "webgl" }, {}, 1e-4],
    ["TensorFlow.js, webgpu", { backend: "webgpu" }, { every: 2 }, 1e-4],
  ];

  test.each(engines)(
    "rules train as in float64: %s",
    async (_name, engine, { worker = false, isolated = true, every = 1 }, most) => {
      // TensorFlow.js's own training has no second pass of the data, tells no example from another, and takes no derivative forward.
      const trained = everyNth(names, every).filter((rule) => {
        const { route, needsDelayedError, needsOutputTangent } = rules.get(rule);
        const isForFit = route.source !== "input" && !needsDelayedError && !needsOutputTangent;
        return !("backend" in engine) || isForFit;
      });
      const page = await open(isolated);
      const errors = await page.evaluate(
        ([engine, trained, worker]) => window.answer("errors", engine, trained, { worker }),
        [engine, trained, worker] as const,
      );
      await page.close();
      expect(Object.keys(errors)).toEqual(trained);
      expect(Object.entries(errors).filter(([, error]) => !(error < most))).toEqual([]);
    },
  );

  test("the same bits on one thread, however the steps are cut into calls", async () => {
    const page = await open();
    const differing = (names: RuleName[]) =>
      page.evaluate((names) => window.answer("differing", { threads: 1 }, names), names);
    expect(await differing(everyNth(names, 2))).toEqual([]);
  });

  test("what a browser has not is refused in words", async () => {
    const page = await open(false);
    const refusal = (engine: Engine) =>
      page.evaluate((engine) => window.answer("refusal", engine, ["bp"]), engine);
    expect(await refusal({ threads: 2 })).toMatch(
      /^threads: expected 1 on a page that is not isolated, received 2\. Serve it with the headers/,
    );
    expect(await refusal({ device: "cuda" })).toBe(
      'The device "cuda" is not there: A browser has no CUDA. Use the device "webgpu", which takes any GPU.',
    );
    const isolated = await open();
    await isolated.evaluate(() => window.answer("errors", { threads: 2 }, ["bp"]));
    expect(await isolated.evaluate(() => window.answer("refusal", { threads: 1 }, ["bp"]))).toMatch(
      /^threads: expected 2, as the first network here was given, received 1\./,
    );
  });
});
