import type { NetworkSpec, RuleName } from "@bioflax/core";
import { getModel } from "@bioflax/core";

/** One thing that is timed: a network on MNIST's images, in batches, by a rule. */
export interface Workload {
  readonly name: string;
  /** Hidden units of a network of dense layers with relu; undefined for LeNet-5. */
  readonly hidden?: readonly number[];
  readonly batch: number;
  readonly rule: RuleName;
}

const mlp = (hidden: readonly number[], batch: number, rule: RuleName): Workload => ({
  name: `784-${hidden.join("-")}-10, batch ${batch}, ${rule}`,
  hidden,
  batch,
  rule,
});
const small = [500, 500];

/** What is timed, the most telling first: time may run out. */
export const workloads: readonly Workload[] = [
  mlp(small, 32, "bp"),
  mlp(small, 4096, "bp"),
  mlp([4096, 4096], 1024, "bp"),
  mlp(small, 256, "bp"),
  mlp(small, 32, "fa"),
  { name: "LeNet-5, batch 64, bp", batch: 64, rule: "bp" },
  mlp(small, 32, "dfa"),
  mlp([4096, 4096], 1024, "fa"),
  mlp([4096, 4096], 1024, "dfa"),
];

/** What is timed where there is little time: small enough for a driver that imitates a GPU. */
export const quickWorkloads: readonly Workload[] = [
  mlp([32, 32], 32, "bp"),
  mlp([32, 32], 32, "dfa"),
];

/** A workload's network. */
export function networkOf({ hidden, rule }: Pick<Workload, "hidden" | "rule">): NetworkSpec {
  if (hidden === undefined)
    return { ...getModel("lenet5")({ inputShape: [28, 28, 1], outputs: 10, rule }), rule };
  return {
    inputShape: [784],
    rule,
    layers: [
      ...hidden.map((units) => ({ type: "dense", units, activation: "relu" }) as const),
      { type: "dense", units: 10 },
    ],
  };
}
