import {
  type ActivationName,
  activations,
  applyGradients,
  createNetwork,
  createOptimizer,
  flatten,
  getLoss,
  groupByLayer,
  initializeWeights,
  type LossName,
  lossAndGradients,
  losses,
  type NetworkSpec,
  type OptimizerSpec,
  Random,
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
import { type PlainBatch, plainTrain } from "./plain-reference";

/** A small network with data to train it on: everything an engine needs, and the plain reference too. */
export interface TrainingCase {
  readonly name: string;
  readonly spec: NetworkSpec;
  readonly loss: LossName;
  readonly optimizer: OptimizerSpec;
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
    })),
  };
  const random = new Random(seed, "training-case");
  const rows = (n: number, draw: () => number) =>
    Array.from({ length: batch }, () => Array.from({ length: n }, () => Math.fround(draw())));
  const normal = () => random.normal();
  return {
    name: `${rule}, ${loss}, ${optimizer.name} ${JSON.stringify(optimizer)}, ${sizes.join("-")}`,
    spec,
    loss,
    optimizer,
    weights: initializeWeights(createNetwork(spec), seed),
    batches: Array.from({ length: steps }, () => ({
      input: rows(inputs, normal),
      ...(losses[loss].targets === "labels"
        ? { labels: Array.from({ length: batch }, () => random.below(outputs)) }
        : { values: rows(outputs, normal) }),
    })),
  };
}

/** Every rule × loss × optimizer, and every rule × activation. */
export function trainingCases(
  options: Omit<TrainingCaseOptions, "rule" | "loss" | "optimizer"> = {},
): TrainingCase[] {
  const optimizers: OptimizerSpec[] = [
    { name: "sgd", learningRate: 0.1 },
    { name: "sgd", learningRate: 0.05, momentum: 0.9, weightDecay: 0.01 },
    { name: "adam", learningRate: 0.01, weightDecay: 0.001 },
  ];
  const ruleNames = Object.keys(rules) as RuleName[];
  const combinations = ruleNames.flatMap((rule) =>
    (Object.keys(losses) as LossName[]).flatMap((loss) =>
      optimizers.map((optimizer) => trainingCase({ rule, loss, optimizer, ...options })),
    ),
  );
  const perActivation = ruleNames.flatMap((rule) =>
    (Object.keys(activations) as ActivationName[]).map((name) => {
      const drawn = trainingCase({
        rule,
        loss: "meanSquaredError",
        optimizer: { name: "sgd", learningRate: 0.1 },
        ...options,
        activations: [name, name, name],
      });
      return { ...drawn, name: `${drawn.name}, ${name}` };
    }),
  );
  return [...combinations, ...perActivation];
}

/**
 * A case as a definition: the inputs are the weights, then each step's input and target; the outputs are each step's
 * loss, then the weights after the last.
 */
export function trainingDefinition(given: TrainingCase): {
  definition: Definition;
  inputs: TestTensor[];
} {
  const network = createNetwork(given.spec);
  const trainable = {
    network,
    loss: getLoss(given.loss),
    optimizer: createOptimizer(given.optimizer),
    weightDecay: given.optimizer.weightDecay ?? 0,
  };
  const count = network.parameters.length;
  const definition = <T>(ops: TensorOps<T>, inputs: readonly T[]): T[] => {
    const weights = inputs.slice(0, count);
    let state: TrainingState<T> = {
      parameters: groupByLayer(network, weights),
      slots: network.parameters.map(({ learns }, i) =>
        learns ? trainable.optimizer.slots.map(() => ops.mul(weights[i] as T, 0)) : [],
      ),
    };
    const stepLosses = given.batches.map((_, t) => {
      const [input, target] = inputs.slice(count + 2 * t) as [T, T];
      const { loss, gradients } = lossAndGradients(ops, trainable, state.parameters, {
        input,
        target,
      });
      const step = ops.add(ops.mul(loss, 0), t + 1);
      state = applyGradients(ops, trainable, state, gradients, step);
      return loss;
    });
    return [...stepLosses, ...flatten(network, state.parameters)];
  };
  const data = given.batches.flatMap(({ input, labels, values }) => [
    tensor(input.flat(), [input.length, (input[0] as number[]).length]),
    labels === undefined
      ? tensor((values as number[][]).flat(), [
          input.length,
          ((values as number[][])[0] as number[]).length,
        ])
      : tensor(labels, [labels.length], "int32"),
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
