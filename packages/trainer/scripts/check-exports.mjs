// Do other programs read our ONNX exports, and answer what core's float64 reference answers? Python's are installed in
// an environment of their own, PyTorch's gigabytes included; tract, which is Rust's, is built by Cargo, and left out
// where there is none:
//   pnpm --filter @bioflax/trainer run check-exports
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stderr } from "node:process";
import { fileURLToPath } from "node:url";
import {
  createNetwork,
  float64Tensor,
  forward,
  groupByLayer,
  outputOf,
  Random,
  referenceOps,
  sizeOf,
} from "@bioflax/core";
import { openRun } from "@bioflax/trainer";
import { bioflax, Findings, newFolder, pythonEnvironment, run } from "./python-environment.mjs";

const packages = [
  "onnxruntime==1.32.0",
  "opencv-python-headless==5.0.0.93",
  "onnx==1.23.2",
  "onnx2torch==1.5.15",
  "torch==2.15.0",
];
const program = await pythonEnvironment("exports", packages);
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const findings = new Findings();
const folder = await newFolder("exports");

const python = (library) => [program("python"), here("read-onnx.py"), library];
const readers = new Map([
  ["ONNX Runtime", python("onnxruntime")],
  ["OpenCV", python("opencv")],
  ["onnx2torch", python("onnx2torch")],
  ["ONNX's checker", python("checker")],
]);
const tract = await buildTract();
if (tract !== undefined) readers.set("tract", [tract]);

for (const model of ["mlp", "lenet5", "resnet20"]) {
  const out = join(folder, model);
  const small = "--dataset color-shapes --train-set-size 64 --test-set-size 16 --epochs 1 --quiet";
  await must(["train", "--model", model, ...small.split(" "), "--out", out]);
  await must(["export", out, "--format", "onnx", "--out", `${out}.onnx`]);
  const trained = await openRun(out);
  for (const batch of [1, 3]) await checkReaders(model, trained, `${out}.onnx`, batch);
}
findings.finish("Exports");

async function must(args) {
  const { status, stderr: said } = await bioflax(args);
  if (status !== 0) throw new Error(`bioflax ${args.join(" ")} ended with ${status}: ${said}`);
}

/** tract's program, or undefined where there is no Cargo. */
async function buildTract() {
  const target = join(tmpdir(), "bioflax-tract");
  const manifest = here("read-onnx-by-tract/Cargo.toml");
  stderr.write(`building tract in ${target}\n`);
  const places = ["--manifest-path", manifest, "--target-dir", target];
  const built = await run("cargo", ["build", "--quiet", ...places]).catch(() => undefined);
  if (built === undefined) {
    stderr.write("tract is left out: there is no cargo here\n");
    return undefined;
  }
  findings.expect(built.status === 0, `tract could not be built:\n${built.stderr}`);
  return join(target, "debug/read-onnx-by-tract");
}

/** Has every reader answer random inputs, which are compared with what the reference makes of them. */
async function checkReaders(model, { spec, weights }, path, batch) {
  const network = createNetwork(spec);
  const shape = [batch, ...spec.inputShape];
  const random = new Random(2, "input");
  const input = Float32Array.from({ length: sizeOf(shape) }, () => random.normal());
  const parameters = network.parameters.map((info) =>
    float64Tensor(weights[info.name], info.shape),
  );
  const tape = forward(
    referenceOps,
    network,
    groupByLayer(network, parameters),
    float64Tensor(input, shape),
  );
  const expected = [...outputOf(tape).data];
  const [given, answer] = [join(folder, "input"), join(folder, "answer")];
  await writeFile(given, input);
  for (const [reader, [command, ...args]] of readers) {
    await writeFile(answer, "");
    const read = await run(command, [...args, path, given, answer, ...shape.map(String)]);
    const what = `${model}, batch ${batch}, ${reader}`;
    findings.expect(
      read.status === 0,
      `${what}: ${read.stderr.trim().split("\n").slice(-4).join("\n")}`,
    );
    if (read.status !== 0 || reader === "ONNX's checker") continue;
    const bytes = await readFile(answer);
    const received = expected.map((_, i) =>
      4 * i < bytes.length ? bytes.readFloatLE(4 * i) : Number.NaN,
    );
    // Between float32 in another order and float64; axes taken for others would be off by about 1.
    const off =
      Math.max(...received.map((value, i) => Math.abs(value - expected[i]))) /
      Math.max(...expected.map(Math.abs));
    findings.expect(bytes.length === 4 * expected.length && off < 1e-4, `${what} is off by ${off}`);
    stderr.write(`${what}: off by ${off.toExponential(1)}\n`);
  }
}
