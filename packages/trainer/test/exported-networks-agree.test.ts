import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createNetwork, initializeWeights, Random, type Weights } from "@bioflax/core";
import type { Examples } from "@bioflax/datasets";
import { findPlugin, loadPlugin } from "@bioflax/pjrt";
import { decodeSafetensors } from "@bioflax/runs";
import { expect, test } from "@jest/globals";
import type { ConfigInput } from "../src/config/schema";
import type { EngineFactory } from "../src/engines/engine";
import { train } from "../src/run/train";
import { exportFormats, exportRun } from "../src/trained/export/export-run";
import { openRun, type TrainedNetwork } from "../src/trained/open-run";
import { predictExamples } from "../src/trained/predict";
import { fakeEngine } from "./fake-engine";
import { scratchFolder } from "./scratch";
import { hasXla } from "./xla-plugin";

const folder = scratchFolder();
let runs = 0;

/** Weights of which none is at rest, as training leaves them; variances above 0. */
function learnt(setup: Parameters<EngineFactory>[0]): Weights {
  const random = new Random(1, "learnt");
  const network = createNetwork(setup.spec);
  const drawn = initializeWeights(network, 1);
  const last = `layers.${network.layers.length - 1}.kernel`;
  return Object.fromEntries(
    network.parameters.map(({ name, role }) => {
      const noise = () => 0.1 * random.normal();
      const moved = role === "movingVariance" ? () => Math.abs(noise()) : noise;
      // Small at the end, or the surest of classes would hide the others.
      const small = network.layers.length > 20 ? 0.005 : 0.05;
      const scale = name === last ? small : 1;
      return [name, (drawn[name] as Float32Array).map((value) => scale * (value + moved()))];
    }),
  );
}

/** A run whose weights were learnt in no time. */
async function runOf(config: ConfigInput): Promise<string> {
  const { createEngine } = fakeEngine();
  const out = join(folder, String(runs++));
  await train(
    { ...config, trainSetSize: 1, testSetSize: 1, epochs: 1, computeAlignments: false, out },
    {
      createEngine: async (setup) => ({
        ...(await createEngine(setup)),
        weights: async () => learnt(setup),
      }),
    },
  );
  return out;
}

/** What another program, with nothing of bioflax's, answers to inputs. */
function elsewhere(program: string, home: string, path: string, inputs: number[], shape: number[]) {
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", program], {
    cwd: join(__dirname, "../..", home),
    encoding: "utf8",
    input: JSON.stringify({ path, inputs, shape }),
  });
  const answer = stdout.split("\n").find((line) => line.startsWith("["));
  if (answer === undefined) throw new Error(stderr);
  return JSON.parse(answer) as number[];
}

/** Loads a model over HTTP, as a page does. */
const tensorflow = `
  const tf = require("@tensorflow/tfjs");
  const { readFileSync } = require("node:fs");
  const { path, inputs, shape } = JSON.parse(readFileSync(0, "utf8"));
  const server = require("node:http").createServer((request, response) => response.end(readFileSync(path + request.url)));
  server.listen(0, "127.0.0.1", async () => {
    const model = await tf.loadLayersModel("http://127.0.0.1:" + server.address().port + "/model.json");
    console.log(JSON.stringify(Array.from(model.predict(tf.tensor(inputs, shape)).dataSync())));
    server.close();
  });
`;

const onnx = `
  const { InferenceSession, Tensor } = require("onnxruntime-node");
  const { path, inputs, shape } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
  (async () => {
    const session = await InferenceSession.create(path);
    const { output } = await session.run({ input: new Tensor("float32", Float32Array.from(inputs), shape) });
    console.log(JSON.stringify(Array.from(output.data)));
  })();
`;

/** Raw inputs, and what the network sees of them. */
function inputsFor({ data, network }: TrainedNetwork, count: number) {
  const random = new Random(7, "inputs");
  const size = data.inputShape.reduce((a, b) => a * b, 1);
  const pixels = Uint8Array.from({ length: count * size }, () => random.below(256));
  const examples: Examples = { inputs: pixels, targets: new Int32Array(count), count };
  const { scale, mean, standardDeviation } = data.normalization as NonNullable<
    typeof data.normalization
  >;
  const seen = Array.from(pixels, (pixel) => (pixel * scale - mean) / standardDeviation);
  return { examples, seen, shape: [count, ...network.spec.inputShape] };
}

const softmax = (outputs: number[]) => {
  const powers = outputs.map((value) => Math.exp(value - Math.max(...outputs)));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
};

