import { type Dataset, type Split, takeTargets } from "@bioflax/datasets";
import { type Evaluation, targetVariance } from "@bioflax/metrics";
import type { Engine } from "./engine";

/** The variance of each split's targets: it is the same after every epoch. */
const variances = new WeakMap<Split, number>();

function varianceOf(split: Split, { outputs }: Pick<Dataset, "outputs">): number {
  const known = variances.get(split);
  if (known !== undefined) return known;
  const variance = targetVariance(takeTargets(split.examples, split.indices), outputs);
  variances.set(split, variance);
  return variance;
}

/** How good a network is on a split; of values, with R² in place of the squared error. */
export async function evaluateSplit(
  engine: Pick<Engine, "evaluate">,
  dataset: Pick<Dataset, "outputs">,
  split: Split,
): Promise<Evaluation> {
  const { squaredError, ...evaluation } = await engine.evaluate(split);
  if (squaredError === undefined) return evaluation;
  return { ...evaluation, r2: 1 - squaredError / varianceOf(split, dataset) };
}
