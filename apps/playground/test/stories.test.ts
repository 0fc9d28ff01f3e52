import { expect, test } from "@jest/globals";
import { stories } from "../src/stories/stories";
import { atStep, button, gone, inChromium, playground } from "./page";

inChromium("the stories", () => {
  const { open } = playground(900_000);

  test.each(stories.map(({ name, title, steps }) => ({ name, title, steps })))(
    "$title: what it says is so, to its end",
    async ({ name, title, steps }) => {
      const page = await open(`#story=${name}`);
      const told = page.getByRole("region", { name: title });
      for (const [at, step] of steps.entries()) {
        await told.getByText(`${at + 1} of ${steps.length}`).waitFor();
        await told.getByText(step.text.slice(0, 60)).waitFor();
        const run = told.getByRole("button", { name: /^Run \d+ epochs?$/ });
        await run.click();
        await told.getByRole("button", { name: "Done" }).waitFor({ timeout: 600_000 });
        const seen = told.getByRole("listitem").filter({ hasText: "seen" });
        const said = await told.getByRole("listitem").allTextContents();
        expect(said.filter((text) => !text.endsWith("seen"))).toEqual([]);
        expect(await seen.count()).toBe(step.checks.length);
        if (at + 1 < steps.length) await button(page, "Next").click();
      }
      await button(page, "Explore on your own").click();
      await told.waitFor({ state: "detached" });
    },
  );

  test("one is begun by its button, gone back in, and closed", async () => {
    const page = await open();
    await atStep(page, 0);
    const [first] = stories;
    await button(page, first?.title as string).click();
    await button(page, "Run 1 epoch").click();
    await button(page, "Done").waitFor();
    await button(page, "Next").click();
    // The next step goes on with the same run.
    expect(await page.getByLabel("Progress").textContent()).not.toMatch(/^Step 0,/);
    await button(page, "Back").click();
    await atStep(page, 0);
    await button(page, "Close the story").click();
    await gone(page.getByRole("region", { name: first?.title as string }));
  });
});
