import { chromium } from "playwright-core";

/** A browser that has visited nothing, without a window. */
export const freshBrowser = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox"],
  });

/** Visits the page, and plays as soon as that can be done: `trained` of its window says when the first step was taken. */
export async function playAtOnce(page, url) {
  await page.addInitScript(() => {
    const timer = setInterval(() => {
      const play = document.querySelector("button.main:enabled");
      const steps = Number(/Step (\d+)/.exec(document.querySelector("output")?.textContent)?.[1]);
      if (steps > 0) {
        clearInterval(timer);
        performance.mark("trained");
        window.trained = performance.now();
      } else if (play !== null && window.played === undefined) {
        window.played = performance.now();
        play.click();
      }
    }, 5);
  });
  await page.goto(url);
  await page.waitForFunction(() => window.trained !== undefined);
}
