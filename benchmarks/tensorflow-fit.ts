import { type Dataset, takeInputs } from "@bioflax/datasets";
import { useDevice } from "@bioflax/layers/node";
import type * as tf from "@tensorflow/tfjs";
import type { Workload } from "./workloads";

/**
 * TensorFlow.js's own dense layers under `model.fit`, on WebAssembly, its fastest backend where its native one is not.
 */
export async function tensorflowFit(
  { sizes = [], batch }: Workload,
  { train, normalization }: Dataset,
): Promise<{ turn: (steps: number) => Promise<number>; end: () => void }> {
  const { tf: tfjs } = await useDevice("wasm");
  const rows = train.indices.subarray(0, 16 * batch);
  const labels = train.examples.targets as Int32Array;
  const x = tfjs.tensor2d(takeInputs(train.examples, rows, normalization), [rows.length, 784]);
  const y = tfjs.oneHot(
    tfjs.tensor1d(
      Int32Array.from(rows, (row) => labels[row] as number),
      "int32",
    ),
    10,
  );
  const layers = sizes.slice(1).map((units, i) =>
    tfjs.layers.dense({
      units,
      activation: i < sizes.length - 2 ? "relu" : "softmax",
      ...(i === 0 && { inputShape: [784] }),
    }),
  );
  const model = tfjs.sequential({ layers });
  model.compile({ optimizer: tfjs.train.sgd(0.02), loss: "categoricalCrossentropy" });
  return {
    async turn(steps) {
      const whole = Math.max(1, Math.round(steps / 16));
      const some = steps < 16 ? steps * batch : rows.length;
      const [inputs, targets] = [x.slice([0, 0], [some, 784]), y.slice([0, 0], [some, 10])] as [
        tf.Tensor,
        tf.Tensor,
      ];
      const start = performance.now();
      await model.fit(inputs, targets, { batchSize: batch, epochs: whole, verbose: 0 });
      const taken = (performance.now() - start) / (whole * (some / batch));
      tfjs.dispose([inputs, targets]);
      return taken;
    },
    end() {
      tfjs.dispose([x, y]);
      model.dispose();
    },
  };
}
