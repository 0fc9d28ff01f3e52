import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "@jest/globals";
import type { Page } from "playwright-core";
import { defaults, type Settings } from "../src/settings/settings";
import {
  atStep,
  button,
  disabled,
  downloaded,
  expectSettings,
  gone,
  inChromium,
  playAnEpoch,
  playground,
  progress,
} from "./page";

const EVERYTHING = "show=answers,angles,way,weights,spread,units";

inChromium("the page", () => {
  const { open, built, scratch, context, loaded, isLoaded } = playground();

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

  test("goes as slowly as it is told", async () => {
    const page = await open();
    await atStep(page, 0);
    const speed = page.getByRole("slider", { name: "Speed" });
    expect(await speed.getAttribute("aria-valuetext")).toBe("as fast as it goes");
    await speed.press("Home");
    expect(await speed.getAttribute("aria-valuetext")).toBe("1 a second");
    await button(page, "Play").click();
    await progress(page)
      .getByText(/^Step [3-9],/)
      .waitFor();
    await button(page, "Pause").click();
    const lines = `${await downloaded(page, "Download metrics", scratch)}`.trim().split("\n");
    const angles = lines.map((line) => JSON.parse(line)).filter((line) => "degrees" in line);
    // There is time to measure each step.
    expect(angles.slice(0, 3).map(({ step }) => step)).toEqual([1, 2, 3]);
    await button(page, "Play").click();
    await speed.press("End");
    await progress(page)
      .getByText(/epoch [1-9]/)
      .waitFor();
  });

  test("the rate and the decay change while it trains; all else begins a new run", async () => {
    const page = await open();
    await atStep(page, 0);
    const fill = async (label: RegExp, text: string) => {
      await page.getByLabel(label).fill(text);
      await page.getByLabel(label).press("Enter");
    };
    await button(page, "Play").click();
    await progress(page)
      .getByText(/epoch 1/)
      .waitFor();
    await fill(/^Learning rate/, "0.1");
    await page.getByText(/^Changed on the way: learning rate 0.1 from step \d+ on\./).waitFor();
    await fill(/^Weight decay/, "0.001");
    await page.getByText(/, weight decay 0.001 from step \d+ on\./).waitFor();
    await button(page, "Pause").click();
    expect(await progress(page).textContent()).not.toMatch(/^Step 0,/);
    await fill(/^Batch size/, "16");
    await atStep(page, 0);
    await page.getByText("Changed on the way").waitFor({ state: "detached" });
    await expectSettings(page, { learningRate: 0.1, weightDecay: 0.001, batchSize: 16 });
  });

  test("shows curves, angles, weights, their spread, hidden units and what is told where", async () => {
    const page = await open(`#rules=bp,fa,dfa,usf&seed=3&${EVERYTHING}`);
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
    await dfa.getByText("Every layer has the output's error at once.").waitFor();
    await dfa.getByRole("img", { name: /^Feedback B of layer 2, 16 by 3, / }).waitFor();
    await dfa.getByRole("img", { name: /^Kernel W of layer 2, 24 by 16, / }).waitFor();
    await dfa.getByRole("img", { name: /^What each of the 16 units of layer 2 answers/ }).waitFor();
    await dfa.getByRole("img", { name: /^Weights of layer 3, / }).waitFor();
    await gone(dfa.getByRole("img", { name: /^Feedback B of layer 3/ }));
    await gone(dfa.getByRole("img", { name: /^Difference/ }));
    const fa = page.getByRole("region", { name: "Feedback alignment", exact: true });
    await fa.getByRole("img", { name: /^Difference of W and B of layer 2, 24 by 16, / }).waitFor();
    // It would send errors to the data.
    await gone(fa.getByRole("img", { name: /^Feedback B of layer 1/ }));
    const usf = page.getByRole("region", { name: "Uniform sign-concordant feedback" });
    await usf.getByRole("img", { name: /^Feedback s·sign\(W\) of layer 3, 16 by 3, / }).waitFor();

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
    // They are drawn, a few in a frame, and none is left empty.
    await page.waitForFunction(() => {
      const all = [...document.querySelectorAll("canvas")];
      const colors = all.map((canvas) => {
        const { width, height } = canvas;
        const context = canvas.getContext("2d") as CanvasRenderingContext2D;
        const { data } = context.getImageData(0, 0, width, height);
        return new Set(new Uint32Array(data.buffer)).size;
      });
      return all.length > 25 && Math.min(...colors) > 1;
    });
  });

  test("shows what is chosen to be shown, and no more", async () => {
    const page = await open("#rules=fa");
    await atStep(page, 0);
    const panel = (name: string) => page.locator(`[data-panel="${name}"]`);
    const shown = () =>
      page
        .locator("[data-panel]")
        .evaluateAll((all) => all.map((element) => element.getAttribute("data-panel")));
    expect(await shown()).toEqual(["answers", "angles", "weights"]);
    for (const [label, name] of [
      ["Where errors travel", "way"],
      ["Spread of weights", "spread"],
      ["Hidden units", "units"],
    ] as const) {
      await page.getByRole("checkbox", { name: label }).check();
      await panel(name).getByRole("img").first().waitFor();
    }
    for (const label of ["Answers", "Angles", "Weights"])
      await page.getByRole("checkbox", { name: label, exact: true }).uncheck();
    expect(await shown()).toEqual(["way", "spread", "units"]);
    await page.waitForURL(/&show=way,spread,units$/);
  });

  const statusOf = (page: Page) => page.locator(".way-control [role=status]");
  const arrived = "Every layer has its error signal";

  test("a batch is followed up the layers, and its errors back by each rule's way", async () => {
    const page = await open("#rules=fa,dfa,pepita&show=way");
    await atStep(page, 0);
    await page
      .getByRole("img", { name: "The network of fa, before a batch is followed" })
      .waitFor();
    // What is said on the way stays for half a second each, in which nobody may look.
    const said = await statusOf(page).evaluateHandle((status) => {
      const texts: string[] = [];
      const note = () => texts.push(status.textContent ?? "");
      new MutationObserver(note).observe(status, {
        childList: true,
        characterData: true,
        subtree: true,
      });
      return texts;
    });
    await button(page, "Follow a batch").click();
    await statusOf(page).getByText(arrived).waitFor();
    expect(await said.jsonValue()).toEqual(
      expect.arrayContaining([
        "Values go up, layer 2 of 3.",
        "Errors come back, each rule's by its own way.",
      ]),
    );
    await atStep(page, 1);
    for (const [rule, way] of [
      ["fa", "layer by layer, from each to the one below"],
      ["dfa", "straight from the output to each layer"],
      ["pepita", "from the output to the input, for a second pass"],
    ])
      await page
        .getByRole("img", { name: `The way of errors under ${rule}: ${way}`, exact: true })
        .waitFor();
    const rings = await page
      .locator(".way svg")
      .evaluateAll((all) => all.map((svg) => svg.querySelectorAll(".signal").length));
    expect(rings).toEqual([21, 21, 21]);
  });

  test("nothing moves where motion is not wanted", async () => {
    const page = await open("#rules=fa&show=way", { reducedMotion: "reduce" });
    await atStep(page, 0);
    await button(page, "Follow a batch").click();
    await atStep(page, 1);
    await statusOf(page).getByText(arrived).waitFor();
    const moving = await page.evaluate(
      () => document.getAnimations().filter(({ playState }) => playState === "running").length,
    );
    expect(moving).toBe(0);
  });

  test("every setting is taken, and stands in the address", async () => {
    const page = await open();
    await atStep(page, 0);
    const fill = async (label: string | RegExp, text: string) => {
      await page.getByLabel(label).fill(text);
      await page.getByLabel(label).press("Enter");
    };
    await page.getByRole("checkbox", { name: /^kp/ }).check();
    await expectSettings(page, { rules: ["bp", "fa", "kp", "dfa"] });
    await disabled(page.getByRole("checkbox", { name: /^wm/ }));
    for (const rule of ["bp", "fa", "dfa"])
      await page.getByRole("checkbox", { name: new RegExp(`^${rule} `) }).uncheck();
    await expectSettings(page, { rules: ["kp"] });
    await disabled(page.getByRole("checkbox", { name: /^kp/ }));
    await fill("Classes", "4");
    await button(page, "Add a layer").click();
    await fill("Units of layer 1", "5");
    await fill("Units of layer 2", "6");
    await fill("Units of layer 3", "7");
    await page.getByLabel("Activation of layer 2").selectOption("relu");
    await page.getByLabel("Rule of layer 4").selectOption("bp");
    await page.getByLabel("Optimizer").selectOption("adam");
    await fill(/^Learning rate/, "0.01");
    await fill(/^Weight decay/, "0.001");
    await fill("Batch size", "10");
    await fill("Scale of the feedback weights", "0.5");
    await fill("Seed", "7");
    const wanted: Settings = {
      ...{ rules: ["kp"], data: "spirals", classes: 4, model: "mlp", hidden: [5, 6, 7] },
      ...{ activations: ["tanh", "relu", "tanh"], layerRules: ["same", "same", "same", "bp"] },
      ...{ optimizer: "adam", learningRate: 0.01, weightDecay: 0.001, batchSize: 10 },
      ...{ feedbackScale: 0.5, seed: 7 },
    };
    await expectSettings(page, wanted);
    await atStep(page, 0);
    await button(page, "Step").click();
    await atStep(page, 1);
    await page.getByRole("img", { name: /^Kernel W of layer 4, 7 by 4,/ }).waitFor();
    // The output's rule is another: it has no B.
    await page.getByRole("img", { name: /^Feedback B of layer 3, 6 by 7,/ }).waitFor();
    await gone(page.getByRole("img", { name: /^Feedback B of layer 4/ }));

    await fill("Batch size", "0");
    await page.getByText("A whole number from 1 to 256").waitFor();
    await fill("Batch size", "16");
    await expectSettings(page, { batchSize: 16 });
    for (const layer of [1, 1, 1]) await button(page, `Remove layer ${layer}`).click();
    await expectSettings(page, { hidden: [], activations: [], layerRules: ["bp"] });
    await atStep(page, 0);

    for (const data of ["blobs", "sinreg", "teacher"] as const) {
      await page.getByLabel("Data set").selectOption(data);
      await expectSettings(page, { data });
      await atStep(page, 0);
      await button(page, "Step").click();
      await atStep(page, 1);
      if (data === "sinreg") await page.getByRole("img", { name: /^What kp answers, / }).waitFor();
    }
    await gone(page.getByLabel("Classes"));
  });

  test("rules of layers that do not go together are refused in words, until they do", async () => {
    const page = await open("#rules=fa");
    await atStep(page, 0);
    await page.getByLabel("Rule of layer 2").selectOption("dfa");
    await page
      .getByRole("alert")
      .getByText(
        /^Layer 1: the rule "fa" takes its error from the layer above, and that one, layer 2,/,
      )
      .waitFor();
    await disabled(button(page, "Play"));
    await page.getByLabel("Rule of layer 1").selectOption("dfa");
    await atStep(page, 0);
    await gone(page.getByRole("alert"));
    await button(page, "Step").click();
    await atStep(page, 1);
  });

  test("another address in the bar is another run, and what it has wrong is as by default", async () => {
    const page = await open("#rules=fa&seed=2&data=cifar-10");
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
    // Which come after all that is needed at once.
    await loaded("digits.npz");
    await context().setOffline(true);
    for (const data of ["blobs", "digits"]) {
      await page.getByLabel("Data set").selectOption(data);
      await atStep(page, 0);
      await button(page, "Step").click();
      await atStep(page, 1);
    }
  });

  test("nothing shifts while it trains", async () => {
    const page = await open(`#rules=bp,kp,dfa&${EVERYTHING}`);
    await atStep(page, 0);
    await page.getByRole("img", { name: /^What dfa answers/ }).waitFor();
    await page.evaluate(() => {
      const shifts: number[] = [];
      Object.assign(window, { shifts });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries())
          shifts.push((entry as PerformanceEntry & { value: number }).value);
      }).observe({ type: "layout-shift" });
    });
    await playAnEpoch(page);
    await button(page, "Play").waitFor();
    await page.getByRole("img", { name: /^Test accuracy, latest: bp \d/ }).waitFor();
    const shifts = await page.evaluate(() => (window as unknown as { shifts: number[] }).shifts);
    expect(shifts).toEqual([]);
  });

  test("everything can be done by keys, and every control has a name", async () => {
    const page = await open();
    await atStep(page, 0);
    const nameless = await page
      .locator("button, input, select, textarea, a, canvas, [role=img]")
      .evaluateAll((all) =>
        (all as HTMLElement[])
          .filter(
            (element) =>
              !element.getAttribute("aria-label") &&
              !element.textContent?.trim() &&
              !(element as HTMLInputElement).labels?.[0]?.textContent?.trim() &&
              element.closest("[role=img][aria-label]") === null,
          )
          .map(({ outerHTML }) => outerHTML.slice(0, 80)),
      );
    expect(nameless).toEqual([]);
    // From the top of the page to the last of its controls.
    const reached = new Set<string>();
    const controls = await page
      .locator("button:enabled, input:enabled, select:enabled, textarea, a[href]")
      .count();
    for (let i = 0; i < controls; i++) {
      await page.keyboard.press("Tab");
      reached.add(
        await page.evaluate(() => {
          const element = document.activeElement as HTMLElement;
          const label = (element as HTMLInputElement).labels?.[0]?.textContent;
          return element.getAttribute("aria-label") ?? label ?? element.textContent ?? "";
        }),
      );
    }
    const wanted = [
      // The button has both words, one of them hidden.
      "PlayPause",
      "Step",
      "Reset",
      "Add a layer",
      "Copy link",
      "Commands",
      "Remove layer 1",
    ];
    expect([...reached]).toEqual(expect.arrayContaining(wanted));
  });

  test("fits a screen of any width", async () => {
    const page = await open(`#rules=bp,fa,kp,dfa&${EVERYTHING}`);
    await atStep(page, 0);
    await button(page, "Step").click();
    await page
      .getByRole("img", { name: /^Degrees between/ })
      .first()
      .waitFor();
    for (const width of [360, 1280, 2560, 3840]) {
      await page.setViewportSize({ width, height: 800 });
      // Twice, for what is drawn anew when its place has another size.
      await page.evaluate(
        () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
      );
      const wider = await page.evaluate(() =>
        [...document.querySelectorAll("html, section, fieldset, figure, nav, .transport")]
          .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
          .map(({ outerHTML }) => outerHTML.slice(0, 80)),
      );
      expect({ width, wider }).toEqual({ width, wider: [] });
    }
  });

  test("is light or dark as the system is, its pictures too", async () => {
    const page = await open("#rules=fa");
    await atStep(page, 0);
    /** How light a matrix is, on average, when it has been drawn: pictures come a few frames after what they show. */
    const lightBelow = async (most: number) => {
      const found = await page.waitForFunction((limit) => {
        const canvas = document.querySelector("canvas.matrix") as HTMLCanvasElement;
        const { width, height } = canvas;
        const copy = new OffscreenCanvas(width, height).getContext("2d");
        if (copy === null) throw new Error("no canvas");
        copy.drawImage(canvas, 0, 0);
        const { data } = copy.getImageData(0, 0, width, height);
        const light = data.reduce((sum, value) => sum + value, 0) / data.length;
        return light > 0 && light < limit ? light : 0;
      }, most);
      return (await found.jsonValue()) as number;
    };
    const background = () =>
      page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    await page.getByRole("img", { name: /^Kernel W of layer 1/ }).waitFor();
    const [light, before] = [await lightBelow(256), await background()];
    await page.emulateMedia({ colorScheme: "dark" });
    await page.waitForFunction(
      (was) => getComputedStyle(document.documentElement).backgroundColor !== was,
      before,
    );
    expect(await lightBelow(light - 30)).toBeGreaterThan(0);
  });

  test("weighs at most 350 kB gzipped, without what is compiled to WebAssembly and the digits, which are below 400", async () => {
    const page = await open();
    await atStep(page, 0);
    await loaded("digits.npz");
    const files = readdirSync(built, { recursive: true, encoding: "utf8" });
    // What a comparison takes is loaded when it is asked for.
    const weighed = files.filter(
      (file) => file === "index.html" || (/\.(js|css)$/.test(file) && isLoaded(file)),
    );
    const total = weighed.reduce(
      (sum, file) => sum + gzipSync(readFileSync(join(built, file))).length,
      0,
    );
    expect(weighed.length).toBeGreaterThan(3);
    expect(total).toBeLessThan(350_000);
    expect(gzipSync(readFileSync(join(built, "digits.npz"))).length).toBeLessThan(400_000);
  });
});
