import { expect, test } from "@jest/globals";
import type { Page } from "playwright-core";
import { atStep, button, disabled, gone, inChromium, playground } from "./page";

inChromium("the comparison with TensorFlow.js", () => {
  const { open, context } = playground();

  const section = (page: Page) => page.getByRole("region", { name: "Beside TensorFlow.js" });

  /** The cells of each row once all rounds are over. */
  async function compared(page: Page): Promise<string[][]> {
    await button(page, "Compare with TensorFlow.js").click();
    await section(page).getByText("Measured in 5 rounds.").waitFor();
    const rows = await section(page).locator("tbody tr").all();
    return Promise.all(rows.map((row) => row.locator("th, td").allTextContents()));
  }

  test("is loaded when it is asked for, and shows both as steps a second with the ratio", async () => {
    const page = await open("#rules=bp,dfa&data=digits&hidden=100&learningRate=0.05");
    const asked: string[] = [];
    context().on("request", (request) => asked.push(request.url()));
    await atStep(page, 0);
    expect(asked.filter((url) => /tfjs|comparison/.test(url))).toEqual([]);
    await section(page)
      .getByText(/^The same network, 784-100-10,.* batches of 32: /)
      .waitFor();
    // What trains beside it would take its time.
    await button(page, "Play").click();
    const rows = await compared(page);
    await button(page, "Play").waitFor();
    expect(rows.map(([name]) => name)).toEqual([
      "TensorFlow.js, backpropagation",
      "bioflax, bp",
      "bioflax, dfa",
    ]);
    const numbers = rows.map((cells) =>
      cells.slice(1).map((cell) => Number(cell.replaceAll(",", ""))),
    );
    expect(numbers[0]?.[1]).toBe(1);
    for (const [stepsPerSecond, times] of numbers) {
      expect(stepsPerSecond).toBeGreaterThan(0);
      expect(times).toBeGreaterThan(0);
    }
    expect(asked.some((url) => /tfjs-backend-wasm.*\.wasm$/.test(url))).toBe(true);

    // Another network is another comparison, which needs no network of the other kind.
    await context().setOffline(true);
    await page.getByLabel("Data set").selectOption("spirals");
    await atStep(page, 0);
    await gone(section(page).locator("tbody tr"));
    expect((await compared(page)).length).toBe(3);
  });

  test("what TensorFlow.js has not is said, and what it cannot train is not offered", async () => {
    const page = await open("#rules=bp&optimizer=adamw");
    await atStep(page, 0);
    await button(page, "Compare with TensorFlow.js").click();
    await section(page)
      .getByRole("alert")
      .getByText("TensorFlow.js has no optimizer adamw: choose sgd, adam, rmsprop.")
      .waitFor();
    await page.getByLabel("Optimizer").selectOption("adam");
    await atStep(page, 0);
    await section(page).getByRole("alert").waitFor({ state: "detached" });
    await page.getByLabel("Data set").selectOption("digits");
    await page.getByLabel("Architecture").selectOption("lenet5");
    await section(page).getByText("TensorFlow.js trains no convolutions").waitFor();
    await disabled(button(page, "Compare with TensorFlow.js"));
  });
});
