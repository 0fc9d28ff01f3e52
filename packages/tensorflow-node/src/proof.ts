// A program of its own: loads a native part and trains a small network on it. What came of it is the last line of its
// output, as JSON; whatever the library does to its process, it does here.
//
//   node proof.js FOLDER_OF_THE_NPM_PACKAGE FILE_OF_THE_ADDON
import { createRequire, Module } from "node:module";
import { join } from "node:path";
import type { ProofResult } from "./prove";
import { supplyUtilFunctions } from "./util-functions";

const [folder = "", addon = ""] = process.argv.slice(2);
const require = createRequire(join(folder, "package.json"));
supplyUtilFunctions();
// The package asks this one where its native part is: so one is tried that is not in its place yet.
const finder = require.resolve("@mapbox/node-pre-gyp");
require.cache[finder] = Object.assign(new Module(finder), {
  exports: { find: () => addon },
  loaded: true,
});
const tf = require(folder);

/** Points of a square, and whether both their coordinates have the same sign: what no linear map tells apart. */
const side = Array.from({ length: 12 }, (_, i) => (i - 5.5) / 6);
const points = side.flatMap((x) => side.map((y) => [x, y]));
const x = tf.tensor2d(points);
const y = tf.tensor2d(points.map(([a = 0, b = 0]) => [a * b > 0 ? 1 : 0]));
const kernelInitializer = (seed: number) => tf.initializers.glorotUniform({ seed });
const model = tf.sequential({
  layers: [
    tf.layers.dense({
      units: 16,
      activation: "tanh",
      inputShape: [2],
      kernelInitializer: kernelInitializer(1),
    }),
    tf.layers.dense({ units: 1, activation: "sigmoid", kernelInitializer: kernelInitializer(2) }),
  ],
});
model.compile({
  optimizer: tf.train.adam(0.05),
  loss: "binaryCrossentropy",
  metrics: ["accuracy"],
});
const { history } = await model.fit(x, y, {
  epochs: 40,
  batchSize: 16,
  shuffle: false,
  verbose: 0,
});
const result: ProofResult = {
  tensorflow: tf.backend().binding.TF_Version,
  isOnGpu: tf.backend().isUsingGpuDevice === true,
  losses: [history.loss[0], history.loss.at(-1)],
  accuracy: history.acc.at(-1),
};
process.stdout.write(`\n${JSON.stringify(result)}\n`);
