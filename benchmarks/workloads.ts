import type { ActivationName, ModelName, NetworkSpec, RuleName } from "@bioflax/core";
import { getModel } from "@bioflax/core";

/** What is learnt: digits, a sine, a random network's outputs. */
type DataName = "mnist" | "sinreg" | "teacher";

/** One thing that is timed: a network on a data set, in batches, by a rule. */
export interface Workload {
  readonly name: string;
  readonly data: DataName;
  /** Units of dense layers from the input to the output; undefined for a network of images. */
  readonly sizes?: readonly number[];
  /** The network of images; LeNet-5 when left out. */
  readonly model?: ModelName;
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

/** ResNet-20 on images of CIFAR's shape by backpropagation; only with random ones. */
export function resnet20(batch: number): Workload {
  return { ...lenet5(batch), name: `ResNet-20, batch ${batch}, bp`, model: "resnet20" };
}

/** The shape of an example. */
export function inputShapeOf({ sizes, model }: Workload): number[] {
  if (sizes !== undefined) return sizes.slice(0, 1);
  return model === "resnet20" ? [32, 32, 3] : [28, 28, 1];
}

/** A workload's network. */
export function networkOf(workload: Workload): NetworkSpec {
  const { sizes, rule, activation, model = "lenet5" } = workload;
  if (sizes === undefined)
    return {
      ...getModel(model).create({ inputShape: inputShapeOf(workload), outputs: 10, rule }),
      rule,
    };
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
