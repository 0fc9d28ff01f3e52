import type { Network, ParameterRole } from "@bioflax/core";

/** What of a layer may go wrong. */
export type Quantity =
  | "output"
  | "error signal"
  | `gradient of the ${ParameterRole}`
  | ParameterRole;

/** Where the first number that is not finite stood. */
export interface Finding {
  /** Index of the layer, from 0; of the last one, where it is the loss or the error of its outputs. */
  readonly layer: number;
  readonly quantity: Quantity | "loss" | "error at the output";
  /** The number. */
  readonly value: number;
  /** The largest of the finite outputs that the loss is of. */
  readonly largest?: number | undefined;
  /** The step it came up in, counted from 1 over the whole run; undefined in an evaluation. */
  readonly step?: number | undefined;
}

/** A layer by its name in files, and what it is. */
function nameOf({ layers, rules }: Network, index: number): string {
  const { spec } = layers[index] as Network["layers"][number];
  const rule = rules[index]?.name;
  const facts = [
    spec.type,
    ...("units" in spec ? [`${spec.units} units`] : []),
    ...(rule ? [`rule ${rule}`] : []),
  ];
  return `layers.${index} (${facts.join(", ")})`;
}

/** A finding as a sentence. */
export function describeFinding(network: Network, finding: Finding): string {
  const { layer, quantity, value, largest, step } = finding;
  const when = step === undefined ? "" : ` in step ${step} of the run`;
  const who = nameOf(network, layer);
  return largest === undefined
    ? `It began${when} in ${who}: its ${quantity} became ${value}.`
    : `It began${when} with the ${quantity}, which became ${value}: ${who} puts out numbers up to ${largest.toExponential(1)}.`;
}
