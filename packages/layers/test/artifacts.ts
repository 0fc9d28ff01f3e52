import * as tf from "@tensorflow/tfjs";

/** What a model's files hold. */
export async function artifactsOf(
  model: tf.LayersModel,
  includeOptimizer = false,
): Promise<tf.io.ModelArtifacts> {
  let artifacts: tf.io.ModelArtifacts | undefined;
  const handler = tf.io.withSaveHandler(async (given) => {
    artifacts = given;
    return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
  });
  await model.save(handler, { includeOptimizer });
  return artifacts as tf.io.ModelArtifacts;
}

/** Saves a model as files would, and loads it again. */
export async function savedAndLoaded(
  model: tf.LayersModel,
  includeOptimizer = false,
): Promise<tf.LayersModel> {
  const { modelTopology, weightSpecs, weightData, trainingConfig } = await artifactsOf(
    model,
    includeOptimizer,
  );
  // Through JSON, as everything but the weights would go.
  const json = JSON.parse(JSON.stringify({ modelTopology, weightSpecs, trainingConfig }));
  return tf.loadLayersModel(tf.io.fromMemory({ ...json, weightData }));
}

/** The largest difference between two models' weights. */
export function weightDifference(a: tf.LayersModel, b: tf.LayersModel): number {
  const differences = a
    .getWeights()
    .map((w, i) => tf.max(tf.abs(tf.sub(w, b.getWeights()[i]!))).dataSync()[0]!);
  return Math.max(...differences);
}
