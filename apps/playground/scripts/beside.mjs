// `pnpm --filter playground run beside`, after `build`: what the page's own comparison with TensorFlow.js says, of digits
// and a network 784-100-10.
import { join } from "node:path";
import { preview } from "vite";
import { freshBrowser } from "./first-visit.mjs";

const root = join(import.meta.dirname, "..");
const server = await preview({ root, preview: { port: 0 } });
const browser = await freshBrowser();
const page = await browser.newPage();
page.setDefaultTimeout(300_000);
await page.goto(`${server.resolvedUrls.local[0]}#rules=bp,fa,kp,dfa&data=digits&hidden=100`);
await page.getByRole("button", { name: "Compare with TensorFlow.js" }).click();
await page.getByText("Measured in 5 rounds.").waitFor();
console.log("| trained by | steps a second | times TensorFlow.js's |\n|---|---|---|");
for (const row of await page.locator(".comparison tbody tr").all())
  console.log(`| ${(await row.locator("th, td").allTextContents()).join(" | ")} |`);
await browser.close();
await server.close();
