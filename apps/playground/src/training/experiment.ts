import {
  createNetwork,
  getModel,
  hasKernel,
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
import { SAME, type Settings } from "../settings/settings";

/** Data that are drawn by the seed, and what of its own each set is told, by the names of the command's settings. */
const drawnSettings = {
  spirals: ({ classes }) => ({ classes }),
  blobs: ({ classes }) => ({ classes }),
  sinreg: () => ({}),
  teacher: () => ({ seqLen: 8, outputFeatures: 4 }),
} as const satisfies Record<string, (settings: Settings) => Record<string, number>>;

/** A data set that is drawn by the seed. */
export type DrawnName = keyof typeof drawnSettings;

/** Whether a data set is drawn by the seed, and needs no file. */
export const isDrawn = (data: string): data is DrawnName => Object.hasOwn(drawnSettings, data);

/** What of its own the data set of a run is told. */
export const dataSettings = (settings: Settings): Record<string, number> =>
  isDrawn(settings.data) ? drawnSettings[settings.data](settings) : {};

/** Data drawn by a run's seed: as the command draws it. */
export function drawnDataset(data: DrawnName, settings: Settings): Dataset {
  const { batchSize, seed } = settings;
  return generated[data].load({ ...dataSettings(settings), batchSize, seed }) as Dataset;
}

/** What a network is trained with. */
export interface Experiment {
  readonly spec: NetworkSpec;
  readonly loss: LossName;
  readonly optimizer: OptimizerSpec;
  readonly weights: Weights;
}

/** How steps are taken. */
export const optimizerOf = ({ optimizer, learningRate, weightDecay }: Settings) =>
  ({ name: optimizer, learningRate, weightDecay }) as OptimizerSpec;

/** The shape of an example as a run's network takes it: images keep their axes where it looks at them as images. */
export const exampleShape = ({ model }: Settings, { inputShape, imageShape }: Dataset) =>
  getModel(model).inputs === "images" ? (imageShape ?? inputShape) : inputShape;

/** The network of a rule: as the command makes it of the same settings. */
export function specOf(settings: Settings, rule: string, data: Dataset): NetworkSpec {
  const { model, hidden, activations, layerRules, feedbackScale } = settings;
  const shape = exampleShape(settings, data);
  const plain = getModel(model).create({
    // A dense layer maps the last axis.
    inputShape: model === "mlp" ? shape.slice(-1) : shape,
    outputs: data.outputs,
    rule: rule as RuleName,
    layer: {
      kernelInitializer: { name: "lecunNormal", scale: 1 },
      feedbackInitializer: { name: "lecunNormal", scale: feedbackScale },
    },
    ...(model === "mlp" && { hiddenLayers: hidden, activations }),
  });
  if (model !== "mlp") return plain;
  let seen = 0;
  const layers = plain.layers.map((layer): LayerSpec => {
    const own = hasKernel(layer) ? layerRules[seen++] : SAME;
    return own === undefined || own === SAME ? layer : ({ ...layer, rule: own } as LayerSpec);
  });
  return { ...plain, layers };
}

/** What a rule's network is trained with, from the weights of the seed. */
export function experimentOf(settings: Settings, rule: string, data: Dataset): Experiment {
  const spec = specOf(settings, rule, data);
  return {
    spec,
    loss: lossesOf(data.task === "classification" ? "classes" : "values")[0] as LossName,
    optimizer: optimizerOf(settings),
    weights: initializeWeights(createNetwork(spec), settings.seed),
  };
}
