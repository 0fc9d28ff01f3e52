import * as tf from "@tensorflow/tfjs";

let isSummarizing = false;
let isWatching = false;

/** Whether `model.summary` asks for the types of layers, in place of those that are saved. */
export const summarizing = (): boolean => isSummarizing;

/** The share of a line that TensorFlow.js gives to names and types, in models that are a chain. */
const COLUMN = 0.32;

/** How long lines must be for the longest name with its type, inner models counted as one. */
function lineLengthFor({ layers }: tf.LayersModel): number {
  const longest = Math.max(
    0,
    ...layers.map((layer) => `${layer.name} (${layer.getClassName()})`.length),
  );
  return Math.max(90, Math.ceil((longest + 1) / COLUMN));
}

/**
 * Has `model.summary` show the rule of each layer with a kernel beside its kind, `layers.0 (dense, dfa)`: it prints the
 * types that layers are saved under, which say nothing of it.
 */
export function showRulesInSummaries(): void {
  if (isWatching) return;
  isWatching = true;
  const { summary } = tf.LayersModel.prototype;
  tf.LayersModel.prototype.summary = function (this: tf.LayersModel, lineLength, ...others) {
    isSummarizing = true;
    try {
      summary.call(this, lineLength ?? lineLengthFor(this), ...others);
    } finally {
      isSummarizing = false;
    }
  };
}
