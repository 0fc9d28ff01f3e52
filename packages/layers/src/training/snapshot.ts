import {
  BioflaxError,
  checkSnapshot,
  type Network,
  slotNames,
  type TrainingSnapshot,
} from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { NoisyLayer } from "../base/noisy-layer";
import { namedVariables, readWeights, writeWeights } from "../network/weights";
import type { BioflaxOptimizer } from "./optimizer";

/** A model in training: what a snapshot is of. */
export interface TrainedModel {
  readonly model: tf.LayersModel;
  /** The network the model was made from. */
  readonly network: Network;
  readonly optimizer: BioflaxOptimizer;
}

/** The optimizer's memory of the model's weights, by core's names. */
function slotVariables({ model, network, optimizer }: TrainedModel): Map<string, tf.Variable> {
  const weights = new Map(namedVariables(model).map(({ name, variable }) => [name, variable]));
  return new Map(
    network.parameters.flatMap((info) => {
      if (!info.learns) return [];
      const weight = weights.get(info.name)?.read() as tf.Variable | undefined;
      if (weight === undefined)
        throw new BioflaxError(
          `The model has no weight "${info.name}": it was made from another network.`,
        );
      const slots = optimizer.slotsOf(weight);
      return slotNames(info, { slots: [...slots.keys()] }).map(
        (name, i) => [name, [...slots.values()][i] as tf.Variable] as const,
      );
    }),
  );
}

/**
 * All that the training of a model has come to, as plain numbers under the names every engine has for them.
 *
 * @param trained the model, the network it was made from, and the optimizer that has trained it.
 * @returns weights, the optimizer's memory, and how many steps it has taken.
 * @throws BioflaxError when the model lacks one of the network's weights.
 * @example
 * const snapshot = await readSnapshot({ model, network: createNetwork(spec), optimizer });
 */
export async function readSnapshot(trained: TrainedModel): Promise<TrainingSnapshot> {
  const slots = [...slotVariables(trained)].map(
    async ([name, variable]) => [name, Float32Array.from(await variable.data())] as const,
  );
  return {
    weights: await readWeights(trained.model),
    slots: Object.fromEntries(await Promise.all(slots)),
    stepsTaken: trained.optimizer.iterations,
  };
}

/**
 * Has the training of a model go on from a snapshot: its next steps, noise and all, are those that would have come
 * there.
 *
 * @param snapshot of the same network and optimizer, from any engine.
 * @throws BioflaxError for a weight or a slot that is missing or has another size, a slot that is unknown, or a number of
 *   steps that is none; nothing is changed then.
 */
export function writeSnapshot(trained: TrainedModel, snapshot: TrainingSnapshot): void {
  const { network, optimizer } = trained;
  checkSnapshot("writeSnapshot", { network, optimizer: { slots: optimizer.slotNames } }, snapshot);
  const variables = slotVariables(trained);
  writeWeights(trained.model, snapshot.weights);
  tf.tidy(() => {
    for (const [name, variable] of variables)
      variable.assign(tf.tensor(snapshot.slots[name] as Float32Array, variable.shape));
  });
  trained.optimizer.setStepsTaken(snapshot.stepsTaken);
  for (const layer of trained.model.layers)
    if (layer instanceof NoisyLayer) layer.moveNoiseTo(snapshot.stepsTaken);
}
