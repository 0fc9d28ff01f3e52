import {
  createNetwork,
  createTrainable,
  flatten,
  forward,
  groupByLayer,
  noiseShape,
  outputOf,
  rateAt,
  type TensorOps,
  type TrainingState,
  trainStep,
} from "@bioflax/core";
import {
  type Definition,
  type Interpreter,
  relativeError,
  type TestTensor,
  tensor,
} from "./interpreter";
import { plainEvaluation } from "./plain-pass";
import { plainTrain, plainWeights } from "./plain-reference";
import type { PlainBatch } from "./plain-setup";
import type { TrainingCase } from "./training-case";

/**
 * A case as a definition: the inputs are the weights, then each step's input, target, weights of its examples where
 * they have any, and noise, and its learning rate where that has a schedule; the outputs are each step's loss, then the
 * weights after the last.
 */
export function trainingDefinition(given: TrainingCase): {
  definition: Definition;
  inputs: TestTensor[];
} {
  const trainable = createTrainable(given);
  const { network, learningRate } = trainable;
  const isScheduled = typeof learningRate !== "number";
  const count = network.parameters.length;
  const isWeighted = given.batches[0]?.weights !== undefined;
  const perStep = 2 + Number(isWeighted) + network.noise.length + Number(isScheduled);
  const definition = <T>(ops: TensorOps<T>, inputs: readonly T[]): T[] => {
    const weights = inputs.slice(0, count);
    let state: TrainingState<T> = {
      parameters: groupByLayer(network, weights),
      slots: network.parameters.map(({ learns }, i) =>
        learns ? trainable.optimizer.slots.map(() => ops.mul(weights[i] as T, 0)) : [],
      ),
    };
    const stepLosses = given.batches.map((_, t) => {
      const [input, target, ...others] = inputs.slice(
        count + perStep * t,
        count + perStep * (t + 1),
      ) as [T, T, ...T[]];
      const exampleWeights = isWeighted ? (others.shift() as T) : undefined;
      const noise = others.slice(0, network.noise.length);
      const rate = isScheduled ? (others.at(-1) as T) : learningRate;
      const { state: after, pass } = trainStep(ops, trainable, state, {
        batch: { input, target, weights: exampleWeights },
        noise,
        // A scalar is made of a tensor there is: the vocabulary has no constants.
        step: ops.add(ops.mul(ops.sum(input), 0), t + 1),
        rate,
      });
      state = after;
      return pass.loss;
    });
    return [...stepLosses, ...flatten(network, state.parameters)];
  };
  const data = given.batches.flatMap(({ input, labels, values, weights, noise = {} }, t) => [
    tensor(input.flat(), [input.length, ...given.spec.inputShape]),
    labels === undefined
      ? tensor((values as number[][]).flat(), [input.length, network.outputs])
      : tensor(labels, [labels.length], "int32"),
    ...(weights === undefined ? [] : [tensor(weights, [weights.length, 1])]),
    ...network.noise.map((info) =>
      tensor(noise[info.name] as Float32Array, noiseShape(info, input.length)),
    ),
    ...(isScheduled ? [tensor([rateAt(learningRate, t)], [])] : []),
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

/**
 * A case's network in evaluation as a definition: the inputs are the weights, then the first batch's input and target;
 * the outputs are its loss and the network's outputs.
 */
export function evaluationDefinition(given: TrainingCase): {
  definition: Definition;
  inputs: TestTensor[];
} {
  const { network, loss } = createTrainable(given);
  const count = network.parameters.length;
  const definition = <T>(ops: TensorOps<T>, inputs: readonly T[]): T[] => {
    const [input, target] = inputs.slice(count) as [T, T];
    const output = outputOf(forward(ops, network, groupByLayer(network, inputs), input));
    return [loss.evaluate(ops, output, target).value, output];
  };
  return { definition, inputs: trainingDefinition(given).inputs.slice(0, count + 2) };
}

/**
 * Evaluates a case's first batch on an interpreter and holds it against the plain loops.
 *
 * @returns the worst relative error of the loss and of any output.
 */
export async function worstEvaluationError(
  interpreter: Interpreter,
  given: TrainingCase,
): Promise<number> {
  const { definition, inputs } = evaluationDefinition(given);
  const [loss, output] = (await interpreter.run(definition, inputs)) as [TestTensor, TestTensor];
  const weights = plainWeights(given.spec, given.weights);
  const expected = plainEvaluation(given, weights, given.batches[0] as PlainBatch);
  return Math.max(
    relativeError(loss, tensor([expected.loss], [])),
    relativeError(output, tensor(expected.output.flat(), output.shape)),
  );
}
