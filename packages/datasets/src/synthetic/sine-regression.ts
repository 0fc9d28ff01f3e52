import type { Dataset } from "../dataset";
import type { DatasetFacts } from "../definition";
import {
  type SampledRegressionOptions,
  sampleRegression,
  withDefaults,
} from "./sampled-regression";

/**
 * Regression onto the sine, element by element.
 *
 * Inputs are drawn from U[−π, π); targets are t = sin x, one for each input. bioflax's `sinreg` data set, which asks
 * for a single output whatever the length of the input, and so only works for length 1.
 *
 * @param options sizes and seed.
 * @returns inputs and targets float32 [inDim, seqLen].
 * @throws BioflaxError when a size is not a whole number from 1, or the validation fraction or the seed is out of
 *   range.
 */
export function sineRegression(options: SampledRegressionOptions): Dataset {
  const resolved = withDefaults("sineRegression", options);
  return sampleRegression(
    {
      name: "sine-regression",
      range: Math.PI,
      outputs: resolved.seqLen,
      targetsOf: (inputs) => inputs.map(Math.sin),
    },
    resolved,
  );
}

/** Sine regression in the registry. */
export const sineRegressionDefinition: DatasetFacts = {
  shows: "the sine of a number",
  targets: "values",
  origin: "generated",
  exampleSize: ({ inDim = 1, seqLen = 1 }) => 2 * inDim * seqLen,
  load: ({ batchSize = 32, ...options }) => sineRegression({ ...options, batchSize }),
};
