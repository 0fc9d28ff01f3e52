import type { Loss } from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { asContainer } from "../base/container";
import { isAuxiliary } from "../network/network-layers";
import { fromTfActivation } from "../network/tf-activations";

type CompileArgs = Parameters<tf.LayersModel["compile"]>[0];

/** The layers at the ends of models that have been spoken of, so that each is once. */
const spoken = new WeakMap<tf.layers.Layer, Set<string>>();

/** The layer that a model's output comes from, by nothing that changes its values. */
function outputLayerOf(symbol: tf.SymbolicTensor): tf.layers.Layer {
  const layer = symbol.sourceLayer;
  const inner = asContainer(layer)?.outputs[symbol.outputTensorIndex ?? 0];
  if (inner !== undefined) return outputLayerOf(inner);
  const [below] = symbol.inputs ?? [];
  const keepsValues = ["Flatten", "Reshape"].includes(layer.getClassName()) || isAuxiliary(layer);
  return keepsValues && below !== undefined ? outputLayerOf(below) : layer;
}

/** The activation of a layer, under bioflax's name. */
function activationOf(layer: tf.layers.Layer): string | undefined {
  if (layer.getClassName() === "Softmax") return "softmax";
  const { activation } = layer.getConfig() as { activation?: string };
  return activation === undefined ? undefined : (fromTfActivation(activation) ?? activation);
}

function warnOnce(layer: tf.layers.Layer, kind: string, message: string): void {
  const kinds = spoken.get(layer) ?? new Set();
  spoken.set(layer, kinds);
  if (kinds.has(kind)) return;
  kinds.add(kind);
  console.warn(message);
}

/** What compile was given for one of several outputs. */
function givenFor(given: unknown, index: number, name: string, outputs: number): unknown {
  if (Array.isArray(given)) return outputs > 1 && Array.isArray(given[0]) ? given[index] : given;
  return typeof given === "object" && given !== null
    ? (given as Record<string, unknown>)[name]
    : given;
}

const isBinary = (metric: unknown, units: number | null | undefined) =>
  metric === "binaryAccuracy" ||
  metric === tf.metrics.binaryAccuracy ||
  (units === 1 && (metric === "accuracy" || metric === "acc"));

/**
 * Warns of what a model is compiled with that is legal, and surely not meant.
 *
 * @param lossOf the loss that a function is one of bioflax's for, if it is.
 */
export function lookAt(
  model: tf.LayersModel,
  { loss, metrics }: CompileArgs,
  lossOf: (given: unknown) => Loss | undefined,
): void {
  const { outputs, outputNames } = model;
  outputs.forEach((symbol, i) => {
    const name = outputNames[i] as string;
    const own = Array.isArray(loss) ? loss[i] : givenFor(loss, i, name, outputs.length);
    const { activation: takes, name: lossName } = lossOf(own) ?? {};
    if (takes === undefined) return;
    const layer = outputLayerOf(symbol);
    if (activationOf(layer) === takes)
      warnOnce(
        layer,
        "activation",
        `bioflax: the output layer "${layer.name}" has the activation ${takes}, and the loss "${lossName}" takes logits, of which it takes the ` +
          `${takes} itself. With both, errors are far too small and outputs no probabilities of the loss's: leave the activation out, and take ` +
          `tf.${takes} of what the model predicts.`,
      );
    const measured = [givenFor(metrics, i, name, outputs.length)].flat();
    if (measured.some((metric) => isBinary(metric, symbol.shape.at(-1))))
      warnOnce(
        layer,
        "accuracy",
        `bioflax: TensorFlow.js's accuracy of the output layer "${layer.name}" takes 0.5 for the border between two classes, and the loss "${lossName}" ` +
          "takes logits, whose border is 0. Measure bioflax's: metrics: [binaryAccuracy], from @bioflax/layers.",
      );
  });
}
