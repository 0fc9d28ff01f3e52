import { perReplica, replicatedOps, type Shape, shared, type TensorOps } from "@bioflax/core";
import {
  type Definition,
  type Interpreter,
  referenceInterpreter,
  relativeError,
  type TestTensor,
} from "./interpreter";

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
    return results.map(({ tensor }) => tensor);
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
