import type { LossName, LossSpec, OptimizerSpec } from "@bioflax/core";
import type { Config } from "../config/schema";
import { defaultLossOf, targetsOf } from "../config/targets";
import { scheduleOf } from "./schedule";

const optimizers: { readonly [O in Config["optimizer"]]: (config: Config) => OptimizerSpec } = {
  sgd: ({ lr, momentum, nesterov, weightDecay }) => ({
    name: "sgd",
    learningRate: lr,
    momentum,
    nesterov,
    weightDecay,
  }),
  adam: ({ lr, weightDecay }) => ({ name: "adam", learningRate: lr, weightDecay }),
  adamw: ({ lr, weightDecay }) => ({ name: "adamw", learningRate: lr, weightDecay }),
  rmsprop: ({ lr, momentum, weightDecay }) => ({
    name: "rmsprop",
    learningRate: lr,
    momentum,
    weightDecay,
  }),
};

/** The name of a run's loss: of the one that is set, or the one that fits its data set. */
export function lossNameOf({ loss, dataset }: Pick<Config, "loss" | "dataset">): LossName {
  return loss ?? defaultLossOf(targetsOf(dataset).kind);
}

/** The loss of a run. */
export function lossOf(config: Pick<Config, "loss" | "dataset" | "labelSmoothing">): LossSpec {
  const { labelSmoothing } = config;
  const name = lossNameOf(config);
  return labelSmoothing === 0 ? name : { name, labelSmoothing };
}

/**
 * The optimizer of a run.
 *
 * @param stepsPerEpoch how many batches an epoch has, which the schedule's epochs are counted in.
 */
export function optimizerOf(config: Config, stepsPerEpoch: number): OptimizerSpec {
  const schedule = scheduleOf(config, stepsPerEpoch);
  return { ...optimizers[config.optimizer](config), ...(schedule && { schedule }) };
}
