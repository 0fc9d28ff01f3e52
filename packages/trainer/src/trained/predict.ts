import { float64Tensor, getLoss, referenceOps } from "@bioflax/core";
import { type Dataset, type Examples, wholeSplit } from "@bioflax/datasets";
import { classOf } from "@bioflax/metrics";
import type { StoredNetwork } from "@bioflax/runs";
import { checkFinite } from "./check-finite";
import type { TrainedNetwork } from "./open-run";
import { type EngineOptions, startEngine } from "./start-engine";

/** What a network says of one example of classes. */
export interface ClassPrediction {
  /** The class it takes it for. */
  readonly label: number;
  /** What the class is called, where it is called something. */
  readonly name?: string;
  readonly probability: number;
  /**
   * Of each class, by label, as the loss reads the outputs; of a single output, 1 − p and p.
   */
  readonly probabilities: readonly number[];
}

/** What a network says of one example that may have several labels. */
export interface LabelsPrediction {
  /** The labels it gives it: those more probable than not. */
  readonly labels: readonly number[];
  /** What they are called, where they are called something. */
  readonly names?: readonly string[];
  /** Of each label. */
  readonly probabilities: readonly number[];
}

/** What a network says of one example of values. */
export interface ValuePrediction {
  readonly values: readonly number[];
}

/** What a network says of one example. */
export type Prediction = ClassPrediction | LabelsPrediction | ValuePrediction;

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

function toPrediction({ data, loss }: StoredNetwork, outputs: Float32Array): Prediction {
  const { probabilities: told, threshold } = getLoss(loss);
  if (data.task === "regression" || told === undefined) return { values: [...outputs] };
  const tensor = told(referenceOps, float64Tensor(outputs, [1, outputs.length]));
  const each = [...tensor.data];
  const { classNames } = data;
  if (data.task === "multi-label") {
    const labels = [...outputs.keys()].filter((label) => (outputs[label] as number) > threshold);
    return {
      labels,
      ...(classNames && { names: labels.map((label) => classNames[label] as string) }),
      probabilities: each,
    };
  }
  const [only] = each as [number];
  const probabilities = outputs.length === 1 ? [1 - only, only] : each;
  const label = classOf(outputs, threshold);
  const name = classNames?.[label];
  return {
    label,
    ...(name !== undefined && { name }),
    probability: probabilities[label] as number,
    probabilities,
  };
}
