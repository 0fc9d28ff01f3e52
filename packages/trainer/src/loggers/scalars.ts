import type { EpochRecord } from "@bioflax/runs";
import type { Config } from "../config/schema";

/** Alignment of one layer: `layers.0.gradient`, `inputFeedback.weights`. */
const OF_PART = /^(.*)\.([^.]+)$/;

/**
 * The numbers of an epoch by tag: what they measure, a slash, and of what. TensorBoard and MLflow put those that
 * measure the same side by side: `loss/train` and `loss/test`, `gradientAngle/network` and `gradientAngle/layers.0`.
 *
 * @param record the epoch.
 * @param config the settings, for the learning rate where it is the same in every step.
 */
export function scalarsOf(
  { train, val, test, alignment = {}, timing, learningRate }: EpochRecord,
  { lr }: Pick<Config, "lr">,
): Record<string, number> {
  const scalars: Record<string, number> = {};
  for (const [split, result] of Object.entries({ train, validation: val, test }))
    for (const [measure, value] of Object.entries(result ?? {}))
      scalars[`${measure}/${split}`] = value;
  for (const [name, value] of Object.entries(alignment)) {
    // Not defined, as the angle to a vector of zeros.
    if (Number.isNaN(value)) continue;
    const [, part = "network", measure = name] = OF_PART.exec(name) ?? [];
    scalars[`${measure}/${part}`] = value;
  }
  scalars["training/learningRate"] = learningRate ?? lr;
  scalars["training/examplesPerSecond"] = timing.examplesPerSecond;
  return scalars;
}
