import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { pages } from "./pages";

const root = join(__dirname, "../../../..");

/** Writes the docs' generated parts anew. @param wanted parts of the paths of those pages to write; all when empty. */
export async function generateAll(wanted: readonly string[]): Promise<void> {
  const chosen = pages.filter(
    ({ path }) => wanted.length === 0 || wanted.some((part) => path.includes(part)),
  );
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
