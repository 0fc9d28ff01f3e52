import type { LayerSpec } from "../layers/specs";
import type { NetworkSpec } from "../network/network";
import type { ModelOptions } from "./model";

/** Dense layers with relu between them: 500-500 and the output, bioflax's default network. Images are flattened. */
export function mlp(
  options: ModelOptions & { readonly hiddenLayers?: readonly number[] },
): NetworkSpec {
  const { inputShape, outputs, rule, layer, hiddenLayers = [500, 500] } = options;
  const dense = hiddenLayers.map(
    (units): LayerSpec => ({ type: "dense", units, activation: "relu", ...layer }),
  );
  return {
    inputShape,
    rule,
    layers: [
      ...(inputShape.length === 1 ? [] : [{ type: "flatten" as const }]),
      ...dense,
      { type: "dense", units: outputs, ...layer },
    ],
  };
}
