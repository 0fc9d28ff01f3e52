import { float64Tensor, getActivation, referenceOps } from "@bioflax/core";
import { type Dataset, type Examples, wholeSplit } from "@bioflax/datasets";
import type { StoredNetwork } from "../run-folder/stored-network";
import { checkFinite } from "./check-finite";
import { classOf } from "./classes";
import type { TrainedNetwork } from "./open-run";
import { type EngineOptions, startEngine } from "./start-engine";

/** What a network says of one example of classes. */
export interface ClassPrediction {
  /** The class it takes it for. */
  readonly label: number;
  /** What the class is called, where it is called something. */
  readonly name?: string;
  readonly probability: number;
  /** Of each class, by label: the softmax of the outputs, or under sigmoidCrossEntropy the sigmoid of each. */
  readonly probabilities: readonly number[];
}

/** What a network says of one example of values. */
export interface ValuePrediction {
  readonly values: readonly number[];
}

/** What a network says of one example. */
export type Prediction = ClassPrediction | ValuePrediction;

/**
 * What a trained network makes of examples, normalised as those of its run.
 *
 * @param examples raw, as the run's data set has them; their targets do not matter.
 * @returns one for each, in their order.
 * @throws BioflaxError when the device is not there, or an output is not finite.
 */
export async function predictExamples(
  trained: TrainedNetwork,
  examples: Examples,
  computing: EngineOptions = {},
): Promise<readonly Prediction[]> {
  const split = wholeSplit(examples);
  const dataset = { ...trained.data, train: split, test: split } as unknown as Dataset;
  const engine = await startEngine(trained, dataset, computing);
  try {
    const outputs = await engine.predict(split, split.indices);
    checkFinite(outputs, "an output", trained.weightsFile);
    const perExample = outputs.length / examples.count;
    return Array.from({ length: examples.count }, (_, row) =>
      toPrediction(trained, outputs.subarray(row * perExample, (row + 1) * perExample)),
    );
  } finally {
    await engine.dispose();
  }
}

const activationOf = { softmaxCrossEntropy: "softmax", sigmoidCrossEntropy: "sigmoid" } as const;

function toPrediction({ data, loss }: StoredNetwork, outputs: Float32Array): Prediction {
  if (data.task === "regression" || !Object.hasOwn(activationOf, loss))
    return { values: [...outputs] };
  const activation = getActivation(activationOf[loss as keyof typeof activationOf]);
  const { data: probabilities } = activation.forward(
    referenceOps,
    float64Tensor(outputs, [1, outputs.length]),
  );
  const label = classOf(outputs);
  const name = data.classNames?.[label];
  return {
    label,
    ...(name !== undefined && { name }),
    probability: probabilities[label] as number,
    probabilities: [...probabilities],
  };
}
