import { Random } from "@bioflax/core";
import { type Dataset, wholeSplit } from "@bioflax/datasets";
import type { Workload } from "./workloads";

/** MNIST's, by which bytes become numbers. */
export const normalization = { scale: 1 / 255, mean: 0.1307, standardDeviation: 0.3081 };

/** Random examples for a network of dense layers: what they are changes no time. */
export function randomExamples({ sizes = [] }: Workload, count: number): Dataset {
  const random = new Random(0, "benchmark");
  const [inputs, outputs] = [sizes[0] as number, sizes.at(-1) as number];
  const all = wholeSplit({
    inputs: Uint8Array.from({ length: count * inputs }, () => random.below(256)),
    targets: Int32Array.from({ length: count }, () => random.below(outputs)),
    count,
  });
  return {
    ...{ name: "random", task: "classification", inputShape: [inputs], targetShape: [], outputs },
    ...{ normalization, train: all, test: all },
  };
}
