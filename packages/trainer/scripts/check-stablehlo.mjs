// Does JAX read our programs in StableHLO, and come to what core's float64 reference comes to? Steps of several rules,
// layers and optimizers, and the answer; then what the command exports of a run. JAX is installed in an environment of
// its own:
//   pnpm --filter @bioflax/trainer run check-stablehlo
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stderr } from "node:process";
import { fileURLToPath } from "node:url";
import {
  createNetwork,
  createTrainable,
  float64Tensor,
  forward,
  groupByLayer,
  initializeWeights,
  noiseShape,
  outputOf,
  Random,
  referenceOps,
  sizeOf,
  slotNames,
  trainStep,
} from "@bioflax/core";
import { openRun } from "@bioflax/trainer";
import { inferenceProgram, trainingStepProgram } from "@bioflax/xla";
import { bioflax, Findings, newFolder, pythonEnvironment, run } from "./python-environment.mjs";

const program = await pythonEnvironment("stablehlo", ["jax==0.10.2", "numpy==2.4.6"]);
const findings = new Findings();
const folder = await newFolder("stablehlo");
const script = fileURLToPath(new URL("run-stablehlo.py", import.meta.url));
const random = new Random(3, "stablehlo");
const BATCH = 5;
const STEPS = 3;

const sgd = { name: "sgd", learningRate: 0.1, momentum: 0.9, weightDecay: 0.01 };
const adam = { name: "adam", learningRate: 0.01, epsilon: 1e-3 };
const dense = [
  { type: "dense", units: 7, activation: "tanh" },
  { type: "dense", units: 6, activation: "gelu" },
  { type: "dense", units: 4 },
];
const images = [
  // Without a bias: batch normalisation makes its gradient zero, and Adam makes something of what rounding leaves of it.
  { type: "conv2d", filters: 3, kernelSize: 3, padding: "same", strides: 2, useBias: false },
  { type: "batchNormalization" },
  { type: "activation", activation: "relu" },
  { type: "maxPooling2d", poolSize: 2 },
  { type: "flatten" },
  { type: "dropout", rate: 0.3 },
  { type: "dense", units: 4 },
];
for (const rule of ["bp", "fa", "kp", "dfa", "sdfa", "brsf", "wm"])
  await check({ inputShape: [9], rule, layers: dense }, "softmaxCrossEntropy", sgd);
for (const loss of ["meanSquaredError", "sigmoidCrossEntropy"])
  await check({ inputShape: [9], rule: "dkp", layers: dense }, loss, adam);
for (const rule of ["bp", "fa", "dfa", "frsf"])
  await check({ inputShape: [8, 8, 2], rule, layers: images }, "softmaxCrossEntropy", adam);
await checkCommand();
findings.finish("StableHLO");

/** Trains a network a few steps and has it answer, by JAX and by the reference. */
async function check(spec, loss, optimizer) {
  const name = `${spec.rule}, ${loss}, ${optimizer.name}, ${spec.layers[0].type}`;
  const trainable = createTrainable({ spec, loss, optimizer });
  const { network } = trainable;
  const isLabels = loss === "softmaxCrossEntropy";
  const step = trainingStepProgram({
    spec,
    loss,
    optimizer,
    batch: BATCH,
    ...(!isLabels && { targetForm: "rows" }),
  });
  let state = { ...initializeWeights(network, 0) };
  for (const info of network.parameters)
    for (const slot of slotNames(info, trainable.optimizer))
      state[slot] = new Float32Array(sizeOf(info.shape));
  let reference = {
    parameters: groupByLayer(
      network,
      network.parameters.map((info) => float64Tensor(state[info.name], info.shape)),
    ),
    slots: network.parameters.map((info) =>
      slotNames(info, trainable.optimizer).map(() =>
        float64Tensor(new Float32Array(sizeOf(info.shape)), info.shape),
      ),
    ),
  };
  for (let t = 0; t < STEPS; t++) {
    const given = {
      input: normal([BATCH, ...spec.inputShape]),
      target: isLabels
        ? Int32Array.from({ length: BATCH }, () => random.below(4))
        : Float32Array.from({ length: BATCH * 4 }, () => random.uniform()),
      stepsTaken: Float32Array.of(t),
      rate: Float32Array.of(optimizer.learningRate),
    };
    for (const info of network.noise) given[info.name] = normal(noiseShape(info, BATCH));
    const received = await byJax(`${name}, step ${t + 1}`, step, { ...state, ...given });
    if (received === undefined) return;
    const { state: next, pass } = trainStep(referenceOps, trainable, reference, {
      batch: {
        input: float64Tensor(given.input, [BATCH, ...spec.inputShape]),
        target: float64Tensor(given.target, isLabels ? [BATCH] : [BATCH, 4]),
      },
      noise: network.noise.map((info) => float64Tensor(given[info.name], noiseShape(info, BATCH))),
      step: float64Tensor([t + 1], []),
      rate: optimizer.learningRate,
    });
    reference = next;
    compare(`${name}, loss of step ${t + 1}`, received.loss, pass.loss.data);
    for (const { name: weight, layer, role } of network.parameters)
      if (received[weight] !== undefined)
        compare(
          `${name}, ${weight} after step ${t + 1}`,
          received[weight],
          next.parameters[layer][role].data,
        );
    const { loss: _loss, ...changed } = received;
    state = { ...state, ...changed };
  }
  const input = normal([BATCH, ...spec.inputShape]);
  const expected = outputOf(
    forward(
      referenceOps,
      network,
      reference.parameters,
      float64Tensor(input, [BATCH, ...spec.inputShape]),
    ),
  ).data;
  for (const weights of [undefined, state]) {
    const answer = await byJax(
      `${name}, answer`,
      inferenceProgram({ spec, weights, batch: BATCH }),
      { ...state, input },
    );
    if (answer !== undefined) compare(`${name}, answer`, answer.output, expected);
  }
  stderr.write(`${name}: compared\n`);
}

