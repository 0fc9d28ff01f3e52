import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type ConfigInput, loadEngine, train } from "@bioflax/trainer";
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { hasChromium, launchChromium, type Served, serve } from "browser-checks/chromium";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { configOf } from "../src/settings/command";
import { defaults, fromHash, type Settings, toHash } from "../src/settings/settings";

if (!hasChromium)
  console.warn("No Chromium here (Debian: apt install chromium): the page is not tested.");

const inChromium = hasChromium ? describe : describe.skip;

/** On machines that do other things besides, in milliseconds. */
const PATIENCE = 60_000;
jest.setTimeout(5 * PATIENCE);

const root = join(__dirname, "..");

inChromium("the page", () => {
  const scratch = mkdtempSync(join(tmpdir(), "bioflax-playground-"));
  const built = join(scratch, "built");
  let browser: Browser;
  let server: Served;
  let context: BrowserContext;
  /** What the page complained of. */
  const complaints: string[] = [];

  beforeAll(async () => {
    const vite = join(root, "node_modules", ".bin", "vite");
    execFileSync(vite, ["build", "--outDir", built, "--logLevel", "error"], { cwd: root });
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
    await context.close();
    expect(complaints.splice(0)).toEqual([]);
  });

  async function open(hash = ""): Promise<Page> {
    context = await browser.newContext({ permissions: ["clipboard-read", "clipboard-write"] });
    context.setDefaultTimeout(PATIENCE);
    const page = await context.newPage();
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("response", (response) => {
      if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
    });
    await page.goto(server.url + hash);
    return page;
  }

  const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
  const progress = (page: Page) => page.getByLabel("Progress");
  /** Waits until the run is at a step. */
  const atStep = (page: Page, step: number) => progress(page).getByText(`Step ${step},`).waitFor();
  /** Waits until the address has these settings among others. */
  const expectSettings = (page: Page, part: Partial<Settings>) =>
    page.waitForURL(({ hash }) => {
      const settings = fromHash(hash);
      return hash !== "" && toHash({ ...settings, ...part }) === toHash(settings);
    });

  /** Plays at least an epoch, and pauses. */
  async function playAnEpoch(page: Page): Promise<void> {
    await button(page, "Play").click();
    await progress(page)
      .getByText(/epoch [1-9]/)
      .waitFor();
    await button(page, "Pause").click();
  }

  /** Every loss so far, a row a step, a column a rule. */
  async function lossesOf(page: Page): Promise<number[][]> {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      button(page, "Download losses").click(),
    ]);
    const file = join(scratch, "losses.csv");
    await download.saveAs(file);
    const [, ...lines] = readFileSync(file, "utf8").trim().split("\n");
    return lines.map((line) => line.split(",").slice(1).map(Number));
  }

  test("plays, pauses, steps and resets, by buttons and by keys", async () => {
    const page = await open();
    await atStep(page, 0);
    await button(page, "Step").click();
    await atStep(page, 1);
    await playAnEpoch(page);
    await button(page, "Play").waitFor();
    // What was under way comes to its end.
    await button(page, "Step").click();
    const paused = await progress(page).textContent();
    await button(page, "Reset").click();
    await atStep(page, 0);
    expect(paused).not.toMatch(/^Step 0,/);

    // No control has the focus.
    await page.locator("h1").click();
    await page.keyboard.press("s");
    await atStep(page, 1);
    await page.keyboard.press(" ");
    await button(page, "Pause").waitFor();
    await page.keyboard.press(" ");
    await button(page, "Play").waitFor();
    await page.keyboard.press("r");
    await atStep(page, 0);
  });

  test("shows curves, angles, weights and what is told where", async () => {
    const page = await open("#rules=bp,fa,dfa,usf&seed=3");
    await atStep(page, 0);
    await playAnEpoch(page);
    const picture = (name: RegExp) => page.getByRole("img", { name });
    const number = "\\d+(\\.\\d+)?(e[+-]\\d+)?";
    const each = (rules: string[]) => rules.map((rule) => `${rule} ${number}`).join(", ");
    await picture(
      new RegExp(`^Training loss, latest: ${each(["bp", "fa", "dfa", "usf"])}$`),
    ).waitFor();
    await picture(
      new RegExp(`^Test accuracy, latest: ${each(["bp", "fa", "dfa", "usf"])}$`),
    ).waitFor();
    for (const rule of ["bp", "fa", "dfa", "usf"])
      await picture(new RegExp(`^What ${rule} answers in the plane`)).waitFor();

    const dfa = page.getByRole("region", { name: "Direct feedback alignment" });
    await dfa.getByRole("img", { name: /^Feedback B of layer 2, 16 by 3, / }).waitFor();
    await dfa.getByRole("img", { name: /^Kernel W of layer 2, 24 by 16, / }).waitFor();
    expect(await dfa.getByRole("img", { name: /^Feedback B of layer 3/ }).count()).toBe(0);
    const angle = (name: RegExp) => dfa.getByRole("img", { name }).waitFor();
    await angle(/^Degrees between feedback and forward weights, latest: layer 1 \d/);
    const choice = page.getByLabel("Angles between");
    await choice.selectOption("signal");
    await angle(/^Degrees between the error signal and backpropagation's, latest: layer 1 \d/);
    await choice.selectOption("gradient");
    await angle(/^Degrees between the update and backpropagation's, .*layer 3 \d/);
    await choice.selectOption("weights");
    await page
      .getByRole("region", { name: "Backpropagation" })
      .getByText("No angle between feedback and forward weights")
      .waitFor();
    // They are drawn, and not left empty.
    const colors = await page.locator("canvas").evaluateAll((all) =>
      (all as HTMLCanvasElement[]).map((canvas) => {
        const { width, height } = canvas;
        const { data } = (canvas.getContext("2d") as CanvasRenderingContext2D).getImageData(
          0,
          0,
          width,
          height,
        );
        return new Set(new Uint32Array(data.buffer)).size;
      }),
    );
    expect(colors.length).toBeGreaterThan(15);
    expect(Math.min(...colors)).toBeGreaterThan(1);
  });

  test("every setting is taken, and stands in the address", async () => {
    const page = await open();
    await atStep(page, 0);
    const fill = async (label: string, text: string) => {
      await page.getByLabel(label).fill(text);
      await page.getByLabel(label).press("Enter");
    };
    await page.getByRole("checkbox", { name: /^kp/ }).check();
    await expectSettings(page, { rules: ["bp", "fa", "kp", "dfa"] });
    expect(await page.getByRole("checkbox", { name: /^wm/ }).isDisabled()).toBe(true);
    for (const rule of ["bp", "fa", "dfa"])
      await page.getByRole("checkbox", { name: new RegExp(`^${rule} `) }).uncheck();
    await expectSettings(page, { rules: ["kp"] });
    expect(await page.getByRole("checkbox", { name: /^kp/ }).isDisabled()).toBe(true);
    await fill("Classes", "4");
    await fill("Units of the hidden layers", "5, 6, 7");
    await page.getByLabel("Activation").selectOption("relu");
    await page.getByLabel("Optimizer").selectOption("adam");
    await fill("Learning rate", "0.01");
    await fill("Weight decay", "0.001");
    await fill("Batch size", "10");
    await fill("Seed", "7");
    const wanted: Settings = {
      ...{ rules: ["kp"], data: "spirals", classes: 4, hidden: [5, 6, 7], activation: "relu" },
      ...{ optimizer: "adam", learningRate: 0.01, weightDecay: 0.001, batchSize: 10, seed: 7 },
    };
    await expectSettings(page, wanted);
    await atStep(page, 0);
    await button(page, "Step").click();
    await atStep(page, 1);
    await page.getByRole("img", { name: /^Kernel W of layer 4, 7 by 4,/ }).waitFor();

    await fill("Batch size", "0");
    await page.getByText("A whole number from 1 to 256").waitFor();
    await fill("Batch size", "16");
    await expectSettings(page, { batchSize: 16 });

    for (const data of ["blobs", "sinreg", "teacher"] as const) {
      await page.getByLabel("Data set").selectOption(data);
      await expectSettings(page, { data });
      await atStep(page, 0);
      await button(page, "Step").click();
      await atStep(page, 1);
      if (data === "sinreg") await page.getByRole("img", { name: /^What kp answers, / }).waitFor();
    }
    expect(await page.getByLabel("Classes").count()).toBe(0);
  });

  test("a shared link shows the run of the command, however it was played", async () => {
    const settings: Settings = { ...defaults, rules: ["bp", "kp", "brsf", "dfa"], seed: 5 };
    let page = await open(toHash(settings));
    await atStep(page, 0);
    await expectSettings(page, settings);
    for (let step = 1; step <= 20; step++) {
      await button(page, "Step").click();
      await atStep(page, step);
    }
    const stepped = await lossesOf(page);
    await button(page, "Copy link").click();
    await page.getByText("Copied").waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    await button(page, "Copy as command").click();
    await page.waitForFunction(async () =>
      (await navigator.clipboard.readText()).startsWith("npx"),
    );
    const commands = await page.evaluate(() => navigator.clipboard.readText());
    expect(commands).toBe(await page.getByLabel("Commands").inputValue());
    await context.close();

    page = await open(new URL(link).hash);
    await atStep(page, 0);
    await playAnEpoch(page);
    await button(page, "Play").waitFor();
    const played = await lossesOf(page);
    expect(played.slice(0, 20)).toEqual(stepped);

    for (const [column, rule] of settings.rules.entries()) {
      const losses: number[] = [];
      const createCompiled = await loadEngine("compiled");
      await train(
        {
          ...(configOf(settings, rule, 1) as unknown as ConfigInput),
          out: join(scratch, rule),
          threads: 1,
          tensorboard: false,
        },
        {
          async createEngine(setup) {
            const engine = await createCompiled(setup);
            return {
              ...engine,
              async trainEpoch(...given) {
                const result = await engine.trainEpoch(...given);
                losses.push(...result.losses);
                return result;
              },
            };
          },
        },
      );
      const worst = stepped.map((row, step) =>
        Math.abs((row[column] as number) / (losses[step] as number) - 1),
      );
      expect(Math.max(...worst)).toBeLessThan(1e-5);
    }
  });

  test("another address in the bar is another run, and what it has wrong is as by default", async () => {
    const page = await open("#rules=fa&seed=2&data=mnist");
    await atStep(page, 0);
    await expectSettings(page, { ...defaults, rules: ["fa"], seed: 2 });
    await page.evaluate(() => {
      location.hash = "#rules=drtp&data=blobs";
    });
    await page.getByRole("region", { name: "Direct random target projection" }).waitFor();
    expect(await page.getByLabel("Data set").inputValue()).toBe("blobs");
  });

  test("goes on without a network once it is loaded", async () => {
    const page = await open();
    await atStep(page, 0);
    await context.setOffline(true);
    await page.getByLabel("Data set").selectOption("blobs");
    await atStep(page, 0);
    await button(page, "Step").click();
    await atStep(page, 1);
  });

  test.each([360, 1280, 2560])("fits a screen %s pixels wide", async (width) => {
    const page = await open("#rules=bp,fa,kp,dfa");
    await page.setViewportSize({ width, height: 800 });
    await atStep(page, 0);
    await button(page, "Step").click();
    await page
      .getByRole("img", { name: /^Degrees between/ })
      .first()
      .waitFor();
    const wider = await page.evaluate(() =>
      [...document.querySelectorAll("html, section, fieldset, figure")]
        .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
        .map(({ outerHTML }) => outerHTML.slice(0, 80)),
    );
    expect(wider).toEqual([]);
  });

  test("weighs at most 350 kB gzipped, without what is compiled to WebAssembly", async () => {
    context = await browser.newContext();
    const files = readdirSync(built, { recursive: true, encoding: "utf8" });
    const weighed = files.filter((file) => /\.(html|js|css)$/.test(file));
    const total = weighed.reduce(
      (sum, file) => sum + gzipSync(readFileSync(join(built, file))).length,
      0,
    );
    expect(weighed.length).toBeGreaterThan(3);
    expect(total).toBeLessThan(350_000);
  });
});
