import {
  createTrainable,
  float64Tensor,
  groupByLayer,
  lossAndGradients,
  prepareStep,
  referenceOps,
} from "@bioflax/core";
import type { TrainingCase } from "./training-case";
import { trainingDefinition } from "./training-definition";

/**
 * The rule's loss and gradients on a case's first batch, in float64.
 *
 * @param weights values to have in place of the case's own, by name.
 */
export function firstPass(
  given: TrainingCase,
  weights: Readonly<Record<string, ArrayLike<number>>> = {},
) {
  const trainable = createTrainable(given);
  const { network } = trainable;
  const values = network.parameters.map(({ name, shape }) =>
    float64Tensor(weights[name] ?? (given.weights[name] as Float32Array), shape),
  );
  const [input, target, ...others] = trainingDefinition(given)
    .inputs.slice(network.parameters.length)
    .map(({ data, shape }) => float64Tensor(data, shape)) as [Tensor, Tensor, ...Tensor[]];
  const noise = others.slice(0, network.noise.length);
  const parameters = prepareStep(referenceOps, network, groupByLayer(network, values), noise);
  const batch = { input, target };
  return {
    network,
    parameters,
    ...lossAndGradients(referenceOps, trainable, parameters, batch),
  };
}

type Tensor = ReturnType<typeof float64Tensor>;
