import type { RuleName } from "@bioflax/core";
import { dense, lenet5, type Workload } from "./workloads";

const rules: readonly RuleName[] = ["bp", "fa", "kp", "dfa"];
const digits: readonly (readonly [sizes: readonly number[], batch: number])[] = [
  [[784, 100, 10], 32],
  [[784, 500, 500, 10], 32],
  [[784, 1000, 10], 64],
  [[784, 800, 800, 800, 10], 128],
  [[784, 1000, 1000, 10], 1024],
];

/**
 * What `pnpm bench` times: digits, then regressions as bioflax for Python has them by default, and as our recipes have
 * them.
 */
export const benchWorkloads: readonly Workload[] = [
  ...digits.flatMap(([sizes, batch]) => rules.map((rule) => dense(sizes, batch, rule))),
  lenet5(64),
  ...(["bp", "fa"] as const).flatMap((rule) => [
    dense([1, 500, 500, 1], 32, rule, { data: "sinreg" }),
    dense([1, 500, 500, 10], 32, rule, { data: "teacher" }),
  ]),
  dense([1, 100, 1], 32, "fa", { data: "sinreg", activation: "tanh" }),
  dense([16, 100, 50, 10], 32, "fa", { data: "teacher", activation: "tanh" }),
];
