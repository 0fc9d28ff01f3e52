import {
  type ActivationName,
  activations,
  type Definition,
  everyLearningOption,
  type KernelOptions,
  type LossName,
  type LossSpec,
  losses,
  type OptimizerSpec,
  type RuleName,
  optimizers as registeredOptimizers,
  rules,
  type ScheduleSpec,
  schedules,
} from "@bioflax/core";
import { examplesOf } from "./contracts/examples";
import { type TrainingCase, type TrainingCaseOptions, trainingCase } from "./training-case";

/** Every rule with every loss it can learn from. */
export const rulesAndLosses: readonly (readonly [RuleName, LossName])[] = (
  rules.names() as RuleName[]
).flatMap((rule) =>
  [...losses]
    .filter(
      ({ targetSignal }) => targetSignal !== undefined || !rules.get(rule as string).needsTarget,
    )
    .map(({ name }) => [rule, name as LossName] as const),
);

/** The losses that all of the rules can learn from. */
export const lossesFor = (names: readonly RuleName[]): LossName[] =>
  (losses.names() as LossName[]).filter((loss) =>
    names.every((name) => rulesAndLosses.some(([rule, own]) => rule === name && own === loss)),
  );

/** Every option of how layers learn, each with rules it goes with. */
const options: readonly (readonly [Partial<KernelOptions>, readonly RuleName[]])[] =
  everyLearningOption.flatMap(([name, { cases }]) =>
    cases.map(([value, names]) => [{ [name]: value }, names] as const),
  );

/** Those of a registry that no case names yet, with each of their examples: what is new is tried all the same. */
const others = <Spec extends { readonly name: string }>(
  registry: Iterable<Definition & Parameters<typeof examplesOf>[1]>,
  named: readonly Spec[],
): Spec[] =>
  [...registry]
    .filter((one) => !named.some(({ name }) => name === one.name))
    .flatMap((one) =>
      examplesOf(one.name, one).map(
        (options) => ({ ...options, name: one.name }) as unknown as Spec,
      ),
    );

const namedSchedules: readonly ScheduleSpec[] = [
  { name: "constant", warmup: { steps: 5 } },
  { name: "multiStep", milestones: [1, 3, 7], gamma: 0.6 },
  { name: "cosine", steps: 6, alpha: 0.2 },
  { name: "cosine", steps: 30, warmup: { steps: 2, from: 0.25 } },
  { name: "exponential", steps: 3, gamma: 0.7 },
  { name: "exponential", steps: 2, gamma: 0.9, staircase: true, warmup: { steps: 1 } },
];

/** Every schedule, with and without what it may have beside its name; most of them change within few steps. */
export const scheduleCases: readonly ScheduleSpec[] = [
  ...namedSchedules,
  ...others(schedules, namedSchedules),
];

/** Networks whose layers have rules of their own. */
const mixtures: readonly (readonly RuleName[])[] = [
  ["dfa", "bp", "bp"],
  ["dfa", "drtp", "fa"],
  ["fa", "kp", "usf"],
  ["dkp", "dfa", "dfa"],
  ["wm", "brsf", "frsf"],
  ["f3", "fa", "bp"],
];

const adversarialLoss: LossSpec = {
  name: "softmaxCrossEntropy",
  labelSmoothing: 0.1,
  adversarialEps: 0.2,
};

/**
 * Every rule × loss × optimizer, every rule × activation, every optimizer × schedule, every option, smoothed labels,
 * adversarial examples, soft targets, weighted examples, a single output, and mixtures of rules.
 */
