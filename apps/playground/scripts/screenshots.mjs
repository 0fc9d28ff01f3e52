// `pnpm --filter playground run screenshots`, after `build`: pictures of the page for the docs.
import { join } from "node:path";
import { chromium } from "playwright-core";
import { preview } from "vite";

const root = join(import.meta.dirname, "..");

const states = [
  { name: "spirals", hash: "#rules=bp,fa,kp,dfa&weightDecay=0.0005", epochs: 30 },
  {
    name: "sine",
    hash: "#data=sinreg&rules=kp,dfa&learningRate=0.05&weightDecay=0.001",
    epochs: 60,
    colorScheme: "dark",
  },
  { name: "blobs", hash: "#data=blobs&classes=5&rules=bp,usf,dfa,drtp", epochs: 10, width: 2560 },
  { name: "phone", hash: "#rules=dfa", epochs: 30, width: 360 },
];

const server = await preview({ root, preview: { port: 0 } });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
for (const { name, hash, epochs, width = 1280, colorScheme = "light" } of states) {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
  page.setDefaultTimeout(300_000);
  await page.goto(server.resolvedUrls.local[0] + hash);
  await page.getByRole("button", { name: "Play" }).click();
  await page.waitForFunction(
    (epochs) =>
      Number(/epoch (\d+)/.exec(document.querySelector("output").textContent)?.[1]) >= epochs,
    epochs,
  );
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByRole("button", { name: "Play" }).waitFor();
  await page.waitForTimeout(1000);
  await page.screenshot({
    path: join(root, "../../docs/images", `playground-${name}.png`),
    fullPage: true,
  });
  await page.close();
}
await browser.close();
await server.close();
