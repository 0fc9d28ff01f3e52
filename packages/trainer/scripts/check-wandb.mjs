// Runs the lines of docs/logging.md that send a run to Weights & Biases, offline, in a Python environment of its own:
//   pnpm --filter @bioflax/trainer run check-wandb
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { env, stderr } from "node:process";
import { bioflax, Findings, newFolder, pythonEnvironment, run } from "./python-environment.mjs";

const program = await pythonEnvironment("wandb", ["wandb", "tensorboard", "pillow"]);
const findings = new Findings();
const home = await newFolder("wandb");
const out = join(home, "run");

const options = "--hidden-layers 50 --activations relu --val-split 0.98 --epochs 3 --quiet";
const trained = await bioflax(["train", ...options.split(" "), "--out", out]);
findings.expect(trained.status === 0, `the run ended with ${trained.status}: ${trained.stderr}`);

const docs = await readFile(new URL("../../../docs/logging.md", import.meta.url), "utf8");
const [, lines] = /<!-- wandb: [\s\S]*?```python\n([\s\S]*?)```/.exec(docs);
await writeFile(join(home, "to_wandb.py"), lines);
const sent = await run(program("python"), ["to_wandb.py", out], {
  cwd: home,
  env: { ...env, WANDB_MODE: "offline", COLUMNS: "200" },
});
findings.expect(sent.status === 0, `the lines ended with ${sent.status}: ${sent.stderr}`);
stderr.write(`${/wandb version \S+/.exec(sent.stderr)?.[0]}\n`);

const last = JSON.parse(
  (await readFile(join(out, "metrics.jsonl"), "utf8")).trimEnd().split("\n").at(-1),
);
for (const [tag, value] of [
  ["accuracy/test", last.test.accuracy],
  ["accuracy/validation", last.val.accuracy],
]) {
  const found = new RegExp(`${tag} +([0-9.]+)\\s*$`, "m").exec(sent.stderr)?.[1];
  findings.expect(
    Math.abs(Number(found) - value) < 1e-5,
    `${tag}: expected ${value}, the summary says ${found}`,
  );
}
const files = await readdir(join(home, "wandb"), { recursive: true });
const pictures = files.filter((file) => /^offline-run-.*predictions_test.*\.png$/.test(file));
findings.expect(
  pictures.length === 3,
  `there are ${pictures.length} pictures, expected one an epoch`,
);
findings.finish("Weights & Biases");
