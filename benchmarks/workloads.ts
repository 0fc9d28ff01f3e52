import type { ActivationName, NetworkSpec, RuleName } from "@bioflax/core";
import { getModel } from "@bioflax/core";

/** What is learnt: digits, a sine, a random network's outputs. */
type DataName = "mnist" | "sinreg" | "teacher";

/** One thing that is timed: a network on a data set, in batches, by a rule. */
export interface Workload {
  readonly name: string;
  readonly data: DataName;
  /** Units of dense layers from the input to the output; undefined for LeNet-5. */
  readonly sizes?: readonly number[];
  /** Of the hidden dense layers. */
  readonly activation: "relu" | "tanh";
  readonly batch: number;
  readonly rule: RuleName;
}

/** A network of dense layers on MNIST, or on a data set that is named. */
export function dense(
  sizes: readonly number[],
  batch: number,
  rule: RuleName,
  { data = "mnist", activation = "relu" }: Partial<Pick<Workload, "data" | "activation">> = {},
): Workload {
  const of = { mnist: "", sinreg: "sine, ", teacher: "teacher, " }[data];
  const how = activation === "relu" ? "" : `, ${activation}`;
  const name = `${of}${sizes.join("-")}${how}, batch ${batch}, ${rule}`;
  return { name, data, sizes, activation, batch, rule };
}

/** LeNet-5 on MNIST by backpropagation. */
export function lenet5(batch: number): Workload {
  const name = `LeNet-5, batch ${batch}, bp`;
  return { name, data: "mnist", activation: "relu", batch, rule: "bp" };
}

/** A workload's network. */
export function networkOf({ sizes, rule, activation }: Workload): NetworkSpec {
  if (sizes === undefined)
    return { ...getModel("lenet5").create({ inputShape: [28, 28, 1], outputs: 10, rule }), rule };
  return {
    inputShape: sizes.slice(0, 1),
    rule,
    layers: sizes.slice(1).map((units, i) => ({
      type: "dense",
      units,
      activation: i < sizes.length - 2 ? activation : ("identity" satisfies ActivationName),
    })),
  };
}
