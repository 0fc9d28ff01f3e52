import { describe, expect, test } from "@jest/globals";
import {
  type Batch,
  createNetwork,
  createTrainable,
  DelayedErrors,
  type Float64Tensor,
  float64Tensor,
  groupByLayer,
  initializeWeights,
  type LossSpec,
  lossAndGradients,
  Random,
  type RuleName,
  referenceOps,
  stepsUntilRepeated,
} from "../index";

const COUNT = 7;
const OUTPUTS = 3;
const random = new Random(0, "delayed-errors");
const inputs = Array.from({ length: COUNT }, () => [random.normal(), random.normal()]);
const labels = Int32Array.from({ length: COUNT }, () => random.below(OUTPUTS));
const weights = Float32Array.from({ length: COUNT }, () => 0.25 + random.below(4));

const trainableOf = (rule: RuleName, loss: LossSpec = "softmaxCrossEntropy") =>
  createTrainable({
    spec: {
      inputShape: [2],
      rule,
      layers: [
        { type: "dense", units: 4, activation: "tanh" },
        { type: "dense", units: OUTPUTS },
      ],
    },
    loss,
    optimizer: { name: "sgd", learningRate: 0.1 },
  });

const batchOf = (rows: readonly number[], isWeighted = false): Batch<Float64Tensor> => ({
  input: float64Tensor(
    rows.flatMap((row) => inputs[row]!),
    [rows.length, 2],
  ),
  target: float64Tensor(
    rows.map((row) => labels[row]!),
    [rows.length],
  ),
  weights: isWeighted
    ? float64Tensor(
        rows.map((row) => weights[row]!),
        [rows.length, 1],
      )
    : undefined,
});

function passOf(rule: RuleName, batch: Batch<Float64Tensor>, loss?: LossSpec) {
  const trainable = trainableOf(rule, loss);
  const { network } = trainable;
  const start = initializeWeights(createNetwork(network.spec), 3);
  const parameters = groupByLayer(
    network,
    network.parameters.map(({ name, shape }) => float64Tensor(start[name]!, shape)),
  );
  return lossAndGradients(referenceOps, trainable, parameters, batch);
}

const kernels = ({ gradients }: ReturnType<typeof passOf>) =>
  gradients.map(({ kernel }) => [...kernel!.data]);

const close = (received: readonly number[], expected: readonly number[]) =>
  received.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 12));

describe("a step of f3", () => {
  test("is dfa's where the delayed errors are those of this step, weighted or not", () => {
    for (const isWeighted of [false, true]) {
      const batch = batchOf([0, 3, 5], isWeighted);
      const first = passOf("f3", batch);
      const again = passOf("f3", { ...batch, delayed: first.exampleErrors });
      const expected = kernels(passOf("dfa", batch));
      kernels(again).forEach((values, layer) => close(values, expected[layer]!));
      expect(kernels(again)[0]).not.toEqual(kernels(first)[0]);
    }
  });

  test("is drtp's at the first time, but for how a mean over the outputs is taken", () => {
    const batch = batchOf([1, 2, 4, 6], true);
    for (const [loss, shares] of [
      ["softmaxCrossEntropy", 1],
      [{ name: "softmaxCrossEntropy", labelSmoothing: 0.2 }, 1],
      ["sigmoidCrossEntropy", OUTPUTS],
    ] as const) {
      const [received, expected] = [
        kernels(passOf("f3", batch, loss)),
        kernels(passOf("drtp", batch, loss)),
      ];
      close(
        received[0]!,
        expected[0]!.map((value) => value / shares),
      );
      close(received[1]!, expected[1]!);
    }
  });

  test("teaches the output layer by the errors of this step", () => {
    const batch = batchOf([0, 1]);
    const delayed = float64Tensor([1, 2, 3, 4, 5, 6], [2, OUTPUTS]);
    const received = kernels(passOf("f3", { ...batch, delayed }));
    close(received[1]!, kernels(passOf("dfa", batch))[1]!);
  });

  test("has the errors of each example by itself, whatever the batch", () => {
    const whole = passOf("f3", batchOf([0, 1, 2, 3], true)).exampleErrors!;
    const [first, rest] = [batchOf([0], true), batchOf([1, 2, 3], true)].map(
      (batch) => passOf("f3", batch).exampleErrors!,
    );
    close([...first!.data, ...rest!.data], [...whole.data]);
  });

  test.each([[[1, OUTPUTS]], [[2, 1]], [[3, OUTPUTS]]])(
    "refuses delayed errors of another shape, one that would broadcast, too: %j",
    (shape) => {
      const delayed = float64Tensor(new Float64Array(shape[0]! * shape[1]!), shape);
      expect(() => passOf("f3", { ...batchOf([0, 1]), delayed })).toThrow(
        `Batch: expected "delayed" of shape [2, 3], an error for each output of each example, received [${shape.join(", ")}].`,
      );
    },
  );

  test("has none under other rules", () => {
    expect(passOf("dfa", batchOf([0])).exampleErrors).toBeUndefined();
  });
});