/** What the command exports of a run. */
async function checkCommand() {
  const out = join(folder, "run");
  const small =
    "--dataset color-shapes --model lenet5 --mode fa --train-set-size 64 --test-set-size 16 --epochs 1 --batch-size 4 --quiet";
  for (const args of [
    ["train", ...small.split(" "), "--out", out],
    ["export", out, "--format", "stablehlo"],
  ]) {
    const { status, stderr: said } = await bioflax(args);
    if (status !== 0) throw new Error(`bioflax ${args.join(" ")} ended with ${status}: ${said}`);
  }
  const { spec, weights } = await openRun(out);
  const network = createNetwork(spec);
  const text = await readFile(join(out, "stablehlo/inference.mlir"), "utf8");
  const signature = JSON.parse(await readFile(join(out, "stablehlo/inference.json"), "utf8"));
  const shape = [4, ...spec.inputShape];
  const input = normal(shape);
  const parameters = network.parameters.map((info) =>
    float64Tensor(weights[info.name], info.shape),
  );
  const expected = outputOf(
    forward(referenceOps, network, groupByLayer(network, parameters), float64Tensor(input, shape)),
  ).data;
  const answer = await byJax("a run's export", { text, ...signature }, { input });
  if (answer !== undefined) compare("a run's export", answer.output, expected);
}

function normal(shape) {
  return Float32Array.from({ length: sizeOf(shape) }, () => random.normal());
}

/** A program's results by name, or undefined where JAX refuses it, which is a finding. */
async function byJax(what, { text, ...signature }, given) {
  const [mlir, json, inputs, outputs] = ["p.mlir", "p.json", "inputs", "outputs"].map((name) =>
    join(folder, name),
  );
  await writeFile(mlir, text);
  await writeFile(json, JSON.stringify(signature));
  const bytes = signature.arguments.map(({ name }) => {
    const { buffer, byteOffset, byteLength } = given[name];
    return Buffer.from(buffer, byteOffset, byteLength);
  });
  await writeFile(inputs, Buffer.concat(bytes));
  const { status, stderr: said } = await run(
    program("python"),
    [script, mlir, json, inputs, outputs],
    {
      env: { ...process.env, JAX_PLATFORMS: "cpu" },
    },
  );
  findings.expect(status === 0, `${what}: ${said.trim().split("\n").slice(-3).join("\n")}`);
  if (status !== 0) return undefined;
  const read = await readFile(outputs);
  const { buffer, byteOffset } = Uint8Array.from(read);
  let at = byteOffset;
  const results = {};
  for (const { name, shape } of signature.results) {
    results[name] = new Float32Array(buffer, at, sizeOf(shape));
    at += results[name].byteLength;
  }
  return results;
}

/** Between float32 in another order and float64; numbers taken for others would be off by about 1. */
function compare(what, received, expected) {
  const scale = Math.max(1e-3, ...Array.from(expected, Math.abs));
  const off =
    Math.max(...Array.from(expected, (value, i) => Math.abs(received[i] - value))) / scale;
  findings.expect(off < 1e-4, `${what} is off by ${off}`);
}
