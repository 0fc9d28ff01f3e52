import {
  createOptimizer,
  type Float64Tensor,
  flatten,
  float64Tensor,
  getLoss,
  groupByLayer,
  type LossName,
  type OptimizerSpec,
  referenceOps,
  type TrainingState,
  trainStep,
} from "@bioflax/core";
import type * as tf from "@tensorflow/tfjs";
import { networkNoise, readWeights, toNetwork } from "../src/index";

/** What core's definitions make of a model in float64, step by step: the model's own noise is read before each. */
export async function coreTraining(model: tf.LayersModel, name: LossName, spec: OptimizerSpec) {
  const network = toNetwork(model);
  const weights = await readWeights(model);
  const optimizer = createOptimizer(spec);
  const trainable = { network, loss: getLoss(name), optimizer, weightDecay: 0 };
  const start = network.parameters.map((info) => float64Tensor(weights[info.name]!, info.shape));
  let state: TrainingState<Float64Tensor> = {
    parameters: groupByLayer(network, start),
    slots: start.map((weight) => optimizer.slots.map(() => referenceOps.mul(weight, 0))),
  };
  let steps = 0;
  return {
    /** A step on a batch; before the model's own. @returns the loss. */
    step(x: tf.Tensor, labels: readonly number[]): number {
      const noise = networkNoise(model, x.shape[0]!).map((drawn) =>
        float64Tensor(drawn.dataSync(), drawn.shape),
      );
      steps += 1;
      const { state: after, pass } = trainStep(referenceOps, trainable, state, {
        batch: {
          input: float64Tensor(x.dataSync(), x.shape),
          target: float64Tensor(labels, [labels.length]),
        },
        noise,
        step: float64Tensor([steps], []),
        rate: spec.learningRate,
      });
      state = after;
      return pass.loss.data[0]!;
    },
    /** The weights after the steps so far, by name. */
    weights: () =>
      Object.fromEntries(
        flatten(network, state.parameters).map((weight, i) => [
          network.parameters[i]!.name,
          weight,
        ]),
      ),
  };
}
