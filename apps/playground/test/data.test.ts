import { join } from "node:path";
import { expect, test } from "@jest/globals";
import type { Page } from "playwright-core";
import {
  atStep,
  button,
  disabled,
  expectSettings,
  gone,
  inChromium,
  playAnEpoch,
  playground,
} from "./page";

inChromium("data in the page", () => {
  const { open, scratch } = playground();

  const readings = (page: Page) => page.getByRole("list", { name: "What each rule reads" });

  test("digits are learnt, and told while a network learns; drawn ones, too", async () => {
    const page = await open("#rules=bp,dfa&data=digits&hidden=30&learningRate=0.1&seed=2");
    await atStep(page, 0);
    await readings(page).getByText("nothing drawn yet").first().waitFor();
    await playAnEpoch(page);
    await button(page, "Play").waitFor();
    await page.getByText(/^What bp reads \d+ of 24 right$/).waitFor();

    // The first test image is a seven, which an epoch is enough for.
    await button(page, "Take a test image").click();
    await readings(page)
      .getByText(/^bp reads 7, \d+ %$/)
      .waitFor();
    await readings(page)
      .getByText(/^dfa reads 7, \d+ %$/)
      .waitFor();
    await button(page, "Clear").click();
    await readings(page).getByText("nothing drawn yet").first().waitFor();

    // A line from top to bottom is a one.
    const pad = page.getByRole("img", { name: /^Draw a digit here/ });
    await pad.scrollIntoViewIfNeeded();
    const box = (await pad.boundingBox()) as { x: number; y: number; width: number };
    await page.mouse.move(box.x + 0.5 * box.width, box.y + 0.2 * box.width);
    await page.mouse.down();
    await page.mouse.move(box.x + 0.5 * box.width, box.y + 0.8 * box.width, { steps: 8 });
    await page.mouse.up();
    await readings(page)
      .getByText(/^bp reads 1, \d+ %$/)
      .waitFor();
    // It stays for another run of digits, and is told again as training goes on. One step may change no per cent.
    await button(page, "Reset").click();
    await atStep(page, 0);
    await readings(page)
      .getByText(/^bp reads \d, \d+ %$/)
      .waitFor();
    const before = await readings(page).textContent();
    await button(page, "Play").click();
    await page.waitForFunction(([list, text]) => (list as Element).textContent !== text, [
      await readings(page).elementHandle(),
      before,
    ] as const);
    await button(page, "Pause").click();

    // To other data it is nothing.
    await page.getByLabel("Data set").selectOption("spirals");
    await expectSettings(page, { data: "spirals" });
    await atStep(page, 0);
    await button(page, "Step").click();
    await atStep(page, 1);
    await gone(page.getByRole("alert"));
  });

  test("digits are learnt with convolutions", async () => {
    const page = await open("#rules=dfa&data=digits&show=weights,way,units");
    await atStep(page, 0);
    await page.getByLabel("Architecture").selectOption("lenet5");
    await expectSettings(page, { model: "lenet5" });
    await atStep(page, 0);
    await button(page, "Follow a batch").click();
    await atStep(page, 1);
    await page.getByRole("img", { name: /^Kernel W of layer 2, 150 by 16,/ }).waitFor();
    await page.getByRole("img", { name: "What 6 units of layer 1 look for in an image" }).waitFor();
    await page.getByText("Every layer has its error signal").waitFor();
    // Points have no convolutions.
    await page.getByLabel("Data set").selectOption("spirals");
    await expectSettings(page, { data: "spirals", model: "mlp" });
    await atStep(page, 0);
  });

  const table = Array.from({ length: 40 }, (_, i) => `${i % 7},${i % 5},${i % 7 > 3 ? "a" : "b"}`);

  test("a table of one's own is pasted, or chosen as a file, and what is wrong with it is said", async () => {
    const page = await open("#rules=bp&seed=4");
    await atStep(page, 0);
    await page.getByLabel("Data set").selectOption("csv");
    await page.getByRole("alert").getByText("Paste a table or choose a file").waitFor();
    await disabled(button(page, "Copy as command"));
    const pasted = page.getByLabel("Comma-separated values");
    await pasted.fill(["x,y,kind", ...table, "1,two,a"].join("\n"));
    await page.getByText("Line 42, column 2 (y): expected a number, received “two”.").waitFor();
    expect(await pasted.getAttribute("aria-invalid")).toBe("true");
    await pasted.fill(["x,y,kind", ...table].join("\n"));
    await page.getByText(/^40 rows of 2 numbers, and 2 classes: kind\./).waitFor();
    await atStep(page, 0);
    await button(page, "Step").click();
    await atStep(page, 1);
    await page
      .getByRole("img", { name: /^What bp answers in the plane.* 4 test examples$/ })
      .waitFor();

    // Of three numbers and a value, there is no picture.
    const rows = Array.from({ length: 30 }, (_, i) => `${i},${i % 4},${-i},${i / 3}`).join("\n");
    await page
      .getByLabel("or a file")
      .setInputFiles({ name: "own.csv", mimeType: "text/csv", buffer: Buffer.from(rows) });
    await page.getByText(/^30 rows of 3 numbers, and a value: column 4\./).waitFor();
    await atStep(page, 0);
    await page.getByText("too many numbers to be shown").waitFor();
    await button(page, "Step").click();
    await atStep(page, 1);
    await page.screenshot({ path: join(scratch, "table.png") });
  });
});
