import { BioflaxError } from "@bioflax/core";
import type * as tf from "@tensorflow/tfjs";
import { bioflaxVersion } from "../../base/version";
import type { TrainedNetwork } from "../open-run";
import { describeTrained } from "./describe";

/** The one file of weights beside model.json. */
const WEIGHTS = "weights.bin";

/** What TensorFlow.js would write of a model, without a place to write it. */
async function artifactsOf(tfjs: typeof tf, model: tf.LayersModel): Promise<tf.io.ModelArtifacts> {
  let artifacts: tf.io.ModelArtifacts = {};
  const handler = tfjs.io.withSaveHandler(async (given) => {
    artifacts = given;
    return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
  });
  await model.save(handler);
  return artifacts;
}

/** The buffers of weights as one. */
function joined(data: tf.io.WeightData | undefined): Uint8Array<ArrayBuffer> {
  const buffers = data === undefined ? [] : Array.isArray(data) ? data : [data];
  return Uint8Array.from(Buffer.concat(buffers.map((buffer) => new Uint8Array(buffer))));
}

/** @throws BioflaxError when TensorFlow.js cannot read what it wrote, as its `gelu_new`. */
async function checkReadable(
  tfjs: typeof tf,
  json: object,
  weightData: ArrayBuffer,
): Promise<void> {
  const { modelTopology, weightsManifest } = JSON.parse(JSON.stringify(json)) as {
    modelTopology: object;
    weightsManifest: tf.io.WeightsManifestConfig;
  };
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
  try {
    const handler = tfjs.io.fromMemory({ modelTopology, weightSpecs, weightData });
    (await tfjs.loadLayersModel(handler)).dispose();
  } catch (error) {
    const [reason] = (error as Error).message.split(/[.\n]/);
    throw new BioflaxError(
      `TensorFlow.js ${tfjs.version.tfjs} cannot load what it writes of this network: ${reason}. Use --format onnx.`,
      { cause: error },
    );
  }
}

/**
 * A trained network as the files of a TensorFlow.js layers model, of TensorFlow.js's own layers alone.
 *
 * @throws BioflaxError for a network that TensorFlow.js could not load again.
 */
export async function tfjsFiles(
  trained: TrainedNetwork,
): Promise<Record<string, string | Uint8Array>> {
  const { useDevice } = await import("@bioflax/layers/node");
  const { tf: tfjs } = await useDevice("cpu");
  const { fromSpec, toLayersModel } = await import("@bioflax/layers");
  const model = fromSpec(trained.spec, trained.weights);
  const plain = toLayersModel(model);
  const { modelTopology, weightSpecs, weightData, format, generatedBy } = await artifactsOf(
    tfjs,
    plain,
  );
  model.dispose();
  plain.dispose();
  const json = {
    format,
    generatedBy,
    convertedBy: `bioflax ${bioflaxVersion}`,
    modelTopology,
    userDefinedMetadata: describeTrained(trained),
    weightsManifest: [{ paths: [WEIGHTS], weights: weightSpecs }],
  };
  const bytes = joined(weightData);
  await checkReadable(tfjs, json, bytes.buffer);
  return { "model.json": `${JSON.stringify(json)}\n`, [WEIGHTS]: bytes };
}
