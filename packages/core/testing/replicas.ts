import {
  perReplica,
  replicatedOps,
  type Shape,
  shared,
  type TensorOps,
  withReplicaAxis,
} from "@bioflax/core";
import { everyNth } from "./chosen";
import { convolutionCases } from "./convolution-cases";
import {
  type Definition,
  type Interpreter,
  referenceInterpreter,
  relativeError,
  type TestTensor,
} from "./interpreter";
import { opCases } from "./op-cases";
import { randomNetworkCase } from "./random-network";
import { trainingCases } from "./training-cases";
import { trainingDefinition } from "./training-definition";
import { transformerCases } from "./transformer-cases";

/** A computation with what it is given, of which replicas are made. */
export interface ReplicatedCase {
  readonly definition: Definition;
  readonly inputs: readonly TestTensor[];
}

/** Another tensor with the same numbers, so that it holds labels, probabilities or positive numbers where it did. */
const turned = ({ data, ...rest }: TestTensor, by: number): TestTensor => {
  const at = data.length === 0 ? 0 : by % data.length;
  return { ...rest, data: [...data.slice(at), ...data.slice(0, at)] };
};

/**
 * Runs a computation on replicas of its inputs at once, and each by itself in float64.
 *
 * @param isShared which inputs are the same for all replicas; of the others, each has the numbers in another order.
 * @returns the worst relative error of any result of any replica.
 */
export async function worstReplicaError(
  interpreter: Interpreter,
  { definition, inputs }: ReplicatedCase,
  isShared: (input: number) => boolean = () => false,
  replicas = 3,
): Promise<number> {
  const own = Array.from({ length: replicas }, (_, replica) =>
    inputs.map((input, i) => (isShared(i) ? input : turned(input, 2 * replica))),
  );
  const given = inputs.map(
    (input, i): TestTensor =>
      isShared(i)
        ? input
        : {
            ...input,
            shape: [replicas, ...input.shape],
            data: own.flatMap((tensors) => (tensors[i] as TestTensor).data),
          },
  );
  const areShared: boolean[] = [];
  const all = await interpreter.run(<T>(ops: TensorOps<T>, tensors: readonly T[]) => {
    const results = definition(
      replicatedOps(ops, replicas),
      tensors.map((x, i) => (isShared(i) ? shared(x) : perReplica(x))),
    );
    areShared.splice(0, areShared.length, ...results.map((result) => result.isShared));
    return results.map((x) => (x.isShared ? x.tensor : withReplicaAxis(ops, x, replicas)));
  }, given);
  const errors = await Promise.all(
    own.map(async (tensors, replica) => {
      const expected = await referenceInterpreter.run(definition, tensors);
      return expected.map((result, i) => {
        const received = all[i] as TestTensor;
        return relativeError(
          areShared[i] ? received : replicaOf(received, replica, replicas),
          result,
        );
      });
    }),
  );
  return Math.max(...errors.flat());
}

/** One replica's part of what all have. */
function replicaOf({ shape, data }: TestTensor, replica: number, replicas: number): TestTensor {
  const [, ...own] = shape as [number, ...Shape];
  const size = data.length / replicas;
  return { shape: own, data: data.slice(replica * size, (replica + 1) * size) };
}

/** What replicas of a kind are tried on an interpreter by. */
export interface ReplicaCase {
  readonly name: string;
  /** The worst relative error of any replica. */
  error(interpreter: Interpreter): Promise<number>;
  /** What it has to stay below. */
  readonly limit: number;
}

/**
 * What every interpreter tries replicas by: operations, training steps, layers of images, of sequences, and random
 * networks.
 *
 * @param every of each kind, every so manieth case; all with `BIOFLAX_EVERY_CASE=1`.
 */
export function replicaCases(every: {
  readonly operations: number;
  readonly training: number;
  readonly images: number;
  readonly random: number;
}): ReplicaCase[] {
  const operations = everyNth(opCases, every.operations).map(
    (given): ReplicaCase => ({
      name: `replicas at once are each by itself: ${given.name}`,
      limit: 2e-6,
      async error(interpreter) {
        const none = await worstReplicaError(interpreter, given);
        return Math.max(none, await worstReplicaError(interpreter, given, (input) => input === 0));
      },
    }),
  );
  const training = everyNth(trainingCases({ steps: 3 }), every.training).map(
    (given): ReplicaCase => ({
      name: `three steps of replicas: ${given.name}`,
      limit: 2e-5,
      error: (interpreter) => worstReplicaError(interpreter, trainingDefinition(given)),
    }),
  );
  const ofTwo = (name: string, definition: ReplicatedCase): ReplicaCase => ({
    name,
    limit: 5e-5,
    error: (interpreter) => worstReplicaError(interpreter, definition, undefined, 2),
  });
  const images = everyNth(convolutionCases({ steps: 1 }), every.images).map((given) =>
    ofTwo(`a step of replicas of layers of images: ${given.name}`, trainingDefinition(given)),
  );
  const sequences = everyNth(transformerCases({ steps: 1 }), every.images).map((given) =>
    ofTwo(`a step of replicas of layers of sequences: ${given.name}`, trainingDefinition(given)),
  );
  const seeds = Array.from({ length: 60 }, (_, seed) => seed);
  const random = everyNth(seeds, every.random).map((seed) =>
    ofTwo(`replicas of random networks: ${seed}`, trainingDefinition(randomNetworkCase(seed))),
  );
  return [...operations, ...training, ...images, ...sequences, ...random];
}
