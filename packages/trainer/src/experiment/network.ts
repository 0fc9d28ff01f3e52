import { getRule, type LayerSpec, type NetworkSpec, type RuleName } from "@bioflax/core";
import type { Dataset } from "@bioflax/datasets";
import type { Config } from "../config/schema";
import { feedbackOptionsOf } from "./feedback-options";
import { initializersOf } from "./initializers";

/** The rule of each layer of a run, the output's last. */
export function rulesOf({
  mode,
  layerModes,
  hiddenLayers,
}: Pick<Config, "mode" | "layerModes" | "hiddenLayers">): readonly RuleName[] {
  return layerModes ?? [...hiddenLayers, "output"].map(() => mode);
}

/** The network of a run: its hidden layers, and an output layer as the data needs it. */
export function networkOf(
  config: Config,
  { inputShape, outputs }: Pick<Dataset, "inputShape" | "outputs">,
): NetworkSpec {
  const { mode, layerModes, activations, constrainNorm, clipNorm } = config;
  const common = {
    ...initializersOf(config),
    ...(constrainNorm && { constrainNorm }),
    ...(clipNorm !== undefined && { clipNorm }),
  };
  const units = [...config.hiddenLayers, outputs];
  const names = rulesOf(config);
  return {
    // A layer maps the last axis; the axes before it are rows, each mapped on its own.
    inputShape: inputShape.slice(-1),
    layers: units.map((count, index): LayerSpec => {
      const rule = names[index] ?? mode;
      return {
        type: "dense",
        units: count,
        activation:
          index < units.length - 1 ? (activations[index] ?? "identity") : config.outputActivation,
        ...common,
        ...feedbackOptionsOf(config, getRule(rule)),
        ...(layerModes !== undefined && { rule }),
      };
    }),
    rule: mode,
  };
}
