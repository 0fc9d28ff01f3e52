import { execFileSync } from "node:child_process";
import { basename, join } from "node:path";
import { expect, test } from "@jest/globals";
import { scratchFolder } from "./scratch";
import { enginesHere } from "./xla-plugin";

const scratch = scratchFolder();

/** The libraries of engines that a process has loaded after a run. */
function loadedBy(engine: string): string[] {
  const settings = { dataset: "blobs", trainSetSize: 2, epochs: 1, engine };
  const program = `
    const { train } = require(${JSON.stringify(join(__dirname, "../src/run/train.ts"))});
    train(${JSON.stringify({ ...settings, out: join(scratch, engine) })}).then(() =>
      process.stdout.write(JSON.stringify(process.report.getReport().sharedObjects)));`;
  const typescript = join(__dirname, "../../datasets/test/typescript.cjs");
  const output = execFileSync(process.execPath, [
    ...["--conditions=@bioflax/source", `--require=${typescript}`],
    ...["--input-type=commonjs", `--eval=${program}`],
  ]);
  const loaded = JSON.parse(output.toString()) as string[];
  const known = /onnxruntime(?=\.|_binding)|koffi|pjrt/;
  return [...new Set(loaded.flatMap((path) => known.exec(basename(path))?.[0] ?? []))].sort();
}

/** What starting an engine costs is its own libraries alone. */
test.each(enginesHere)("a run on the engine %s loads no other engine's libraries", (engine) => {
  const own = { compiled: ["onnxruntime"], eager: [], xla: ["koffi", "pjrt"] };
  expect(loadedBy(engine)).toEqual(own[engine]);
});
