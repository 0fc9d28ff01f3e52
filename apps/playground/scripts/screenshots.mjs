// `pnpm --filter playground run screenshots`, after `build`: pictures of the page for the docs.
import { join } from "node:path";
import { chromium } from "playwright-core";
import { preview } from "vite";

const root = join(import.meta.dirname, "..");

const all = "show=answers,angles,way,weights,spread,units";

const states = [
  {
    name: "spirals",
    hash: `#rules=bp,fa,kp,dfa&weightDecay=0.0005&${all}`,
    epochs: 30,
    buttons: ["Follow a batch"],
  },
  {
    name: "story",
    hash: "#story=kolen-pollack",
    buttons: ["Run 10 epochs", "Next", "Run 60 epochs"],
    colorScheme: "dark",
  },
  {
    name: "digits",
    hash: "#data=digits&rules=bp,fa,drtp&hidden=100&learningRate=0.05&show=answers,angles,units",
    epochs: 8,
    buttons: ["Take a test image"],
  },
  {
    name: "blobs",
    hash: "#data=blobs&classes=5&rules=bp,usf,dfa,drtp&learningRate=0.1&show=answers,angles,way",
    epochs: 10,
    buttons: ["Follow a batch"],
    width: 2560,
  },
  { name: "phone", hash: "#rules=dfa", epochs: 30, width: 360 },
];

const server = await preview({ root, preview: { port: 0 } });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
for (const { name, hash, epochs, buttons = [], width = 1280, colorScheme = "light" } of states) {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
  page.setDefaultTimeout(300_000);
  await page.goto(server.resolvedUrls.local[0] + hash);
  const button = (name) => page.getByRole("button", { name, exact: true });
  if (epochs !== undefined) {
    await button("Play").click();
    await page.waitForFunction(
      (epochs) =>
        Number(/epoch (\d+)/.exec(document.querySelector("output").textContent)?.[1]) >= epochs,
      epochs,
    );
    await button("Pause").click();
    await button("Play").waitFor();
  }
  for (const name of buttons) {
    await button(name).click();
    if (name.startsWith("Run")) await button("Done").waitFor();
    if (name.startsWith("Follow"))
      await page.getByText("Every layer has its error signal").waitFor();
  }
  await page.waitForTimeout(1000);
  await page.screenshot({
    path: join(root, "../../docs/images", `playground-${name}.png`),
    fullPage: true,
  });
  await page.close();
}
await browser.close();
await server.close();
