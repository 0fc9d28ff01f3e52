import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createPage } from "@bioflax/report";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { runOf, settings } from "../../../packages/report/test/runs";
import { hasChromium, launchChromium } from "../src/chromium";

if (!hasChromium)
  console.warn("No Chromium here (Debian: apt install chromium): reports are not read in one.");

const inChromium = hasChromium ? describe : describe.skip;

inChromium("a report in Chromium", () => {
  const folder = mkdtempSync(join(tmpdir(), "bioflax-report-"));
  const file = join(folder, "report.html");
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    const runs = ["bp", "kp", "dfa"].flatMap((mode, i) =>
      [0, 1, 2].map((seed) => {
        const run = runOf(mode, seed);
        const records = run.records.map((record) => ({
          ...record,
          test: { loss: record.test.loss, accuracy: 0.9 - i / 10 + seed / 100 },
        }));
        return { ...run, records, predictions: { missing: "none are wanted" } };
      }),
    );
    writeFileSync(file, createPage(runs, { settings, madeBy: "a test" }));
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });
  afterEach(async () => {
    await page.close();
    expect(complaints.splice(0)).toEqual([]);
  });

  /** The page as a file, as people have it. */
  async function open(width = 1280, colorScheme: "light" | "dark" = "light"): Promise<void> {
    page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(pathToFileURL(file).href);
  }

  async function saved(label: string, within: string): Promise<{ name: string; bytes: Buffer }> {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.locator(within).first().getByRole("button", { name: label }).first().click(),
    ]);
    const path = join(folder, "saved");
    await download.saveAs(path);
    return { name: download.suggestedFilename(), bytes: readFileSync(path) };
  }

  test.each([1280, 900, 390])(
    "at %s pixels texts of one kind have one size in every chart",
    async (width) => {
      await open(width);
      const sizes = await page.locator("svg.chart .axes text").evaluateAll((texts) =>
        texts.map((text) => {
          const { a } = (text as SVGTextElement).getScreenCTM() as DOMMatrix;
          return Math.round(Number.parseFloat(getComputedStyle(text).fontSize) * a * 10) / 10;
        }),
      );
      expect(sizes.length).toBeGreaterThan(50);
      expect(Math.max(...sizes)).toBe(11.5);
      // The widest are a little smaller on a phone.
      expect(Math.min(...sizes)).toBeGreaterThanOrEqual(width < 400 ? 10.5 : 11.5);
      const scrollWidth = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(scrollWidth).toBeLessThanOrEqual(width);
    },
  );

  test("every chart of alignment names its lines and its epochs", async () => {
    await open();
    const charts = page.getByRole("region", { name: "Alignment" }).locator("svg.chart");
    const texts = await charts.evaluateAll((all) =>
      all.map((chart) => [...chart.querySelectorAll("text")].map((text) => text.textContent)),
    );
    expect(texts.length).toBeGreaterThan(3);
    for (const words of texts)
      expect(words).toEqual(expect.arrayContaining(["epoch", "bp", "kp", "dfa"]));
  });

  test("a chart is saved as SVG by itself, in the colours of paper, without what is hidden", async () => {
    await open(1280, "dark");
    await page.getByRole("checkbox", { name: /^kp/ }).uncheck();
    const { name, bytes } = await saved("Save this chart as SVG", '[aria-label="Learning"] figure');
    expect(name).toBe("blocks-learning-test-accuracy-in.svg");
    const text = bytes.toString();
    expect(text).not.toMatch(/var\(|class=/);
    expect(text).toContain(">dfa</text>");
    expect(text).not.toContain(">kp</text>");
    // The light series' blue.
    expect(text).toContain("rgb(43, 108, 240)");
    const drawn = await browser.newPage();
    await drawn.setContent(text);
    expect(await drawn.locator("svg").boundingBox()).toMatchObject({ width: 354, height: 236 });
    await drawn.close();
  });

  test("a chart is saved as PNG, three pixels for each", async () => {
    await open();
    const { name, bytes } = await saved(
      "Save this chart as PNG",
      '[aria-label="Alignment"] figure',
    );
    expect(name).toMatch(/^blocks-alignment-.*whole-network\.png$/);
    expect(bytes.subarray(1, 4).toString()).toBe("PNG");
    expect(bytes.readUInt32BE(16) % 3).toBe(0);
    expect(bytes.readUInt32BE(20)).toBe(3 * 170);
  });

  test("a table is saved as CSV and as LaTeX", async () => {
    await open();
    const csv = await saved("Save this table as CSV", '[aria-label="Results"]');
    expect(csv.name).toBe("blocks-results.csv");
    const [head, first] = csv.bytes.toString().split("\n") as [string, string];
    expect(head).toMatch(
      /^runs,n,test accuracy \(%\),"test accuracy \(%\), sd","95 % interval, low","95 % interval, high",/,
    );
    expect(first).toMatch(/^bp,3,91\.00,1\.00,88\.52,93\.48,/);
    const latex = await saved("Save this table as LaTeX", '[aria-label="Results"]');
    expect(latex.name).toBe("blocks-results.tex");
    const text = latex.bytes.toString();
    expect(text).toContain("\\begin{tabular}{lrr");
    expect(text).toContain("runs & n & test accuracy (\\%) & 95 \\% interval &");
    expect(text).toContain("bp & $3$ & $91.00 \\pm 1.00$ & $[88.52, 93.48]$ &");
    expect(text).toMatch(/\$60\.1 \\pm 0\.1\^\\circ\$/);
    const paired = await saved("Save this table as CSV", '[aria-label="Paired differences"]');
    expect(paired.bytes.toString()).toMatch(
      /^runs,pairs,.*\nkp,3,-10\.00,0\.00,-10\.00,-10\.00,yes\n/,
    );
  });
});
