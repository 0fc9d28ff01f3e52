import { CompiledNetwork } from "@bioflax/compiler";
import { Random, type RuleName } from "@bioflax/core";
import { convert, loss, optimizer, toLayersModel, toSpec } from "@bioflax/layers";
import { describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";

const [BATCH, STEPS, SEED] = [4, 5, 3];
const sgd = { name: "sgd", learningRate: 0.05, momentum: 0.9, weightDecay: 1e-3 } as const;

/**
 * What someone who never heard of us writes: convolutions, pooling, normalisation, dropout, two branches and their sum.
 */
function theirModel(): tf.LayersModel {
  const put = (layer: tf.layers.Layer, ...inputs: tf.SymbolicTensor[]) =>
    layer.apply(inputs.length === 1 ? inputs[0]! : inputs) as tf.SymbolicTensor;
  const conv = (filters: number, more = {}) =>
    tf.layers.conv2d({ filters, kernelSize: 3, padding: "same", ...more });
  const input = tf.input({ shape: [10, 9, 2] });
  const stem = put(conv(4, { activation: "relu" }), input);
  const small = put(tf.layers.maxPooling2d({ poolSize: 2 }), stem);
  const left = put(tf.layers.batchNormalization(), put(conv(5), small));
  const right = put(conv(5, { kernelSize: 1, activation: "tanh" }), small);
  const sum = put(tf.layers.add(), left, right);
  const active = put(tf.layers.activation({ activation: "relu" }), sum);
  const dropped = put(tf.layers.dropout({ rate: 0.3 }), active);
  const row = put(tf.layers.flatten(), dropped);
  return tf.model({ inputs: input, outputs: put(tf.layers.dense({ units: 3 }), row) });
}

/** A model after it has been on disk. */
async function fromDisk(model: tf.LayersModel): Promise<tf.LayersModel> {
  let saved: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      saved = JSON.parse(JSON.stringify({ ...artifacts, weightData: undefined }));
      Object.assign(saved!, { weightData: artifacts.weightData });
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
    }),
  );
  return tf.loadLayersModel(tf.io.fromMemory(saved!));
}

const random = new Random(1, "converted");
const inputs = Float32Array.from({ length: BATCH * STEPS * 180 }, () => random.normal());
const targets = Int32Array.from({ length: BATCH * STEPS }, () => random.below(3));

/** The losses of a few steps in TensorFlow.js. */
function eagerLosses(model: tf.LayersModel): number[] {
  const [step, lossOf] = [optimizer(sgd), loss("softmaxCrossEntropy")];
  return Array.from({ length: STEPS }, (_, at) => {
    const rows = inputs.subarray(at * BATCH * 180, (at + 1) * BATCH * 180);
    const x = tf.tensor(rows, [BATCH, 10, 9, 2]);
    const labels = tf.tensor1d(targets.subarray(at * BATCH, (at + 1) * BATCH), "int32");
    const { value, grads } = tf.variableGrads(() =>
      lossOf(labels, model.apply(x, { training: true }) as tf.Tensor),
    );
    step.applyGradients(grads);
    return value.dataSync()[0]!;
  });
}

describe("somebody else's model, saved, loaded and converted", () => {
  test.each<RuleName>(["bp", "fa", "kp", "brsf", "wm", "frsf", "dfa", "dkp", "drtp"])(
    "%s: trains eagerly and compiled with the same losses, and goes back to plain TensorFlow.js",
    async (rule) => {
      await tf.setBackend("cpu");
      const { model, report } = convert(await fromDisk(theirModel()), { rule, seed: SEED });
      expect(report.filter(({ action }) => action === "converted")).toHaveLength(4);
      const { spec, weights } = await toSpec(model);
      const compiled = await CompiledNetwork.create({
        spec,
        weights,
        loss: "softmaxCrossEntropy",
        optimizer: sgd,
        layout: { inputShape: [10, 9, 2], targetShape: [] },
        batchSize: BATCH,
        seed: SEED,
        threads: 1,
      });
      const source = { inputs, targets, count: BATCH * STEPS };
      const rows = Int32Array.from({ length: BATCH * STEPS }, (_, row) => row);
      const { losses } = await compiled.train(source, rows);
      eagerLosses(model).forEach((value, at) => {
        expect(Math.abs(value / losses[at]! - 1)).toBeLessThan(1e-4);
      });

      const plain = await fromDisk(toLayersModel(model));
      for (const layer of plain.layers) expect(layer.getClassName()).not.toMatch(/^Bioflax/);
      const x = tf.tensor(inputs, [BATCH * STEPS, 10, 9, 2]);
      const answers = Array.from((plain.predict(x) as tf.Tensor).dataSync());
      const expected = await compiled.predict(source, rows);
      answers.forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-3));
      await compiled.dispose();
    },
  );
});
