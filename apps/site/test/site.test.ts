import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { hasChromium, launchChromium, type Served, serve } from "browser-checks/chromium";
import type { Browser, BrowserContext, Page } from "playwright-core";

if (!hasChromium)
  console.warn("No Chromium here (Debian: apt install chromium): the site is built, and not read.");

const inChromium = hasChromium ? describe : describe.skip;

/** On machines that do other things besides, in milliseconds. */
const PATIENCE = 60_000;
jest.setTimeout(10 * PATIENCE);

const scratch = mkdtempSync(join(tmpdir(), "bioflax-site-"));
/** Published in a folder, as on GitHub Pages. */
const base = "/bioflax/";
const built = join(scratch, "bioflax");

beforeAll(() => {
  // Links that lead nowhere, anchors included, and references in docstrings to what is not there end it.
  execFileSync(process.execPath, [join(__dirname, "../scripts/build.mjs"), "--out", built], {
    env: { ...process.env, SITE_BASE: base },
    stdio: ["ignore", "ignore", "inherit"],
  });
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test("a link to an anchor that is not there is found", () => {
  const page = join(built, "docs/rules.html");
  const text = readFileSync(page, "utf8");
  writeFileSync(page, text.replace("</main>", `<a href="${base}docs/gpu.html#gone">x</a></main>`));
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(__dirname, "../scripts/check-links.mjs"), built, base],
    { encoding: "utf8" },
  );
  writeFileSync(page, text);
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: `docs/rules.html: there is no #gone in ${base}docs/gpu.html#gone\n`,
  });
});

inChromium("the site", () => {
  let browser: Browser;
  let server: Served;
  let context: BrowserContext;
  /** What its pages complained of. */
  const complaints: string[] = [];

  beforeAll(async () => {
    server = await serve(scratch, { isolated: false });
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });
  afterEach(async () => {
    await context.close();
    expect(complaints.splice(0)).toEqual([]);
  });

  async function open(
    path = "",
    options: Parameters<Browser["newContext"]>[0] = {},
  ): Promise<Page> {
    context = await browser.newContext(options);
    context.setDefaultTimeout(PATIENCE);
    const page = await context.newPage();
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => {
      const { origin, protocol } = new URL(request.url());
      if (protocol.startsWith("http") && `${origin}/` !== server.url)
        complaints.push(`asks another server: ${request.url()}`);
    });
    page.on("response", (response) => {
      if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
    });
    await page.goto(server.url + base.slice(1) + path);
    return page;
  }

  test("says what bioflax is, shows what rules reach, and trains them", async () => {
    const page = await open();
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.getByRole("img", { name: /^Three networks/ }).waitFor();
    await page.getByRole("img", { name: /^MNIST, .* bp 98\.\d\d ± / }).waitFor();
    await page.getByTitle("The playground").scrollIntoViewIfNeeded();
    const playground = page.frameLocator("iframe");
    await playground.getByRole("button", { name: "Step", exact: true }).click();
    await playground.getByText("Step 1,").waitFor();
  });

  test("finds what is searched for, without a server", async () => {
    const page = await open("docs/gpu.html");
    await page.getByRole("button", { name: "Search" }).first().click();
    await page.getByRole("searchbox").fill("kolen");
    const found = page.getByRole("listbox").getByRole("option");
    await found.first().waitFor();
    expect(await found.first().textContent()).toMatch(/kolen/i);
    await page.getByRole("searchbox").fill("bioDense");
    await found.filter({ hasText: "bioDense()" }).first().click();
    await page.getByRole("heading", { level: 1, name: "bioDense()" }).waitFor();
    expect(page.url()).toContain("/api/layers/functions/bioDense.html");
  });

  test("has a page in its reference for what a package exports, from its docstring", async () => {
    const page = await open("api/");
    await page
      .getByRole("main")
      .getByRole("link", { name: "@bioflax/layers", exact: true })
      .click();
    await page.getByRole("main").getByRole("link", { name: "bioDense", exact: true }).click();
    await page.getByText("A dense layer that learns by any of core's rules.").waitFor();
    await page.getByText("BioflaxError for a bad option").waitFor();
    await page.getByRole("main").getByRole("link", { name: "SequentialDense" }).first().click();
    await page.getByRole("heading", { level: 1, name: "SequentialDense" }).waitFor();
  });

  test("draws the packages, and follows links as on GitHub", async () => {
    const page = await open("overview.html");
    await page.getByRole("main").getByRole("link", { name: "docs/architecture.md" }).click();
    await page.locator(".diagram svg").getByText("tensorflow-node", { exact: true }).waitFor();
    await page.getByRole("main").getByRole("link", { name: "browser.md" }).click();
    await page.getByRole("heading", { level: 1, name: "In a browser" }).waitFor();
    await page.getByRole("main").getByRole("img").first().waitFor();
  });

  test.each([
    [360, "dark"],
    [1280, "light"],
  ] as const)("fits a screen %s pixels wide, which is %s", async (width, colorScheme) => {
    for (const path of ["", "docs/rules.html", "docs/architecture.html", "results/"]) {
      const page = await open(path, { colorScheme, viewport: { width, height: 800 } });
      await page.getByRole("heading", { level: 1 }).waitFor();
      expect(await page.locator("html.dark").count()).toBe(colorScheme === "dark" ? 1 : 0);
      const scrollWidth = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(scrollWidth).toBeLessThanOrEqual(width);
      await context.close();
    }
  });
});
