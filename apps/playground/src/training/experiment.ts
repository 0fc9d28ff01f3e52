import {
  createNetwork,
  initializeWeights,
  type LayerSpec,
  type LossName,
  lossesOf,
  type NetworkSpec,
  type OptimizerSpec,
  type RuleName,
  type Weights,
} from "@bioflax/core";
import { type Dataset, generated } from "@bioflax/datasets";
import type { DataName, Settings } from "../settings/settings";

/** What of its own each data set is told, by the names of the command's settings. */
const ownSettings: { readonly [D in DataName]: (settings: Settings) => Record<string, number> } = {
  spirals: ({ classes }) => ({ classes }),
  blobs: ({ classes }) => ({ classes }),
  sinreg: () => ({}),
  teacher: () => ({ seqLen: 8, outputFeatures: 4 }),
};

/** What of its own the data set of a run is told. */
export const dataSettings = (settings: Settings) => ownSettings[settings.data](settings);

/** The data of a run: as the command draws it by the same seed. */
export function datasetOf(settings: Settings): Dataset {
  const { data, batchSize, seed } = settings;
  return generated[data].load({ ...dataSettings(settings), batchSize, seed }) as Dataset;
}

/** What a network is trained with. */
export interface Experiment {
  readonly spec: NetworkSpec;
  readonly loss: LossName;
  readonly optimizer: OptimizerSpec;
  readonly weights: Weights;
}

/** The network of a rule: as the command makes it of the same settings. */
export function experimentOf(settings: Settings, rule: string, data: Dataset): Experiment {
  const { hidden, activation, optimizer, learningRate, weightDecay, seed } = settings;
  const initializer = { name: "lecunNormal", scale: 1 } as const;
  const dense = (units: number, activation: string): LayerSpec =>
    ({
      type: "dense",
      ...{ units, activation },
      ...{ kernelInitializer: initializer, feedbackInitializer: initializer },
    }) as LayerSpec;
  const spec: NetworkSpec = {
    // A dense layer maps the last axis.
    inputShape: data.inputShape.slice(-1),
    layers: [...hidden.map((units) => dense(units, activation)), dense(data.outputs, "identity")],
    rule: rule as RuleName,
  };
  return {
    spec,
    loss: lossesOf(data.task === "classification" ? "classes" : "values")[0] as LossName,
    optimizer: { name: optimizer, learningRate, weightDecay } as OptimizerSpec,
    weights: initializeWeights(createNetwork(spec), seed),
  };
}
