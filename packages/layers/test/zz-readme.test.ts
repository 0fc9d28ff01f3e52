// @ts-nocheck
import { test } from "@jest/globals";
test("block 0", async () => {
const tf = await import("@tensorflow/tfjs");
await import("@tensorflow/tfjs-backend-wasm");

await tf.setBackend("wasm");

});
test("block 1", async () => {
const tf = await import("@tensorflow/tfjs");
const { bioNetwork, loss, optimizer } = await import("@bioflax/layers");

const model = bioNetwork({
  mode: "dfa", // or any other rule of the table below
  hiddenLayers: [64, 32],
  activations: ["relu", "tanh"],
  units: 3,
  inputShape: [4],
  seed: 7,
});
model.compile({
  optimizer: optimizer({ name: "adam", learningRate: 0.01, weightDecay: 1e-4 }),
  loss: loss("softmaxCrossEntropy"), // from logits
  metrics: ["accuracy"],
});

const xs = tf.randomNormal([120, 4]);
const ys = tf.oneHot(tf.argMax(xs.slice([0, 0], [120, 3]), 1), 3);
await model.fit(xs, ys, { epochs: 20, batchSize: 32, verbose: 0 });
model.predict(xs.slice([0, 0], [2, 4])).print();

});
test("block 2", async () => {
const tf = await import("@tensorflow/tfjs");
const { denseFA, denseKP } = await import("@bioflax/layers");

const feedbackAlignment = tf.sequential({
  layers: [
    denseFA({ units: 15, activation: "relu", inputShape: [5] }),
    denseFA({ units: 10, feedbackInitializer: { name: "uniform", scale: 0.5 } }),
  ],
});
const kolenPollack = tf.sequential({
  layers: [denseKP({ units: 15, activation: "sigmoid", inputShape: [5] }), denseKP({ units: 10 })],
});
for (const model of [feedbackAlignment, kolenPollack]) {
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  await model.fit(tf.ones([8, 5]), tf.zeros([8, 10]), { verbose: 0 });
}

});
test("block 3", async () => {
const tf = await import("@tensorflow/tfjs");
const { denseDFAHidden, denseDFAOutput } = await import("@bioflax/layers");

const input = tf.input({ shape: [6] });
const left = denseDFAHidden({ units: 8, activation: "tanh" }).apply(input);
const right = denseDFAHidden({ units: 8, activation: "relu" }).apply(input);
const joined = tf.layers.concatenate().apply([left, right]);
const model = tf.model({ inputs: input, outputs: denseDFAOutput({ units: 3 }).apply(joined) });

});
test("block 4", async () => {
const tf = await import("@tensorflow/tfjs");
const { bioDense, denseDFAOutput, loss, optimizer } = await import("@bioflax/layers");

const mirrors = tf.sequential({
  layers: [
    bioDense({ rule: "wm", units: 16, activation: "relu", inputShape: [5], mirroring: { rate: 0.01 } }),
    bioDense({ rule: "wm", units: 3, mirroring: { rate: 0.01 }, clipNorm: 1 }),
  ],
});
const targets = tf.sequential({
  layers: [
    bioDense({ rule: "drtp", units: 16, activation: "tanh", inputShape: [5], feedbackConnections: 2 }),
    denseDFAOutput({ units: 3 }),
  ],
});
const xs = tf.randomNormal([32, 5]);
const ys = tf.oneHot(tf.argMax(xs.slice([0, 0], [32, 3]), 1), 3);
for (const model of [mirrors, targets]) {
  model.compile({ optimizer: optimizer({ name: "adam", learningRate: 0.01 }), loss: loss("softmaxCrossEntropy") });
  await model.fit(xs, ys, { epochs: 5, verbose: 0 });
}

});
test("block 5", async () => {
const tf = await import("@tensorflow/tfjs");
const { denseKP, optimizer } = await import("@bioflax/layers");

const layer = denseKP({ units: 3, inputShape: [5] });
const model = tf.sequential({ layers: [layer] });
const gap = () => tf.norm(tf.sub(layer.variables.kernel.read(), layer.variables.feedback.read())).dataSync()[0];
model.compile({ optimizer: optimizer({ name: "sgd", learningRate: 0.1, weightDecay: 0.1 }), loss: "meanSquaredError" });

const before = gap();
await model.fit(tf.randomNormal([8, 5]), tf.randomNormal([8, 3]), { epochs: 1, verbose: 0 });
console.log(gap() / before); // 0.9

});
test("block 6", async () => {
const tf = await import("@tensorflow/tfjs");
const { alignmentCallback, bioNetwork, loss, optimizer } = await import("@bioflax/layers");

const model = bioNetwork({ mode: "fa", hiddenLayers: [32, 16], units: 3, inputShape: [4] });
model.compile({ optimizer: optimizer({ name: "adam", learningRate: 0.01 }), loss: loss("softmaxCrossEntropy") });

const xs = tf.randomNormal([120, 4]);
const ys = tf.oneHot(tf.argMax(xs.slice([0, 0], [120, 3]), 1), 3);
const { history } = await model.fit(xs, ys, {
  epochs: 10,
  verbose: 0,
  callbacks: [
    alignmentCallback({
      data: { inputs: xs, targets: ys },
      loss: "softmaxCrossEntropy",
      onAlignment: (epoch, { gradientAngle }) => console.log(epoch, gradientAngle),
    }),
  ],
});
console.log(history["alignment/gradientAngle"], history["alignment/layers.1.weights"]);

});
test("block 7", async () => {
const tf = await import("@tensorflow/tfjs");
const { bioNetwork } = await import("@bioflax/layers");

const model = bioNetwork({ mode: "fa", hiddenLayers: [8], units: 2, inputShape: [4] });
let files;
await model.save(tf.io.withSaveHandler(async (artifacts) => {
  files = artifacts;
  return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: "JSON" } };
}));
const loaded = await tf.loadLayersModel(tf.io.fromMemory(files));

});
test("block 8", async () => {
const { getLoss, lossAndGradients, prepareStep } = await import("@bioflax/core");
const { fromSpec, networkNoise, networkParameters, tfOps, toNetwork } = await import("@bioflax/layers");
const { alignment } = await import("@bioflax/metrics");
const tf = await import("@tensorflow/tfjs");

const spec = { inputShape: [4], rule: "wm", layers: [{ type: "dense", units: 8, activation: "relu" }, { type: "dense", units: 3 }] };
const model = fromSpec(spec);
const network = toNetwork(model);
const batch = { input: tf.randomNormal([16, 4]), target: tf.zeros([16], "int32") };
const agreement = tf.tidy(() => {
  const parameters = prepareStep(tfOps, network, networkParameters(model, network), networkNoise(model));
  const pass = lossAndGradients(tfOps, { network, loss: getLoss("softmaxCrossEntropy") }, parameters, batch);
  return alignment(tfOps, network, parameters, pass);
});
console.log(agreement.gradient.dataSync()[0]); // cos ∠(the rule's gradient, backpropagation's)

});
