import {
  type Batch,
  checkInputs,
  checkSampleWeights,
  flatten,
  readTargets,
  symbolsOf,
  type Trainable,
  type TrainedStep,
  trainStep,
} from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { asItIs, assignAll } from "../base/assign-all";
import { NoisyLayer } from "../base/noisy-layer";
import { networkNoise, networkParameters } from "../network/weights";
import { ON_GPU } from "../ops/backends";
import { tfTrainingOps } from "../ops/tf-ops";
import type { TrainedModel } from "./snapshot";

/** What is trained by {@link trainModel}: a model, and what core makes its steps of. */
export interface ModelInTraining extends Omit<TrainedModel, "network"> {
  /** Made of the network the model was made from, and of the optimizer's spec. */
  readonly trainable: Trainable;
}

/**
 * Checks a batch's values as the other engines check their data: targets and what examples are weighted by, and inputs
 * that are numbers of symbols. On a GPU they are not looked at, as every step would wait for them.
 */
function checkValues(
  { network, loss }: Pick<Trainable, "network" | "loss">,
  { input, target, weights }: Batch<tf.Tensor>,
): void {
  if (ON_GPU.includes(tf.getBackend())) return;
  const [examples] = input.shape as [number];
  const { dtype: type, shape } = target;
  readTargets(loss, { type, shape, values: target.dataSync() }, [examples, network.outputs]);
  if (weights !== undefined) checkSampleWeights(weights.dataSync(), examples);
  if (symbolsOf(network) !== undefined) checkInputs(network, input.dataSync());
}

/**
 * One training step of a model by core's `trainStep`, without TensorFlow.js's tape: of the model only its weights and
 * its noise are used, of the optimizer what it remembers and its native operations. The model must consist of layers
 * that core knows.
 *
 * @param batch with targets as the loss reads them: see core's `Batch`.
 * @param observe what to keep of the step before any weight is updated, such as its loss; all other tensors are freed.
 * @returns what `observe` keeps.
 * @throws BioflaxError when the model lacks one of the network's weights, for a batch of which something has another shape
 *   than core's `Batch` says, or values that cannot be learnt from; nothing is changed then.
 * @example
 * const loss = trainModel({ model, trainable, optimizer }, batch, ({ pass }) => pass.loss);
 */
export function trainModel<Kept extends tf.TensorContainer>(
  { model, trainable, optimizer }: ModelInTraining,
  batch: Batch<tf.Tensor>,
  observe: (seen: Pick<TrainedStep<tf.Tensor>, "parameters" | "pass">) => Kept,
): Kept {
  const { network } = trainable;
  checkValues(trainable, batch);
  const examples = batch.input.shape[0] as number;
  const kept = optimizer.takeStep(({ step, rate, update }) => {
    const parameters = networkParameters(model, network);
    const variables = flatten<tf.Tensor>(network, parameters);
    const due: { readonly variable: tf.Variable; readonly gradient: tf.Tensor }[] = [];
    let seen: Kept | undefined;
    const { state } = trainStep<tf.Tensor>(
      tfTrainingOps,
      trainable,
      { parameters, slots: variables.map(() => []) },
      { batch, noise: networkNoise(model, examples), step, rate },
      {
        observe: (step) => {
          seen = observe(step);
        },
        // In place, slots and all, which the optimizer has; but no weight before all that is read of it has been.
        update(_info, { parameter, gradient }) {
          due.push({ variable: parameter as tf.Variable, gradient: asItIs(gradient) });
          return { parameter, slots: [] };
        },
      },
    );
    // What learns by no gradient: moving statistics, and feedback weights that have mirrored.
    assignAll(
      flatten(network, state.parameters).map((value, i) => ({
        variable: variables[i] as tf.Variable,
        value,
      })),
    );
    for (const { variable, gradient } of due) update(variable, gradient);
    return seen as Kept;
  });
  for (const layer of model.layers)
    if (layer instanceof NoisyLayer) layer.moveNoiseTo(optimizer.iterations);
  return kept;
}
