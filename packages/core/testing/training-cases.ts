import {
  type ActivationName,
  activations,
  applyGradients,
  createNetwork,
  createTrainable,
  flatten,
  groupByLayer,
  initializeWeights,
  type LayerSpec,
  type Loss,
  type LossName,
  lossAndGradients,
  losses,
  type NetworkSpec,
  type OptimizerSpec,
  prepareStep,
  Random,
  type Rule,
  type RuleName,
  rules,
  type TensorOps,
  type TrainingState,
  type Weights,
} from "@bioflax/core";
import {
  type Definition,
  type Interpreter,
  relativeError,
  type TestTensor,
  tensor,
} from "./interpreter";
import { noiseOf } from "./noise";
import { type PlainBatch, plainTrain } from "./plain-reference";

/** A small network with data to train it on: everything an engine needs, and the plain reference too. */
export interface TrainingCase {
  readonly name: string;
  readonly spec: NetworkSpec;
  readonly loss: LossName;
  readonly optimizer: OptimizerSpec;
  /** Seed of the weights and the noise. */
  readonly seed: number;
  readonly weights: Weights;
  readonly batches: readonly PlainBatch[];
}

/** What a case is drawn from. */
export interface TrainingCaseOptions {
  readonly rule: RuleName;
  readonly loss: LossName;
  readonly optimizer: OptimizerSpec;
  /** Sizes from the input to the output. */
  readonly sizes?: readonly number[];
  /** Activation of each layer; the last is the output's. */
  readonly activations?: readonly ActivationName[];
  readonly useBias?: boolean;
  /** Other settings of every layer. */
  readonly layer?: Partial<LayerSpec>;
  /** A rule of its own for each layer. */
  readonly layerRules?: readonly RuleName[];
  readonly batch?: number;
  readonly steps?: number;
  readonly seed?: number;
}

/** A case with random weights and a fresh random batch for every step. */
export function trainingCase({
  rule,
  loss,
  optimizer,
  sizes = [5, 7, 6, 4],
  activations: names = ["tanh", "relu", "identity"],
  useBias = true,
  layer = {},
  layerRules,
  batch = 3,
  steps = 1,
  seed = 0,
}: TrainingCaseOptions): TrainingCase {
  const [inputs, ...units] = sizes as [number, ...number[]];
  const outputs = units.at(-1) as number;
  const spec: NetworkSpec = {
    inputShape: [inputs],
    rule,
    layers: units.map((n, l) => ({
      type: "dense",
      units: n,
      activation: names[l] ?? "identity",
      useBias,
      biasInitializer: { name: "uniform", scale: 0.3 },
      ...layer,
      ...(layerRules === undefined ? {} : { rule: layerRules[l] as RuleName }),
    })),
  };
  const network = createNetwork(spec);
  const noise = noiseOf(network, seed);
  const random = new Random(seed, "training-case");
  const rows = (n: number, draw: () => number) =>
    Array.from({ length: batch }, () => Array.from({ length: n }, () => Math.fround(draw())));
  const normal = () => random.normal();
  return {
    name: `${rule}, ${loss}, ${optimizer.name} ${JSON.stringify(optimizer)}, ${sizes.join("-")}`,
    spec,
    loss,
    optimizer,
    seed,
    weights: initializeWeights(network, seed),
    batches: Array.from({ length: steps }, (_, step) => ({
      input: rows(inputs, normal),
      noise: noise(step),
      ...(losses[loss].targets === "labels"
        ? { labels: Array.from({ length: batch }, () => random.below(outputs)) }
        : { values: rows(outputs, normal) }),
    })),
  };
}

/** Every rule with every loss it can learn from. */
export const rulesAndLosses: readonly (readonly [RuleName, LossName])[] = (
  Object.keys(rules) as RuleName[]
).flatMap((rule) =>
  (Object.entries(losses) as [LossName, Loss][])
    .filter(
      ([, { targetSignal }]) => targetSignal !== undefined || !(rules[rule] as Rule).needsTarget,
    )
    .map(([loss]) => [rule, loss] as const),
);

/** Settings of layers beside their rule, each with rules it goes with. */
const options: readonly (readonly [Partial<LayerSpec>, readonly RuleName[]])[] = [
  [{ clipNorm: 0.05 }, ["bp", "kp", "dfa", "wm"]],
  [{ clipNorm: 50 }, ["fa"]],
  [{ constrainNorm: true }, ["bp", "fa", "dkp"]],
  [{ feedbackConnections: 2 }, ["fa", "frsf", "dfa", "drtp"]],
  [{ mirroring: { steps: 3, batch: 2, rate: 0.05, decay: 0.02, stddev: 0.5 } }, ["wm"]],
];

/** Networks whose layers have rules of their own. */
const mixtures: readonly (readonly RuleName[])[] = [
  ["dfa", "bp", "bp"],
  ["dfa", "drtp", "fa"],
  ["fa", "kp", "usf"],
  ["dkp", "dfa", "dfa"],
  ["wm", "brsf", "frsf"],
];

