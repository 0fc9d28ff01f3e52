import type { Network, ParameterRole } from "@bioflax/core";

/** What of a layer may go wrong. */
export type Quantity =
  | "output"
  | "error signal"
  | `gradient of the ${ParameterRole}`
  | ParameterRole;

/** Where the first number that is not finite stood. */
export interface Finding {
  /** Index of the layer, from 0; undefined where it is the loss itself, of finite outputs. */
  readonly layer: number | undefined;
  readonly quantity: Quantity | "loss" | "error at the output";
  /** The number. */
  readonly value: number;
  /** The step it came up in, counted from 1 over the whole run; undefined in an evaluation. */
  readonly step: number | undefined;
}

/** A finding as a sentence. */
export function describeFinding(
  network: Network,
  { layer, quantity, value, step }: Finding,
): string {
  const when = step === undefined ? "" : ` in step ${step} of the run`;
  if (layer === undefined)
    return `It began${when} with the ${quantity}, which became ${value} of outputs that were finite.`;
  const { spec } = network.layers[layer] as Network["layers"][number];
  const rule = network.rules[layer]?.name;
  const kind = [
    spec.type,
    ...("units" in spec ? [`${spec.units} units`] : []),
    ...(rule ? [`rule ${rule}`] : []),
  ];
  return `It began${when} in layers.${layer} (${kind.join(", ")}): its ${quantity} became ${value}.`;
}