describe("delayed errors", () => {
  const rows = (...of: number[]) => Int32Array.from(of);
  const examples = { targets: labels, weights, count: COUNT };
  const hot = (row: number) =>
    Array.from({ length: OUTPUTS }, (_, i) => (labels[row] === i ? -weights[row]! : 0) || 0);

  test("are −t, times what it is weighted by, until an example has been trained on", () => {
    const memory = new DelayedErrors(trainableOf("f3"));
    const taken = () => [...memory.take(examples, "labels", rows(2, 0))].map((value) => value || 0);
    expect(taken()).toEqual([...hot(2), ...hot(0)]);
    memory.put(rows(0), Float32Array.of(1, 2, 3));
    expect(taken()).toEqual([...hot(2), 1, 2, 3]);
    memory.put(rows(2, 0), Float32Array.of(4, 5, 6, 7, 8, 9));
    expect(taken()).toEqual([4, 5, 6, 7, 8, 9]);
  });

  test("are found by an example's number, where that is not its row", () => {
    const memory = new DelayedErrors(trainableOf("f3"));
    memory.take(examples, "labels", rows(6), rows(1));
    memory.put(rows(1), Float32Array.of(1, 2, 3));
    expect([...memory.take(examples, "labels", rows(4), rows(1))]).toEqual([1, 2, 3]);
    expect(memory.values).toHaveLength(2 * OUTPUTS);
  });

  test("go on from what they were, copied", () => {
    const memory = new DelayedErrors(trainableOf("f3"));
    memory.take(examples, "labels", rows(0, 1));
    memory.put(rows(1), Float32Array.of(1, 2, 3));
    const { values } = memory;
    const resumed = new DelayedErrors(trainableOf("f3"), 1, values);
    resumed.put(rows(1), Float32Array.of(4, 5, 6));
    expect([...values]).toEqual([Number.NaN, Number.NaN, Number.NaN, 1, 2, 3]);
    expect([...memory.take(examples, "labels", rows(1))]).toEqual([1, 2, 3]);
    expect([...resumed.take(examples, "labels", rows(1))]).toEqual([4, 5, 6]);
    expect(() => new DelayedErrors(trainableOf("f3"), 2, values.subarray(1))).toThrow(
      'Slot "delayedErrors": expected 6 values for each example, received 5 in all.',
    );
  });

  test("of examples that are not there, or not as many, are refused in words", () => {
    const memory = new DelayedErrors(trainableOf("f3"));
    const take = (own: Int32Array, numbers?: Int32Array) => () =>
      memory.take(examples, "labels", own, numbers);
    expect(take(rows(0, 7))).toThrow(
      "Delayed errors: expected rows from 0 to 6, received 7 at position 1.",
    );
    expect(take(rows(0), rows(-1))).toThrow(
      "Delayed errors: expected example numbers from 0, received -1 at position 0.",
    );
    expect(take(rows(0, 1), rows(0))).toThrow(
      "Delayed errors: expected an example number for each of 2 rows, received 1.",
    );
    expect(() => memory.put(rows(0, 1), new Float32Array(3))).toThrow(
      "Delayed errors: expected 3 values for each of 2 examples, received 3 in all.",
    );
    expect(() => memory.put(rows(-1), new Float32Array(3))).toThrow("received -1 at position 0");
    // Of one that was never taken, as where a step had no delayed errors.
    memory.put(rows(4), Float32Array.of(1, 2, 3));
    expect([...memory.take(examples, "labels", rows(4))]).toEqual([1, 2, 3]);
  });

  test("of examples of several rows lie together, and rows of targets are read as they are", () => {
    const memory = new DelayedErrors(trainableOf("f3", "meanSquaredError"), 2);
    const targets = Float32Array.from({ length: 2 * 2 * OUTPUTS }, (_, i) => i);
    const values = { targets, weights: Float32Array.of(1, 2), count: 2 };
    const taken = memory.take(values, "rows", rows(1, 0));
    const expected = [6, 7, 8, 9, 10, 11, 0, 1, 2, 3, 4, 5].map(
      (t, i) => (-t * (i < 6 ? 2 : 1)) / OUTPUTS,
    );
    taken.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 6));
  });
});

test("steps are taken at once up to an example that comes again", () => {
  const until = (batch: number, ...numbers: number[]) =>
    stepsUntilRepeated(Int32Array.from(numbers), batch);
  expect(until(2, 0, 1, 2, 3, 4)).toBe(3);
  expect(until(2, 0, 1, 2, 0, 4)).toBe(1);
  expect(until(2, 0, 0, 1, 2, 3, 3, 1)).toBe(3);
  expect(until(2, 5)).toBe(1);
});
