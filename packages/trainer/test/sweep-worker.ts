import { join } from "node:path";
import type { WorkerCommand } from "../src/sweep/worker/start-worker";

/** What starts a worker of a sweep from the sources. */
export const workerFromSources: WorkerCommand = [
  process.execPath,
  "--conditions=@bioflax/source",
  `--require=${join(__dirname, "../../datasets/test/typescript.cjs")}`,
  "--input-type=commonjs",
  `--eval=require(${JSON.stringify(join(__dirname, "../src/sweep-worker.ts"))})`,
];
