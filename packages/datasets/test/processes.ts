import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { PublishedFile } from "../src/files/download";

/** Downloads a file in a process of its own. */
export function runDownload(file: PublishedFile, baseUrl: string, folder: string): ChildProcess {
  return spawn(
    process.execPath,
    [
      "--conditions=@bioflax/source",
      `--require=${join(__dirname, "typescript.cjs")}`,
      "--input-type=commonjs",
      `--eval=require(${JSON.stringify(join(__dirname, "download-process.ts"))})`,
      JSON.stringify([file, baseUrl, folder]),
    ],
    { stdio: ["ignore", "inherit", "inherit"] },
  );
}
