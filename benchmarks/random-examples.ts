import { Random, sizeOf } from "@bioflax/core";
import { type Dataset, wholeSplit } from "@bioflax/datasets";
import { inputShapeOf, type Workload } from "./workloads";

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

/** Random examples for any workload's network, as a source with its layout. */
export function randomSource(workload: Workload, count: number) {
  const { sizes, data } = workload;
  const random = new Random(0, "benchmark");
  const inputShape = inputShapeOf(workload);
  const [inputs, outputs] = [sizeOf(inputShape), sizes?.at(-1) ?? 10];
  const classifies = data === "mnist";
  const source = {
    inputs: classifies
      ? Uint8Array.from({ length: count * inputs }, () => random.below(256))
      : Float32Array.from({ length: count * inputs }, () => random.normal()),
    targets: classifies
      ? Int32Array.from({ length: count }, () => random.below(outputs))
      : Float32Array.from({ length: count * outputs }, () => random.normal()),
    count,
  };
  const layout = {
    inputShape,
    targetShape: classifies ? [] : [outputs],
    ...(classifies && { normalization }),
  };
  return { source, layout };
}
