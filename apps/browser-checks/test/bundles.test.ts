import { createRequire } from "node:module";
import { expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import { build } from "esbuild";

const { classNameMap } = tf.serialization.SerializationMap.getMap();
const ours = () => Object.keys(classNameMap).filter((name) => name.startsWith("Bioflax"));

/** Runs a page's script as a bundler has it, on this TensorFlow.js. @returns what it exports. */
async function run(contents: string): Promise<Record<string, (...given: unknown[]) => unknown>> {
  for (const name of ours()) delete classNameMap[name];
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: __dirname },
    bundle: true,
    write: false,
    platform: "browser",
    format: "cjs",
    target: "es2022",
    conditions: ["@bioflax/source"],
    external: ["@tensorflow/*"],
    logLevel: "silent",
  });
  const module = { exports: {} };
  new Function("module", "require", outputFiles[0]?.text as string)(
    module,
    createRequire(__filename),
  );
  return module.exports;
}

async function saveAndLoad(model: tf.LayersModel): Promise<tf.LayersModel> {
  let saved: tf.io.ModelArtifacts | undefined;
  const handler = tf.io.withSaveHandler(async (artifacts) => {
    saved = artifacts;
    return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: "JSON" } };
  });
  await model.save(handler);
  return tf.loadLayersModel(tf.io.fromMemory(saved as tf.io.ModelArtifacts));
}

test("a page that imports a layer has it, loads models of it, and has no other", async () => {
  const { denseFA } = await run('export { denseFA } from "@bioflax/layers"');
  expect(ours().sort()).toEqual(["BioflaxConv2d", "BioflaxDense"]);
  const layer = denseFA?.({ units: 2, inputShape: [3] }) as tf.layers.Layer;
  const model = tf.sequential({ layers: [layer] });
  const loaded = await saveAndLoad(model);
  const input = tf.ones([1, 3]);
  expect(await (loaded.predict(input) as tf.Tensor).data()).toEqual(
    await (model.predict(input) as tf.Tensor).data(),
  );
});

test("a page that loads models it could not make has all layers by registerClasses", async () => {
  const page = 'import { loss, registerClasses } from "@bioflax/layers"; export { loss';
  await run(`${page} }`);
  expect(ours()).toEqual([]);
  const { registerClasses } = await run(`${page}, registerClasses }`);
  registerClasses?.();
  expect(ours()).toEqual(
    expect.arrayContaining(["BioflaxDense", "BioflaxDirectFeedback", "BioflaxOptimizer"]),
  );
});

test("frozen models keep their layers' weights in order in a page, too", async () => {
  const { denseFA } = await run('export { denseFA } from "@bioflax/layers"');
  const layers = [3, 3].map((units) => denseFA?.({ units, inputShape: [3] }) as tf.layers.Layer);
  const model = tf.sequential({ layers });
  const names = () => model.weights.map(({ originalName }) => originalName);
  const before = names();
  (layers[0] as tf.layers.Layer).trainable = false;
  expect(names()).toEqual(before);
});
