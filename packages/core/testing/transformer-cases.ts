import type { LayerSpec } from "@bioflax/core";
import { architectureCases, type Trials, type TriedArchitecture } from "./architecture-cases";
import type { TrainingCase } from "./training-case";

const bias = { biasInitializer: { name: "uniform", scale: 0.3 } } as const;
const dense = (units: number): LayerSpec => ({ type: "dense", units, ...bias });
const eachStep = (filters: number, more: object = {}): LayerSpec => ({
  type: "conv1d",
  filters,
  kernelSize: 1,
  ...bias,
  ...more,
});

/** Networks with embeddings, positions and attention, each with a name. */
const architectures: readonly TriedArchitecture[] = [
  {
    name: "embedding",
    refuses: ["input"],
    inputShape: [4],
    layers: [
      { type: "embedding", inputDim: 5, outputDim: 3 },
      { type: "positionEmbedding" },
      { type: "flatten" },
      dense(3),
    ],
  },
  {
    name: "embedding with activation and bias",
    refuses: ["input"],
    inputShape: [1],
    layers: [
      {
        ...{ type: "embedding", inputDim: 3, outputDim: 4, activation: "tanh", useBias: true },
        ...bias,
      },
      { type: "flatten" },
      dense(4),
      dense(2),
    ],
  },
  {
    name: "embedding under gru",
    refuses: ["input"],
    inputShape: [3],
    layers: [
      { type: "embedding", inputDim: 4, outputDim: 3 },
      { type: "gru", units: 3, ...bias },
      dense(2),
    ],
  },
  {
    name: "attention",
    inputShape: [4, 2],
    layers: [
      eachStep(6),
      { type: "attention" },
      eachStep(3, { activation: "tanh" }),
      { type: "flatten" },
      dense(3),
    ],
  },
  {
    name: "attention of one step",
    inputShape: [1, 2],
    layers: [
      eachStep(6),
      { type: "attention", heads: 2, causal: true },
      { type: "flatten" },
      dense(2),
    ],
  },
  {
    name: "attention of the data",
    inputShape: [3, 6],
    layers: [
      { type: "positionEmbedding" },
      { type: "attention", heads: 2, causal: true },
      eachStep(4),
      { type: "cropping1d", cropping: [1, 0] },
      { type: "flatten" },
      dense(2),
    ],
  },
  {
    name: "transformer",
    refuses: ["input"],
    inputShape: [4],
    layers: [
      { type: "embedding", inputDim: 3, outputDim: 4 },
      { type: "positionEmbedding" },
      { type: "layerNormalization" },
      eachStep(12),
      { type: "attention", heads: 2, causal: true },
      eachStep(4),
      { type: "add", inputs: [5, 1] },
      { type: "layerNormalization" },
      eachStep(5, { activation: "relu" }),
      eachStep(4),
      { type: "add", inputs: [9, 6] },
      { type: "layerNormalization" },
      { type: "cropping1d", cropping: [3, 0] },
      { type: "flatten" },
      dense(3),
    ],
  },
];

/** Settings of layers beside their rule, each with rules it goes with. */
const options: Trials["options"] = [
  [{ clipNorm: 0.05 }, ["bp", "kp", "dfa"]],
  [{ constrainNorm: true }, ["fa", "dkp"]],
  [{ feedbackConnections: 2 }, ["fa", "frsf", "dfa"]],
  [{ feedbackProjection: "broadcast" }, ["dfa", "sdfa", "dkp", "drtp"]],
  [{ mirroring: { steps: 2, batch: 3, rate: 0.05, decay: 0.02, stddev: 0.5 } }, ["wm"]],
];

const mixtures: Trials["mixtures"] = [
  ["dfa", "bp"],
  ["dkp", "drtp", "fa"],
  ["fa", "kp", "usf", "brsf"],
];

/**
 * Every rule × every network with embeddings or attention that it does not refuse, and every option and mixture of rules
 * on some; losses, optimizers, batch sizes and numbers of steps take turns.
 */
export const transformerCases = ({ steps }: { readonly steps?: number } = {}): TrainingCase[] =>
  architectureCases(architectures, {
    on: ["embedding", "transformer"],
    options,
    mixtures,
    steps,
  });
