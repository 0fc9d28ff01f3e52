import {
  hasKernel,
  type KernelOptions,
  type LayerSpec,
  type LossName,
  type NetworkSpec,
  type OptimizerSpec,
  type RuleName,
  rules,
} from "@bioflax/core";
import { networkCase, type TrainingCase } from "./training-case";
import { lossesFor } from "./training-cases";

const bias = { biasInitializer: { name: "uniform", scale: 0.3 } } as const;
const dense = (units: number): LayerSpec => ({ type: "dense", units, ...bias });

interface Architecture extends Omit<NetworkSpec, "rule"> {
  readonly name: string;
  /** Whether it refuses rules whose errors come straight from the output. */
  readonly refusesDirect?: true;
}

/** Networks with recurrent layers, each with a name: last state, all states, one above another, and none but them. */
const architectures: readonly Architecture[] = [
  {
    name: "simpleRNN",
    inputShape: [4, 3],
    layers: [{ type: "simpleRNN", units: 5, ...bias }, dense(3)],
  },
  {
    name: "simpleRNN over simpleRNN",
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
    inputShape: [1, 3],
    layers: [{ type: "simpleRNN", units: 4, ...bias }, dense(2)],
  },
  {
    name: "gru",
    inputShape: [4, 3],
    layers: [{ type: "gru", units: 4, ...bias }, dense(3)],
  },
  {
    name: "gru over gru",
    inputShape: [3, 2],
    layers: [
      { type: "gru", units: 3, returnSequences: true, recurrentActivation: "tanh" },
      { type: "gru", units: 4, useBias: false },
      dense(2),
    ],
  },
  {
    name: "gru that resets before",
    refusesDirect: true,
    inputShape: [4, 2],
    layers: [
      { type: "gru", units: 3, resetAfter: false, returnSequences: true, ...bias },
      { type: "gru", units: 3, resetAfter: false, ...bias },
      dense(2),
    ],
  },
  {
    name: "simpleRNN at the output",
    refusesDirect: true,
    inputShape: [3, 2],
    layers: [{ type: "simpleRNN", units: 3, activation: "identity", ...bias }],
  },
];

/** High rates: a step changes weights by so much that an error in a gradient is not lost beside them. */
const optimizers: readonly OptimizerSpec[] = [
  { name: "sgd", learningRate: 0.1 },
  { name: "sgd", learningRate: 0.05, momentum: 0.9, weightDecay: 0.01 },
  { name: "adam", learningRate: 0.01, weightDecay: 0.001, epsilon: 1e-2 },
];

/** Settings of layers beside their rule, each with rules it goes with. */
const options: readonly (readonly [Partial<KernelOptions>, readonly RuleName[]])[] = [
  [{ clipNorm: 0.05 }, ["bp", "kp", "dfa"]],
  [{ constrainNorm: true }, ["fa", "dkp"]],
  [{ feedbackConnections: 2 }, ["fa", "frsf", "dfa"]],
  [{ feedbackProjection: "dense" }, ["dfa", "dkp", "drtp"]],
  [{ mirroring: { steps: 2, batch: 3, rate: 0.05, decay: 0.02, stddev: 0.5 } }, ["wm"]],
];

const mixtures: readonly (readonly RuleName[])[] = [
  ["dfa", "bp", "bp", "bp"],
  ["dkp", "drtp", "fa", "bp"],
  ["fa", "kp", "usf", "brsf"],
];

const ruleNames = rules.names() as RuleName[];

/**
 * Every rule × every network with recurrent layers that it does not refuse, and every option and mixture of rules on
 * some; losses, optimizers, batch sizes and numbers of steps take turns.
 */
export function recurrentCases({ steps }: { readonly steps?: number } = {}): TrainingCase[] {
  let turn = 0;
  const casesOf = (
    rule: RuleName,
    { name, refusesDirect, ...network }: Architecture,
    more = "",
    settings: (kernel: number) => Partial<KernelOptions> = () => ({}),
  ): TrainingCase[] => {
    let kernels = 0;
    const layers = network.layers.map(
      (layer): LayerSpec => (hasKernel(layer) ? { ...layer, ...settings(kernels++) } : layer),
    );
    const spec = { ...network, layers, rule };
    const { source } = rules.get(rule as string).route;
    if (source === "input" || (source === "output" && refusesDirect)) return [];
    const at = turn++;
    const used = layers.flatMap((layer) => (hasKernel(layer) && layer.rule ? [layer.rule] : []));
    const losses = lossesFor([rule, ...(used as RuleName[])]);
    return [
      networkCase({
        name: [name, ...(more === "" ? [] : [more])].join(", "),
        spec,
        loss: losses[at % losses.length] as LossName,
        optimizer: optimizers[(at + Math.floor(at / 3)) % optimizers.length] as OptimizerSpec,
        batch: 3 - (at % 3),
        steps: steps ?? 1 + (Math.floor(at / 2) % 3),
        seed: at % 3,
      }),
    ];
  };
  const all = architectures.flatMap((architecture) =>
    ruleNames.flatMap((rule) => casesOf(rule, architecture)),
  );
  const some = architectures.filter(({ name }) =>
    ["simpleRNN over simpleRNN", "gru"].includes(name),
  );
  const perOption = some.flatMap((architecture) =>
    options.flatMap(([settings, names]) =>
      names.flatMap((rule) =>
        casesOf(rule, architecture, JSON.stringify(settings), () => settings),
      ),
    ),
  );
  const mixed = some.flatMap((architecture) =>
    mixtures.flatMap((mixture) =>
      casesOf("bp", architecture, mixture.join(" "), (kernel) => ({
        rule: mixture[kernel] as RuleName,
      })),
    ),
  );
  return [...all, ...perOption, ...mixed];
}
