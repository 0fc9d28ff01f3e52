import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { pages } from "./pages";

// `pnpm docs:generate [PART OF A PATH …]` writes the docs' generated parts anew, of all pages or of those named.

const root = join(__dirname, "../../../..");
const wanted = process.argv.slice(2);
const chosen = pages.filter(
  ({ path }) => wanted.length === 0 || wanted.some((part) => path.includes(part)),
);

async function generateAll(): Promise<void> {
  if (chosen.length === 0)
    throw new Error(
      `docs:generate: no generated page has ${wanted.join(" or ")} in its path. There are: ${pages.map(({ path }) => path).join(", ")}.`,
    );
  tf.enableProdMode();
  for (const { path, generate } of chosen) {
    const file = join(root, path);
    const present = existsSync(file) ? readFileSync(file, "utf8") : "";
    const text = await generate(present);
    if (text !== present) writeFileSync(file, text);
    console.log(`${text === present ? "same   " : "written"} ${path}`);
  }
}

generateAll().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
