// `pnpm --filter site run screenshots [FOLDER]`, after `pnpm site:build`: pictures of pages, to be looked at.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { serve } from "vitepress";

const site = join(import.meta.dirname, "..");
const [folder = join(site, "dist/screenshots")] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });

const pages = [
  ["home", ""],
  ["rules", "docs/rules.html"],
  ["architecture", "docs/architecture.html"],
  ["results", "results/"],
  ["api", "api/"],
  ["package", "api/layers/"],
  ["member", "api/layers/functions/bioDense.html"],
];
const looks = [
  { width: 1440, colorScheme: "light" },
  { width: 1440, colorScheme: "dark" },
  { width: 390, colorScheme: "light" },
];

const server = await serve({ root: site, port: 0 });
const { port } = server.server.address();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
for (const { width, colorScheme } of looks) {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
  for (const [name, path] of pages) {
    await page.goto(`http://localhost:${port}/${path}`, { waitUntil: "networkidle" });
    await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}.png`) });
  }
  await page.close();
}
await browser.close();
server.server.close();
