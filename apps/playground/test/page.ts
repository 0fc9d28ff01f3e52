import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, jest } from "@jest/globals";
import { hasChromium, launchChromium, type Served, serve } from "browser-checks/chromium";
import type {
  Browser,
  BrowserContext,
  BrowserContextOptions,
  Locator,
  Page,
} from "playwright-core";
import { fromHash, type Settings, toHash } from "../src/settings/settings";

if (!hasChromium)
  console.warn("No Chromium here (Debian: apt install chromium): the page is not tested.");

/** Tests of the page, which are skipped where there is no Chromium. */
export const inChromium = hasChromium ? describe : describe.skip;

/** On machines that do other things besides, in milliseconds. */
const PATIENCE = 60_000;

/** The page as it is built, in a browser. */
export interface Playground {
  /** Where it is built, and a folder for what tests write. */
  readonly built: string;
  readonly scratch: string;
  /** Opens it anew. */
  open(hash?: string, options?: BrowserContextOptions): Promise<Page>;
  /** Waits until the page open now, or its worker, has loaded a file. */
  loaded(file: string): Promise<void>;
  /** Whether the page open now, or its worker, has loaded a file. */
  isLoaded(file: string): boolean;
  /** Where the page open now is. */
  context(): BrowserContext;
}

/**
 * Builds the page for the tests of a suite; after each, it must not have complained of anything.
 *
 * @param patience how long a test may take beside a page's own, in milliseconds.
 */
export function playground(patience = 5 * PATIENCE): Playground {
  jest.setTimeout(patience);
  const root = join(__dirname, "..");
  const scratch = mkdtempSync(join(tmpdir(), "bioflax-playground-"));
  const built = join(scratch, "built");
  let browser: Browser;
  let server: Served;
  let context: BrowserContext | undefined;
  /** What the page complained of. */
  const complaints: string[] = [];
  let finished: string[] = [];

  beforeAll(async () => {
    const vite = join(root, "node_modules", ".bin", "vite");
    // Vite refuses a second build of a project beside one that is under way. These are of several suites, each to its own folder.
    const options = ["--bypass-lock", "--outDir", built, "--logLevel", "error"];
    execFileSync(vite, ["build", ...options], { cwd: root });
    // As any server of files serves them.
    server = await serve(built, { isolated: false });
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
    rmSync(scratch, { recursive: true });
  });
  afterEach(async () => {
    await context?.close();
    context = undefined;
    expect(complaints.splice(0)).toEqual([]);
  });

  const isLoaded = (file: string) => finished.some((url) => url.endsWith(`/${file}`));

  return {
    built,
    scratch,
    context: () => context as BrowserContext,
    isLoaded,
    async loaded(file) {
      while (!isLoaded(file)) await new Promise((rested) => setTimeout(rested, 20));
    },
    async open(hash = "", options = {}) {
      await context?.close();
      context = await browser.newContext({
        permissions: ["clipboard-read", "clipboard-write"],
        ...options,
      });
      context.setDefaultTimeout(PATIENCE);
      const page = await context.newPage();
      finished = [];
      page.on("requestfinished", (request) => finished.push(request.url()));
      page.on("console", (message) => {
        if (["error", "warning"].includes(message.type())) complaints.push(message.text());
      });
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("response", (response) => {
        if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
      });
      await page.goto(server.url + hash);
      return page;
    },
  };
}

export const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

export const progress = (page: Page) => page.getByLabel("Progress");

/** Waits until the run is at a step. */
export const atStep = (page: Page, step: number) =>
  progress(page).getByText(`Step ${step},`).waitFor();

/**
 * Waits until nothing on the page is this: what a change takes away is there until the run's thread has answered, however
 * soon the address tells of the change.
 */
export const gone = (told: Locator) => told.first().waitFor({ state: "detached" });

/** Waits until a control may not be used. */
export const disabled = (control: Locator) =>
  control.and(control.page().locator(":disabled")).waitFor();

/** Waits until the address has these settings among others. */
export const expectSettings = (page: Page, part: Partial<Settings>) =>
  page.waitForURL(({ hash }) => {
    const settings = fromHash(hash);
    return hash !== "" && toHash({ ...settings, ...part }) === toHash(settings);
  });

/** Plays at least an epoch, and pauses. */
export async function playAnEpoch(page: Page): Promise<void> {
  await button(page, "Play").click();
  await progress(page)
    .getByText(/epoch [1-9]/)
    .waitFor();
  await button(page, "Pause").click();
}

/** Takes so many steps, one by one. */
export async function takeSteps(page: Page, steps: number): Promise<void> {
  for (let step = 1; step <= steps; step++) {
    await button(page, "Step").click();
    await atStep(page, step);
  }
}

/** What a button gives as a file. */
export async function downloaded(page: Page, name: string, folder: string): Promise<Buffer> {
  const [download] = await Promise.all([page.waitForEvent("download"), button(page, name).click()]);
  const file = join(folder, download.suggestedFilename());
  await download.saveAs(file);
  return readFileSync(file);
}

/** Every loss so far, a row a step, a column a rule. */
export async function lossesOf(page: Page, folder: string): Promise<number[][]> {
  const [, ...lines] = `${await downloaded(page, "Download losses", folder)}`.trim().split("\n");
  return lines.map((line) => line.split(",").slice(1).map(Number));
}
