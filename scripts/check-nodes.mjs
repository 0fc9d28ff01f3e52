// Runs the built command on both engines under every Node that CI tests, each taken from npm; where `pnpm bioflax
// devices --install tensorflow` has made its native part, the eager engine also on TensorFlow's own library, and the
// eager interpreter's conformance there. What follows on the command line is run in its place, as arguments of Node:
// `node scripts/check-nodes.mjs node_modules/jest/bin/jest.js PATTERN`. `--nodes 22,24` leaves the others out.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./run.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "bioflax-nodes-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));

/** The majors that CI tests. */
function testedNodes() {
  const workflow = readFileSync(join(root, ".github/workflows/ci.yml"), "utf8");
  const list = /^\s+node: \[(.*)\]$/m.exec(workflow);
  if (list === null) throw new Error("ci.yml has no list of Nodes.");
  return list[1].split(",").map((major) => major.trim());
}

/** A Node of some major. @returns the path of its program. */
async function fetchNode(major) {
  const name = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  const folder = join(scratch, major);
  const { ok, output } = await run(
    "npm",
    [
      "install",
      "--no-audit",
      "--no-fund",
      "--ignore-scripts",
      "--prefix",
      folder,
      `${name}@${major}`,
    ],
    { cwd: scratch },
  );
  if (!ok) throw new Error(output);
  return join(
    folder,
    "node_modules",
    name,
    "bin",
    process.platform === "win32" ? "node.exe" : "node",
  );
}

const args = process.argv.slice(2);
const chosen = args[0] === "--nodes" ? args.splice(0, 2)[1].split(",") : testedNodes();

const command = join(root, "packages/bioflax/bin/bioflax.js");
const training = (engine, device, major) => [
  command,
  "train",
  "--dataset",
  "blobs",
  "--epochs",
  "1",
  "--engine",
  engine,
  "--device",
  device,
  "--quiet",
  "--out",
  join(scratch, `${engine}-${device}-${major}`),
];

const isThere = async (device) =>
  /"state":"available"/.test(
    (await run(process.execPath, [command, "devices", "--only", device])).output,
  );
const hasTensorflow = await isThere("eager/tensorflow");
const devices = [
  ["compiled", "cpu"],
  ["eager", "wasm"],
  ...(hasTensorflow ? [["eager", "tensorflow"]] : []),
  ...((await isThere("xla/cpu")) ? [["xla", "cpu"]] : []),
];
/** The cases of the eager interpreter that are named after TensorFlow's backend, and what is done otherwise there. */
const conformance = [
  join(root, "node_modules/jest/bin/jest.js"),
  "--maxWorkers=1",
  "--testNamePattern=[Tt]ensor[Ff]low",
  ...["conformance", "tensorflow"].map((name) => `packages/layers/test/${name}.test.ts`),
];

for (const major of chosen) {
  const node = await fetchNode(major);
  const commands =
    args.length > 0
      ? [args]
      : [
          [command, "--version"],
          ...devices.map(([engine, device]) => training(engine, device, major)),
          ...(hasTensorflow ? [conformance] : []),
        ];
  for (const parts of commands) {
    const { ok, output, seconds } = await run(node, parts, { cwd: root });
    const text = parts.map((part) => part.replace(root, "").replace(`${scratch}/`, "")).join(" ");
    console.log(`${ok ? "ok   " : "FAIL "} Node ${major}: ${text} (${seconds.toFixed(1)} s)`);
    if (ok) continue;
    console.log(`\n${output.trimEnd()}\n`);
    process.exitCode = 1;
  }
}
