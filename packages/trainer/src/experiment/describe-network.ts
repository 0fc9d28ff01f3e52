import { hasKernel, kernelSize, type NetworkSpec } from "@bioflax/core";
import { takesSetting } from "../config/models";
import type { Config } from "../config/schema";

/** A network in a few characters: its input and the units or filters of its layers, `784-500-500-10`. */
export function describeNetwork(
  { model }: Pick<Config, "model">,
  { inputShape, layers }: NetworkSpec,
): string {
  const sizes = layers.filter(hasKernel).map((layer) => kernelSize(layer) ?? layer.type);
  const shown = [inputShape.join("×"), ...sizes].join("-");
  // Of dense layers, which activations tell apart, their sizes say it all.
  return takesSetting({ model }, "activations") ? shown : `${model}, ${shown}`;
}
