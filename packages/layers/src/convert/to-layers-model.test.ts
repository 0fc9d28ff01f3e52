import { spawnSync } from "node:child_process";
import { activations } from "@bioflax/core";
import { beforeAll, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import { artifactsOf } from "../../test/artifacts";
import { branchedModel } from "../../test/convert-models";
import {
  bioActivation,
  bioAveragePooling2d,
  bioConv2d,
  bioDense,
  bioDropout,
  bioGlobalMaxPooling2d,
  bioMaxPooling2d,
  convert,
  optimizer,
  toLayersModel,
} from "../index";
import "../../test/backends";

beforeAll(() => tf.setBackend("cpu"));

const values = (x: unknown) => [...(x as tf.Tensor).dataSync()];
const images = () => tf.randomNormal([4, 8, 6, 2], 0, 1, "float32", 3);

/** What a program does that has TensorFlow.js and nothing of bioflax's: loads a model, predicts, and trains on. */
const elsewhere = `
  const tf = require("@tensorflow/tfjs");
  const { topology, specs, data, inputs } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
  const bytes = Buffer.from(data, "base64");
  const weightData = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  (async () => {
    const files = { modelTopology: topology, weightSpecs: specs, weightData };
    const model = await tf.loadLayersModel(tf.io.fromMemory(files));
    const x = tf.tensor(inputs, [4, 8, 6, 2]);
    const predicted = Array.from(model.predict(x).dataSync());
    model.compile({ optimizer: tf.train.sgd(0.01), loss: "meanSquaredError" });
    const { history } = await model.fit(x, tf.zeros([4, 3]), { epochs: 5, verbose: 0 });
    console.log(JSON.stringify({ predicted, losses: history.loss }));
  })();
`;

test("a converted model that has learnt predicts the same in a process without bioflax, and learns on there", async () => {
  const { model } = convert(branchedModel({ rate: 0 }), { rule: "dfa" });
  model.compile({
    optimizer: optimizer({ name: "sgd", learningRate: 0.05 }),
    loss: "meanSquaredError",
  });
  await model.fit(images(), tf.ones([4, 3]), { epochs: 2, verbose: 0 });
  const { modelTopology, weightSpecs, weightData } = await artifactsOf(toLayersModel(model));
  expect(JSON.stringify(modelTopology)).not.toMatch(/bioflax/i);
  const input = {
    topology: modelTopology,
    specs: weightSpecs,
    data: Buffer.from(weightData as ArrayBuffer).toString("base64"),
    inputs: values(images()),
  };
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", elsewhere], {
    cwd: __dirname,
    encoding: "utf8",
    input: JSON.stringify(input),
  });
  const answer = stdout.split("\n").find((line) => line.startsWith("{"));
  if (answer === undefined) throw new Error(stderr);
  const { predicted, losses } = JSON.parse(answer);
  const expected = values(model.predict(images()));
  expect(predicted).toHaveLength(expected.length);
  expected.forEach((y, i) => expect(predicted[i]).toBeCloseTo(y, 5));
  expect(losses.at(-1)).toBeLessThan(losses[0]);
});

test("every activation that TensorFlow.js has, and every layer without a kernel, has its like", () => {
  const layers = [
    bioAveragePooling2d({ poolSize: 3, strides: 1, padding: "same", inputShape: [8, 6, 2] }),
    ...activations
      .names()
      .filter((name) => name !== "erf")
      .flatMap((activation) => [
        bioConv2d({ rule: "fa", filters: 3, kernelSize: 1, activation: activation as "relu" }),
        bioActivation({ activation: activation as "relu" }),
      ]),
    bioMaxPooling2d({ poolSize: [2, 1] }),
    bioDropout({ rate: 0.5 }),
    bioGlobalMaxPooling2d(),
    bioDense({ rule: "kp", units: 2, useBias: false }),
  ];
  const model = tf.sequential({ layers });
  const plain = toLayersModel(model);
  const isOurs = (layer: tf.layers.Layer) => layer.getClassName().startsWith("Bioflax");
  expect(plain.layers.filter(isOurs)).toEqual([]);
  const expected = values(model.predict(images()));
  values(plain.predict(images())).forEach((y, i) => expect(y).toBeCloseTo(expected[i]!, 5));
});

test("an activation that TensorFlow.js has not is refused by name", () => {
  const layer = bioDense({ rule: "fa", units: 2, activation: "erf", inputShape: [3] });
  expect(() => toLayersModel(tf.sequential({ layers: [layer] }))).toThrow(
    `toLayersModel: expected activations that TensorFlow.js has, received "erf" of the layer "${layer.name}".`,
  );
});