export function trainingCases(
  given: Omit<TrainingCaseOptions, "rule" | "loss" | "optimizer"> = {},
): TrainingCase[] {
  const optimizers: OptimizerSpec[] = [
    { name: "sgd", learningRate: 0.1 },
    { name: "sgd", learningRate: 0.05, momentum: 0.9, weightDecay: 0.01 },
    // The errors of softmax sum to 0, and so do those that usf sends down where a unit's weights have one sign: what is
    // left there is rounding, which an ε below it would blow up to a full step.
    { name: "adam", learningRate: 0.01, weightDecay: 0.001, epsilon: 1e-3 },
  ];
  const combinations = rulesAndLosses.flatMap(([rule, loss]) =>
    optimizers.map((optimizer) => trainingCase({ rule, loss, optimizer, ...given })),
  );
  const plain = {
    loss: "softmaxCrossEntropy",
    optimizer: { name: "sgd", learningRate: 0.1 },
    ...given,
  } as const;
  const perActivation = (rules.names() as RuleName[]).flatMap((rule) =>
    (activations.names() as ActivationName[]).map((name) =>
      trainingCase({ rule, ...plain, activations: [name, name, name], more: name }),
    ),
  );
  const further: OptimizerSpec[] = [
    { name: "sgd", learningRate: 0.05, momentum: 0.8, nesterov: true, weightDecay: 0.01 },
    { name: "sgdw", learningRate: 0.05, weightDecay: 0.2, momentum: 0.7 },
    { name: "adamw", learningRate: 0.01, weightDecay: 0.1, epsilon: 1e-3 },
    { name: "rmsprop", learningRate: 0.01, epsilon: 1e-4 },
    {
      name: "rmsprop",
      learningRate: 0.005,
      decay: 0.8,
      momentum: 0.7,
      weightDecay: 0.01,
      epsilon: 1e-4,
    },
  ];
  further.push(
    ...others(registeredOptimizers, [...optimizers, ...further]).map((spec) => ({
      ...spec,
      learningRate: 0.01,
    })),
  );
  const perOptimizer = (["bp", "kp", "dkp"] as const).flatMap((rule) =>
    further.map((optimizer) => trainingCase({ rule, ...plain, optimizer })),
  );
  const scheduled = [...optimizers, ...further].flatMap((optimizer) =>
    scheduleCases.map((schedule) =>
      trainingCase({ rule: "kp", ...plain, optimizer: { ...optimizer, schedule } }),
    ),
  );
  const smoothed = (["bp", "wm", "sdfa", "drtp", "f3"] as const).flatMap((rule) =>
    (["softmaxCrossEntropy", "sigmoidCrossEntropy"] as const).map((name) =>
      trainingCase({ rule, ...plain, loss: { name, labelSmoothing: 0.15 } }),
    ),
  );
  const adversarial = (
    ["bp", "kp", "wm", "brsf", "dfa", "fdfa", "drtp", "f3", "pepita"] as const
  ).flatMap((rule) =>
    lossesFor([rule]).map((name) =>
      trainingCase({ rule, ...plain, loss: { name, adversarialEps: 0.2 }, steps: 2 }),
    ),
  );
  const targets = (["bp", "kp", "wm", "dkp", "fdfa", "sdfa", "drtp", "f3"] as const).flatMap(
    (rule) =>
      (["softmaxCrossEntropy", "sigmoidCrossEntropy"] as const).flatMap((name) => [
        trainingCase({ rule, ...plain, loss: { name, labelSmoothing: 0.15 }, soft: true }),
        trainingCase({ rule, ...plain, loss: name, soft: true, weighted: true }),
        trainingCase({ rule, ...plain, loss: name, weighted: true }),
      ]),
  );
  const ofOneOutput = (["bp", "fa", "dfa", "fdfa", "drtp", "f3"] as const).flatMap((rule) =>
    [false, true].map((soft) =>
      trainingCase({ ...plain, rule, loss: "sigmoidCrossEntropy", sizes: [5, 7, 1], soft }),
    ),
  );
  const perOption = options.flatMap(([layer, ruleNames]) =>
    ruleNames.map((rule) => trainingCase({ rule, ...plain, layer, more: JSON.stringify(layer) })),
  );
  const mixed = mixtures.map((layerRules) =>
    trainingCase({ rule: "bp", ...plain, layerRules, more: layerRules.join(" ") }),
  );
  return [
    ...combinations,
    ...perOptimizer,
    ...perActivation,
    ...scheduled,
    ...smoothed,
    ...adversarial,
    trainingCase({ ...plain, rule: "fa", loss: adversarialLoss, weighted: true }),
    ...targets,
    ...ofOneOutput,
    ...perOption,
    ...mixed,
  ];
}
