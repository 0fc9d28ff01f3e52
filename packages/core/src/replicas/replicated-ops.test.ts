import { describe, expect, test } from "@jest/globals";
import {
  chosen,
  convolutionCases,
  everyCase,
  opCases,
  randomNetworkCase,
  recurrentCases,
  referenceInterpreter,
  trainingCases,
  transformerCases,
  worstReplicaError,
} from "../../testing/index";
import { evaluationDefinition, trainingDefinition } from "../../testing/training-definition";
import { float64Tensor, perReplica, referenceOps, replicatedOps, shared } from "../index";

describe("what replicas compute at once is to the bit what each computes by itself", () => {
  test.each(opCases.map((opCase) => [opCase.name, opCase] as const))("%s", async (_name, given) => {
    const last = given.inputs.length - 1;
    for (const isShared of [
      () => false,
      () => true,
      (i: number) => i === 0,
      (i: number) => i === last,
    ])
      expect(await worstReplicaError(referenceInterpreter, given, isShared)).toBe(0);
  });

  test.each(chosen(trainingCases({ steps: 2 }), 20).map((given) => [given.name, given] as const))(
    "two steps: %s",
    async (_name, given) => {
      expect(await worstReplicaError(referenceInterpreter, trainingDefinition(given))).toBe(0);
    },
  );

  test.each(
    chosen(convolutionCases({ steps: 1 }), 20).map((given) => [given.name, given] as const),
  )("layers of images: %s", async (_name, given) => {
    expect(
      await worstReplicaError(referenceInterpreter, trainingDefinition(given), undefined, 2),
    ).toBe(0);
    expect(
      await worstReplicaError(referenceInterpreter, evaluationDefinition(given), undefined, 2),
    ).toBe(0);
  });

  test.each(
    chosen([...recurrentCases({ steps: 2 }), ...transformerCases({ steps: 2 })], 10).map(
      (given) => [given.name, given] as const,
    ),
  )("layers that go through sequences: %s", async (_name, given) => {
    expect(
      await worstReplicaError(referenceInterpreter, trainingDefinition(given), undefined, 2),
    ).toBe(0);
  });

  test.each(Array.from({ length: everyCase ? 60 : 12 }, (_, seed) => seed))(
    "random networks: %d",
    async (seed) => {
      const given = trainingDefinition(randomNetworkCase(seed));
      expect(await worstReplicaError(referenceInterpreter, given, undefined, 2)).toBe(0);
      // Shared data and weights of their own, and the other way round.
      const weights = randomNetworkCase(seed).spec.layers.length;
      expect(await worstReplicaError(referenceInterpreter, given, (i) => i < weights, 2)).toBe(0);
      expect(await worstReplicaError(referenceInterpreter, given, (i) => i >= weights, 2)).toBe(0);
    },
  );
});

test("what all replicas share is computed once, and has no axis for them", () => {
  const ops = replicatedOps(referenceOps, 3);
  const x = shared(float64Tensor([1, 2, 3, 4], [2, 2]));
  const y = ops.matMul(ops.tanh(x), x);
  expect(y.isShared).toBe(true);
  expect(ops.shape(ops.add(y, perReplica(float64Tensor([1, 2, 3], [3]))))).toEqual([2, 2]);
});

test("a single replica's shapes are told where they do not fit", () => {
  const ops = replicatedOps(referenceOps, 2);
  const x = perReplica(float64Tensor(new Float64Array(12), [2, 2, 3]));
  expect(() => ops.matMul(x, x)).toThrow("received [2, 3] · [2, 3].");
  expect(() => ops.sum(x, [2])).toThrow("[2, 3] has no axis 2");
  expect(() => ops.reshape(x, [5])).toThrow("[2, 3] has 6 elements, [5] has 5");
});
