import type { LayerSpec } from "@bioflax/core";
import { architectureCases, type Trials, type TriedArchitecture } from "./architecture-cases";
import type { TrainingCase } from "./training-case";

const bias = { biasInitializer: { name: "uniform", scale: 0.3 } } as const;
const dense = (units: number): LayerSpec => ({ type: "dense", units, ...bias });

/** Networks with recurrent layers, each with a name: last state, all states, one above another, and none but them. */
const architectures: readonly TriedArchitecture[] = [
  {
    name: "simpleRNN",
    refuses: ["input"],
    inputShape: [4, 3],
    layers: [{ type: "simpleRNN", units: 5, ...bias }, dense(3)],
  },
  {
    name: "simpleRNN over simpleRNN",
    refuses: ["input"],
    inputShape: [3, 2],
    layers: [
      { type: "simpleRNN", units: 4, returnSequences: true, activation: "sigmoid", useBias: false },
      { type: "simpleRNN", units: 3, ...bias },
      { type: "dense", units: 4, activation: "relu", ...bias },
      dense(2),
    ],
  },
  {
    name: "every state",
    refuses: ["input"],
    inputShape: [2, 3, 2],
    layers: [
      { type: "reshape", targetShape: [3, 4] },
      { type: "simpleRNN", units: 3, returnSequences: true, ...bias },
      { type: "activation", activation: "tanh" },
      { type: "flatten" },
      dense(3),
    ],
  },
  {
    name: "one step",
    refuses: ["input"],
    inputShape: [1, 3],
    layers: [{ type: "simpleRNN", units: 4, ...bias }, dense(2)],
  },
  {
    name: "gru",
    refuses: ["input"],
    inputShape: [4, 3],
    layers: [{ type: "gru", units: 4, ...bias }, dense(3)],
  },
  {
    name: "gru over gru",
    refuses: ["input"],
    inputShape: [3, 2],
    layers: [
      { type: "gru", units: 3, returnSequences: true, recurrentActivation: "tanh" },
      { type: "gru", units: 4, useBias: false },
      dense(2),
    ],
  },
  {
    name: "gru that resets before",
    refuses: ["input", "output"],
    inputShape: [4, 2],
    layers: [
      { type: "gru", units: 3, resetAfter: false, returnSequences: true, ...bias },
      { type: "gru", units: 3, resetAfter: false, ...bias },
      dense(2),
    ],
  },
  {
    name: "simpleRNN at the output",
    refuses: ["input", "output"],
    inputShape: [3, 2],
    layers: [{ type: "simpleRNN", units: 3, activation: "identity", ...bias }],
  },
];

/** Settings of layers beside their rule, each with rules it goes with. */
const options: Trials["options"] = [
  [{ clipNorm: 0.05 }, ["bp", "kp", "dfa"]],
  [{ constrainNorm: true }, ["fa", "dkp"]],
  [{ feedbackConnections: 2 }, ["fa", "frsf", "dfa"]],
  [{ feedbackProjection: "dense" }, ["dfa", "dkp", "drtp"]],
  [{ mirroring: { steps: 2, batch: 3, rate: 0.05, decay: 0.02, stddev: 0.5 } }, ["wm"]],
];

const mixtures: Trials["mixtures"] = [
  ["dfa", "bp", "bp", "bp"],
  ["dkp", "drtp", "fa", "bp"],
  ["fa", "kp", "usf", "brsf"],
];

/**
 * Every rule × every network with recurrent layers that it does not refuse, and every option and mixture of rules on
 * some; losses, optimizers, batch sizes and numbers of steps take turns.
 */
export const recurrentCases = ({ steps }: { readonly steps?: number } = {}): TrainingCase[] =>
  architectureCases(architectures, {
    on: ["simpleRNN over simpleRNN", "gru"],
    options,
    mixtures,
    steps,
  });
