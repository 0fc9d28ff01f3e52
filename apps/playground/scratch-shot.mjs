import { chromium } from "playwright-core";
import { preview } from "vite";

const [hash, out, ...steps] = process.argv.slice(2);
const width = Number(process.env.W ?? 1280);
const server = await preview({
  root: import.meta.dirname,
  build: { outDir: "/tmp/pg" },
  preview: { port: 0 },
  logLevel: "error",
});
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
const context = await browser.newContext({
  viewport: { width, height: 900 },
  colorScheme: process.env.DARK ? "dark" : "light",
  ...(process.env.STILL && { reducedMotion: "reduce" }),
});
const page = await context.newPage();
page.setDefaultTimeout(20000);
page.on("console", (m) => console.log(m.type(), m.text()));
page.on("pageerror", (e) => console.log("ERR", e.message));
await page.goto(server.resolvedUrls.local[0] + hash);
const button = (name) => page.getByRole("button", { name, exact: true });
for (const step of steps) {
  const [what, arg] = step.split("=");
  if (what === "epochs") {
    await button("Play").click();
    await page.waitForFunction(
      (n) => Number(/epoch (\d+)/.exec(document.querySelector("output").textContent)?.[1]) >= n,
      Number(arg),
    );
    await button("Pause").click();
    await button("Play").waitFor();
  } else if (what === "click") await button(arg).click();
  else if (what === "ready") await page.getByText("Step 0,").waitFor();
  else if (what === "wait") await page.waitForTimeout(Number(arg));
  else if (what === "eval") console.log(JSON.stringify(await page.evaluate(arg)));
}
await page.waitForTimeout(600);
await page.screenshot({ path: out, fullPage: !process.env.VIEW });
await browser.close();
await server.close();
process.exit();
