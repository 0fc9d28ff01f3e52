import type { InitializerSpec, LossName, NetworkSpec, OptimizerSpec } from "@bioflax/core";
import { type Dataset, loadMnist, sineRegression, teacherStudent } from "@bioflax/datasets";
import type { Config } from "./config/schema";

const datasets: {
  readonly [D in Config["dataset"]]: (config: Config) => Dataset | Promise<Dataset>;
} = {
  mnist: ({ dataDir, valSplit, seed }) =>
    loadMnist({ valSplit, seed, ...(dataDir === undefined ? {} : { directory: dataDir }) }),
  sinreg: (config) => sineRegression(config),
  teacher: (config) =>
    teacherStudent({ ...config, outputs: config.outputFeatures, activation: config.teacherAct }),
};

const initializers: { readonly [I in Config["initializer"]]: (scale: number) => InitializerSpec } =
  {
    lecun: (scale) => ({ name: "lecunNormal", scale }),
    uniform: (scale) => ({ name: "uniform", scale }),
    variance_scaling: (scale) => ({
      name: "varianceScaling",
      scale,
      mode: "fanIn",
      distribution: "normal",
    }),
  };

const optimizers: { readonly [O in Config["optimizer"]]: (config: Config) => OptimizerSpec } = {
  sgd: ({ lr, momentum, weightDecay }) => ({
    name: "sgd",
    learningRate: lr,
    momentum,
    weightDecay,
  }),
  adam: ({ lr, weightDecay }) => ({ name: "adam", learningRate: lr, weightDecay }),
};

const losses: { readonly [T in Dataset["task"]]: LossName } = {
  classification: "softmaxCrossEntropy",
  regression: "meanSquaredError",
};

/** The data a run trains and tests on. @throws BioflaxError when it cannot be had. */
export async function datasetOf(config: Config): Promise<Dataset> {
  return datasets[config.dataset](config);
}

/** The loss that fits a data set. */
export function lossOf({ task }: Dataset): LossName {
  return losses[task];
}

/** The optimizer of a run. */
export function optimizerOf(config: Config): OptimizerSpec {
  return optimizers[config.optimizer](config);
}

/** The network of a run: its hidden layers, and an output layer without activation. */
export function networkOf(config: Config, dataset: Dataset): NetworkSpec {
  const create = initializers[config.initializer];
  const initial = {
    kernelInitializer: create(config.scaleW),
    feedbackInitializer: create(config.scaleB),
  };
  return {
    // A layer maps the last axis; the axes before it are rows, each mapped on its own.
    inputShape: dataset.inputShape.slice(-1),
    layers: [
      ...config.hiddenLayers.map((units, index) => ({
        type: "dense" as const,
        units,
        activation: config.activations[index] ?? "identity",
        ...initial,
      })),
      { type: "dense", units: dataset.outputs, ...initial },
    ],
    rule: config.mode,
  };
}
