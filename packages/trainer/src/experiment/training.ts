import type { LossName, OptimizerSpec } from "@bioflax/core";
import type { Config } from "../config/schema";
import { datasetTargets, defaultLosses } from "../config/targets";

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

/** The loss of a run: the one that is set, or the one that fits its data set. */
export function lossOf({ loss, dataset }: Pick<Config, "loss" | "dataset">): LossName {
  return loss ?? defaultLosses[datasetTargets[dataset]];
}

/** The optimizer of a run. */
export function optimizerOf(config: Config): OptimizerSpec {
  return optimizers[config.optimizer](config);
}
