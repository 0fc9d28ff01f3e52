import {
  hasKernel,
  type KernelOptions,
  type LayerSpec,
  type LossName,
  type NetworkSpec,
  type OptimizerSpec,
  type Rule,
  type RuleName,
  rules,
} from "@bioflax/core";
import { isRecurrent } from "./plain-recurrent";
import { networkCase, type TrainingCase } from "./training-case";
import { lossesFor } from "./training-cases";

/** A network to be tried under every rule. */
export interface TriedArchitecture extends Omit<NetworkSpec, "rule"> {
  readonly name: string;
  /** Rules with errors from there are refused. */
  readonly refuses?: readonly Rule["route"]["source"][];
}

/** High rates: a step changes weights by so much that an error in a gradient is not lost beside them. */
const optimizers: readonly OptimizerSpec[] = [
  { name: "sgd", learningRate: 0.1 },
  { name: "sgd", learningRate: 0.05, momentum: 0.9, weightDecay: 0.01 },
  { name: "adam", learningRate: 0.01, weightDecay: 0.001, epsilon: 1e-2 },
];

const ruleNames = rules.names() as RuleName[];

/** What is tried beside every rule, on some networks. */
export interface Trials {
  /** The names of these networks. */
  readonly on: readonly string[];
  /** Settings of layers beside their rule, each with rules it goes with. */
  readonly options: readonly (readonly [Partial<KernelOptions>, readonly RuleName[]])[];
  /** Rules of the layers with a kernel, from the input to the output; the last is that of all that follow. */
  readonly mixtures: readonly (readonly RuleName[])[];
  /** How many steps each case takes; from 1 to 3 by turns when left out. */
  readonly steps?: number | undefined;
}

/**
 * Every rule × every network that does not refuse it, and every option and mixture of rules on some; losses, optimizers,
 * batch sizes and numbers of steps take turns.
 */
export function architectureCases(
  architectures: readonly TriedArchitecture[],
  { on, options, mixtures, steps }: Trials,
): TrainingCase[] {
  let turn = 0;
  const casesOf = (
    rule: RuleName,
    { name, refuses = [], ...network }: TriedArchitecture,
    more = "",
    settings: (kernel: number) => Partial<KernelOptions> = () => ({}),
  ): TrainingCase[] => {
    let kernels = 0;
    const layers = network.layers.map(
      (layer): LayerSpec => (hasKernel(layer) ? { ...layer, ...settings(kernels++) } : layer),
    );
    const spec = { ...network, layers, rule };
    const { route, needsOutputTangent } = rules.get(rule as string);
    if (refuses.includes(route.source)) return [];
    // No noise can be added to states, which are within a layer.
    if (needsOutputTangent && layers.some(isRecurrent)) return [];
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
  const some = architectures.filter(({ name }) => on.includes(name));
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
        rule: (mixture[kernel] ?? mixture.at(-1)) as RuleName,
      })),
    ),
  );
  return [...all, ...perOption, ...mixed];
}