/** Every rule × loss × optimizer, every rule × activation, every option, and mixtures of rules. */
export function trainingCases(
  given: Omit<TrainingCaseOptions, "rule" | "loss" | "optimizer"> = {},
): TrainingCase[] {
  const optimizers: OptimizerSpec[] = [
    { name: "sgd", learningRate: 0.1 },
    { name: "sgd", learningRate: 0.05, momentum: 0.9, weightDecay: 0.01 },
    // The errors of softmax sum to 0, and so do those that usf sends down where a unit's weights have one sign: what is left
    // there is rounding, which an ε below it would blow up to a full step.
    { name: "adam", learningRate: 0.01, weightDecay: 0.001, epsilon: 1e-3 },
  ];
  const named = (drawn: TrainingCase, more: string) => ({
    ...drawn,
    name: `${drawn.name}, ${more}`,
  });
  const combinations = rulesAndLosses.flatMap(([rule, loss]) =>
    optimizers.map((optimizer) => trainingCase({ rule, loss, optimizer, ...given })),
  );
  const plain = {
    loss: "softmaxCrossEntropy",
    optimizer: { name: "sgd", learningRate: 0.1 },
    ...given,
  } as const;
  const perActivation = (Object.keys(rules) as RuleName[]).flatMap((rule) =>
    (Object.keys(activations) as ActivationName[]).map((name) =>
      named(trainingCase({ rule, ...plain, activations: [name, name, name] }), name),
    ),
  );
  const others: OptimizerSpec[] = [
    { name: "sgd", learningRate: 0.05, momentum: 0.8, nesterov: true, weightDecay: 0.01 },
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
  const perOptimizer = (["bp", "kp", "dkp"] as const).flatMap((rule) =>
    others.map((optimizer) => trainingCase({ rule, ...plain, optimizer })),
  );
  const perOption = options.flatMap(([layer, ruleNames]) =>
    ruleNames.map((rule) => named(trainingCase({ rule, ...plain, layer }), JSON.stringify(layer))),
  );
  const mixed = mixtures.map((layerRules) =>
    named(trainingCase({ rule: "bp", ...plain, layerRules }), layerRules.join(" ")),
  );
  return [...combinations, ...perOptimizer, ...perActivation, ...perOption, ...mixed];
}

/**
 * A case as a definition: the inputs are the weights, then each step's input, target and noise; the outputs are each
 * step's loss, then the weights after the last.
 */
export function trainingDefinition(given: TrainingCase): {
  definition: Definition;
  inputs: TestTensor[];
} {
  const trainable = createTrainable(given);
  const { network } = trainable;
  const count = network.parameters.length;
  const perStep = 2 + network.noise.length;
  const definition = <T>(ops: TensorOps<T>, inputs: readonly T[]): T[] => {
    const weights = inputs.slice(0, count);
    let state: TrainingState<T> = {
      parameters: groupByLayer(network, weights),
      slots: network.parameters.map(({ learns }, i) =>
        learns ? trainable.optimizer.slots.map(() => ops.mul(weights[i] as T, 0)) : [],
      ),
    };
    const stepLosses = given.batches.map((_, t) => {
      const [input, target, ...noise] = inputs.slice(
        count + perStep * t,
        count + perStep * (t + 1),
      ) as [T, T, ...T[]];
      const parameters = prepareStep(ops, network, state.parameters, noise);
      const { loss, gradients } = lossAndGradients(ops, trainable, parameters, { input, target });
      const step = ops.add(ops.mul(loss, 0), t + 1);
      state = applyGradients(ops, trainable, { ...state, parameters }, gradients, step);
      return loss;
    });
    return [...stepLosses, ...flatten(network, state.parameters)];
  };
  const data = given.batches.flatMap(({ input, labels, values, noise = {} }) => [
    tensor(input.flat(), [input.length, (input[0] as number[]).length]),
    labels === undefined
      ? tensor((values as number[][]).flat(), [
          input.length,
          ((values as number[][])[0] as number[]).length,
        ])
      : tensor(labels, [labels.length], "int32"),
    ...network.noise.map(({ name, shape }) => tensor(noise[name] as Float32Array, shape)),
  ]);
  const weights = network.parameters.map(({ name, shape }) =>
    tensor(given.weights[name] as Float32Array, shape),
  );
  return { definition, inputs: [...weights, ...data] };
}

/**
 * Runs a case on an interpreter and holds it against the plain loops.
 *
 * @returns the worst relative error of any step's loss and of any weight after the last.
 */
export async function worstTrainingError(
  interpreter: Interpreter,
  given: TrainingCase,
): Promise<number> {
  const { definition, inputs } = trainingDefinition(given);
  const received = await interpreter.run(definition, inputs);
  const expected = plainTrain(given, given.weights, given.batches);
  const results = [
    ...expected.losses.map((loss) => tensor([loss], [])),
    ...createNetwork(given.spec).parameters.map(({ name, shape }) =>
      tensor((expected.weights[name] as number[][]).flat(), shape),
    ),
  ];
  return Math.max(...results.map((result, i) => relativeError(received[i] as TestTensor, result)));
}
