import {
  hasKernel,
  type KernelOptions,
  type LayerSpec,
  type LossName,
  type OptimizerSpec,
  type RuleName,
  rules,
} from "@bioflax/core";
import { type Architecture, architectures, equals } from "./convolution-networks";
import { networkCase, type TrainingCase } from "./training-case";
import { lossesFor } from "./training-cases";

/** High rates: a step changes weights by so much that an error in a gradient is not lost beside them. */
const optimizers: readonly OptimizerSpec[] = [
  { name: "sgd", learningRate: 0.1 },
  { name: "sgd", learningRate: 0.05, momentum: 0.9, weightDecay: 0.01 },
  // A bias before a normalisation has no gradient but rounding, which an ε below it would blow up to a full step.
  { name: "adam", learningRate: 0.01, weightDecay: 0.001, epsilon: 1e-2 },
];

const ruleNames = rules.names() as RuleName[];
const directRules = ruleNames.filter((rule) => rules.get(rule).route.source === "output");

/** Which rules can be tried on a network: where there are several derivatives forward, none that takes one. */
const isFor =
  ({ hasEqualMaxima = false }: Architecture) =>
  (rule: RuleName) =>
    !(hasEqualMaxima && rules.get(rule as string).needsOutputTangent);

/** Settings of layers beside their rule, each with rules it goes with. */
const options: readonly (readonly [KernelOptions, readonly RuleName[]])[] = [
  [{ clipNorm: 0.05 }, ["bp", "kp", "dfa"]],
  [{ constrainNorm: true }, ["fa", "dkp"]],
  [{ feedbackConnections: 2 }, ["fa", "frsf", "dfa"]],
  [{ feedbackConnections: 1, feedbackProjection: "broadcast" }, ["sdfa", "drtp"]],
  [{ mirroring: { steps: 2, batch: 3, rate: 0.05, decay: 0.02, stddev: 0.5 } }, ["wm"]],
];

/** Rules of the layers with a kernel, from the input to the output; the last is that of all that follow. */
const mixtures: readonly (readonly RuleName[])[] = [
  ["dfa", "bp"],
  ["dkp", "drtp", "fa"],
  ["fa", "kp", "usf", "wm", "brsf", "frsf"],
];

/** Of a batch of one, a normalised vector is all zeros, and nothing below it learns. */
const smallest = ({ layers }: Architecture) =>
  layers.some(({ type }) => type === "batchNormalization") ? 2 : 1;

/** The same layers, with other settings for those with a kernel. */
function withOptions(
  { layers, ...rest }: Architecture,
  settings: (kernel: number) => Partial<KernelOptions>,
): Architecture {
  let kernels = 0;
  return {
    ...rest,
    layers: layers.map(
      (layer): LayerSpec => (hasKernel(layer) ? { ...layer, ...settings(kernels++) } : layer),
    ),
  };
}

/** Mirrored by fewer rows of noise than else, which takes longest by far of all that the plain loops do. */
const fewRows = (architecture: Architecture) =>
  withOptions(architecture, () => ({ mirroring: { batch: 4 } }));

/**
 * Every rule × every network of convolutions, the direct ones with both projections, and every option and mixture of
 * rules on some; losses, optimizers and batch sizes take turns.
 *
 * @param given how many steps each takes; from 1 to 3 by turns when left out.
 */
export function convolutionCases({ steps }: { readonly steps?: number } = {}): TrainingCase[] {
  let turn = 0;
  const caseOf = (rule: RuleName, architecture: Architecture, more: string): TrainingCase => {
    const at = turn++;
    const { name, hasEqualMaxima: _, ...network } = architecture;
    const losses = lossesFor([
      rule,
      ...network.layers.flatMap((layer) =>
        hasKernel(layer) ? ((layer.rule as RuleName | undefined) ?? []) : [],
      ),
    ]);
    return networkCase({
      name: [name, ...(more === "" ? [] : [more])].join(", "),
      spec: { rule, ...network },
      loss: losses[at % losses.length] as LossName,
      optimizer: optimizers[(at + Math.floor(at / 3)) % optimizers.length] as OptimizerSpec,
      batch: Math.max(smallest(architecture), 3 - (at % 3)),
      steps: steps ?? 1 + (Math.floor(at / 2) % 3),
      seed: at % 3,
    });
  };
  const all = [...architectures, equals].flatMap((architecture) => [
    ...ruleNames
      .filter(isFor(architecture))
      .map((rule) => caseOf(rule, rule === "wm" ? fewRows(architecture) : architecture, "")),
    ...directRules.filter(isFor(architecture)).map((rule) =>
      caseOf(
        rule,
        withOptions(architecture, () => ({ feedbackProjection: "broadcast" })),
        "broadcast",
      ),
    ),
  ]);
  const some = architectures.filter(({ name }) => ["LeNet", "residual"].includes(name));
  const perOption = some.flatMap((architecture) =>
    options.flatMap(([settings, names]) =>
      names.map((rule) =>
        caseOf(
          rule,
          withOptions(architecture, () => settings),
          JSON.stringify(settings),
        ),
      ),
    ),
  );
  const mixed = some.flatMap((architecture) =>
    mixtures.map((mixture) =>
      caseOf(
        "bp",
        withOptions(architecture, (kernel) => ({
          rule: (mixture[kernel] ?? mixture.at(-1)) as RuleName,
        })),
        mixture.join(" "),
      ),
    ),
  );
  return [...all, ...perOption, ...mixed];
}