test.each<[string, ConfigInput]>([
  ["an mlp, fa", { mode: "fa", hiddenLayers: [30, 20], activations: ["silu", "leakyRelu"] }],
  [
    "an mlp, rules by layer",
    { layerModes: ["dfa", "dkp", "bp"], hiddenLayers: [30, 20], outputActivation: "softplus" },
  ],
  ["lenet5, dfa", { model: "lenet5", mode: "dfa" }],
  ["lenet5, brsf", { model: "lenet5", mode: "brsf", outputActivation: "tanh" }],
  ["resnet20, kp", { model: "resnet20", mode: "kp" }],
  ["resnet20, usf", { model: "resnet20", mode: "usf" }],
])("%s: both engines, TensorFlow.js and ONNX Runtime predict the same", async (_name, config) => {
  const run = await runOf({ dataset: "color-shapes", ...config });
  const trained = await openRun(run);
  const { examples, seen, shape } = inputsFor(trained, 3);
  const probabilities = async (engine: "compiled" | "eager") =>
    (await predictExamples(trained, examples, { engine })).map((prediction) =>
      "probabilities" in prediction ? prediction.probabilities : [],
    );
  const expected = await probabilities("compiled");
  const rows = (outputs: number[]) =>
    [0, 1, 2].map((row) => softmax(outputs.slice(10 * row, 10 * row + 10)));
  const answers = [
    await probabilities("eager"),
    rows(elsewhere(tensorflow, "layers", await exportRun(run, "tfjs"), seen, shape)),
    rows(elsewhere(onnx, "compiler", await exportRun(run, "onnx"), seen, shape)),
  ];
  for (const answer of answers) {
    answer.flat().forEach((value, i) => expect(value).toBeCloseTo(expected.flat()[i]!, 5));
    expect(answer.flat()).toHaveLength(30);
  }
  expect(new Set(expected.flat().map((value) => value.toFixed(4))).size).toBeGreaterThan(10);
});

(hasXla ? test : test.skip)("programs in StableHLO answer the same", async () => {
  const run = await runOf({ dataset: "color-shapes", model: "lenet5", mode: "dfa", batchSize: 3 });
  const trained = await openRun(run);
  const { examples, seen, shape } = inputsFor(trained, 3);
  const path = await exportRun(run, "stablehlo");
  expect(readdirSync(path).sort()).toEqual([
    "inference.json",
    "inference.mlir",
    "model.safetensors",
    "training-step.json",
    "training-step.mlir",
  ]);
  const read = (name: string) => readFileSync(join(path, name), "utf8");
  const step = JSON.parse(read("training-step.json"));
  expect(step.arguments.slice(-4)).toEqual([
    { name: "input", shape, type: "float32" },
    { name: "target", shape: [3], type: "int32" },
    { name: "stepsTaken", shape: [], type: "float32" },
    { name: "rate", shape: [], type: "float32" },
  ]);
  expect(step.results.at(-1)).toEqual({ name: "loss", shape: [], type: "float32" });
  expect([step.learningRate, step.metadata.rule]).toEqual([trained.run.config.lr, "dfa"]);

  const client = await loadPlugin(findPlugin("cpu") as string).createClient();
  await client.compile(read("training-step.mlir"));
  const program = await client.compile(read("inference.mlir"));
  const [output] = await program.execute([await client.buffer(Float32Array.from(seen), { shape })]);
  const outputs = [...(await output!.toHost<"f32">())];
  client.destroy();
  const expected = await predictExamples(trained, examples, { engine: "compiled" });
  expected.forEach((prediction, row) => {
    if (!("probabilities" in prediction)) throw new Error("no classes");
    softmax(outputs.slice(10 * row, 10 * row + 10)).forEach((value, i) =>
      expect(value).toBeCloseTo(prediction.probabilities[i]!, 5),
    );
  });
});

test("the weights stand alone in a .safetensors file", async () => {
  const run = await runOf({ dataset: "color-shapes", model: "lenet5", mode: "dfa" });
  const file = await exportRun(run, "safetensors", {
    out: join(folder, "deep/er/net.safetensors"),
  });
  const bytes = readFileSync(file);
  const header = JSON.parse(bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE())).toString());
  const { spec, rule, normalization } = header.__metadata__;
  expect({ rule, normalization: JSON.parse(normalization) }).toEqual({
    rule: "dfa",
    normalization: { scale: 1 / 255, mean: 0.5, standardDeviation: 0.3 },
  });
  const tensors = decodeSafetensors(bytes, file);
  expect(Object.keys(tensors).sort()).toEqual(
    createNetwork(JSON.parse(spec))
      .parameters.map(({ name }) => name)
      .sort(),
  );
  const { weights } = await openRun(run, file);
  expect(weights).toEqual((await openRun(run)).weights);
});

test("what TensorFlow.js could not load again is not exported for it", async () => {
  const run = await runOf({ dataset: "color-shapes", hiddenLayers: [5], activations: ["gelu"] });
  await expect(exportRun(run, "tfjs")).rejects.toThrow(
    /^TensorFlow.js [\d.]+ cannot load what it writes of this network: Unknown activation: geluNew. Use --format onnx.$/,
  );
  expect(readdirSync(run).filter((name) => name.includes("tfjs"))).toEqual([]);
});

test("nothing is overwritten", async () => {
  const run = await runOf({ dataset: "color-shapes", hiddenLayers: [5], activations: ["relu"] });
  for (const format of exportFormats) {
    const path = await exportRun(run, format);
    await expect(exportRun(run, format)).rejects.toThrow(
      `${path}: expected a path where nothing is yet, received a `,
    );
  }
});
