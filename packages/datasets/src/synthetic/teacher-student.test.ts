import {
  activations,
  createNetwork,
  float64Tensor,
  initializeWeights,
  Random,
  referenceOps,
} from "@bioflax/core";
import { describe, expect, test } from "@jest/globals";
import { takeInputs, takeTargets } from "../take";
import { teacherStudent } from "./teacher-student";

/** The teacher's kernels for a seed, drawn as the data set draws them. */
function kernelsOf(
  seed: number,
  features: number,
  outputs: number,
  hidden: readonly number[] = [64, 32],
): Float32Array[] {
  const network = createNetwork({
    inputShape: [features],
    layers: [...hidden, outputs].map((units) => ({ type: "dense", units, useBias: false })),
    rule: "bp",
  });
  return Object.values(initializeWeights(network, new Random(seed, "teacher").uint32()));
}

/** A row through a kernel, [in, units], written out. */
const through = (row: readonly number[], kernel: Float32Array): number[] => {
  const units = kernel.length / row.length;
  return Array.from({ length: units }, (_, j) =>
    row.reduce((sum, x, i) => sum + x * (kernel[i * units + j] as number), 0),
  );
};

describe("teacherStudent", () => {
  test("has the sizes asked for", () => {
    const data = teacherStudent({
      batchSize: 4,
      trainSetSize: 5,
      testSetSize: 3,
      inDim: 2,
      seqLen: 6,
      outputs: 3,
      valSplit: 0.25,
    });
    expect(data).toMatchObject({
      name: "teacher-student",
      task: "regression",
      inputShape: [2, 6],
      targetShape: [2, 3],
      outputs: 3,
    });
    expect([data.train, data.validation, data.test].map((split) => split?.indices.length)).toEqual([
      15, 5, 12,
    ]);
    expect([data.train.examples.inputs.length, data.train.examples.targets.length]).toEqual([
      20 * 12,
      20 * 6,
    ]);
    expect(teacherStudent({ batchSize: 1 }).outputs).toBe(10);
  });

  test.each([
    ["sigmoid", (x: number) => 1 / (1 + Math.exp(-x))],
    ["tanh", Math.tanh],
    ["relu", (x: number) => Math.max(0, x)],
  ] as const)(
    "targets are those of a %s network with layers of 64 and 32, row by row",
    (activation, phi) => {
      const data = teacherStudent({
        batchSize: 3,
        inDim: 2,
        seqLen: 4,
        outputs: 5,
        activation,
        seed: 7,
      });
      const [first, second, third] = kernelsOf(7, 4, 5) as [
        Float32Array,
        Float32Array,
        Float32Array,
      ];
      for (const { examples, indices } of [data.train, data.test]) {
        const rows = indices.subarray(0, 4);
        const [inputs, targets] = [takeInputs(examples, rows), takeTargets(examples, rows)];
        for (let row = 0; row < 2 * rows.length; row++) {
          const hidden = through([...inputs.subarray(row * 4, row * 4 + 4)], first).map((x) =>
            phi(x),
          );
          const output = through(
            through(hidden, second).map((x) => phi(x)),
            third,
          );
          for (const [j, y] of output.entries()) expect(targets[row * 5 + j]).toBeCloseTo(y, 6);
        }
      }
    },
  );

  test("hidden layers may be others: two erf units, of normal inputs", () => {
    const data = teacherStudent({
      batchSize: 200,
      trainSetSize: 10,
      seqLen: 20,
      outputs: 1,
      hiddenLayers: [2],
      activation: "erf",
      inputs: "normal",
      seed: 3,
    });
    const inputs = data.train.examples.inputs as Float32Array;
    const mean = (power: number) => inputs.reduce((sum, x) => sum + x ** power, 0) / inputs.length;
    expect(mean(1)).toBeCloseTo(0, 1);
    expect(mean(2)).toBeCloseTo(1, 1);
    expect(mean(4)).toBeCloseTo(3, 0);
    const [first, second] = kernelsOf(3, 20, 1, [2]) as [Float32Array, Float32Array];
    const hidden = through([...inputs.subarray(0, 20)], first);
    const erf = activations.get("erf").forward(referenceOps, float64Tensor(hidden, [1, 2])).data;
    const [y] = through([...erf], second);
    expect(data.train.examples.targets[0]).toBeCloseTo(y as number, 6);
  });

  test("every activation works, by every name, and none gives another's targets", () => {
    const targetsOf = (activation: string) =>
      teacherStudent({ batchSize: 2, trainSetSize: 2, activation }).train.examples.targets;
    // No unit's input reaches 6 here, and below it relu6 is relu.
    const names = activations.names().filter((name) => name !== "relu6");
    const all = names.map(targetsOf);
    for (const targets of all) expect(targets.every(Number.isFinite)).toBe(true);
    expect(new Set(all.map(String)).size).toBe(all.length);
    expect(targetsOf("swish")).toEqual(targetsOf("silu"));
  });

  test("inputs are spread over [−1, 1)", () => {
    const inputs = teacherStudent({ batchSize: 100, trainSetSize: 10, testSetSize: 1 }).train
      .examples.inputs as Float32Array;
    const sorted = inputs.slice().sort();
    expect(sorted[0]).toBeGreaterThanOrEqual(-1);
    expect(sorted.at(-1)).toBeLessThan(1);
    const distance = Math.max(...sorted.map((x, i) => Math.abs((x + 1) / 2 - i / sorted.length)));
    expect(distance).toBeLessThan(1.63 / Math.sqrt(sorted.length));
  });

  test("the seed decides everything: inputs, split and teacher", () => {
    const data = teacherStudent({ batchSize: 10, seed: 5 });
    expect(teacherStudent({ batchSize: 10, seed: 5 })).toEqual(data);
    const other = teacherStudent({ batchSize: 10, seed: 6 });
    expect(other.train.examples.inputs).not.toEqual(data.train.examples.inputs);
    expect(other.validation?.indices).not.toEqual(data.validation?.indices);
    expect(kernelsOf(6, 1, 10)).not.toEqual(kernelsOf(5, 1, 10));
  });

  test("a student of the teacher's sizes and the run's seed does not start as the teacher", () => {
    const student = createNetwork({
      inputShape: [1],
      layers: [{ type: "dense", units: 64 }],
      rule: "bp",
    });
    expect(initializeWeights(student, 0)["layers.0.kernel"]).not.toEqual(kernelsOf(0, 1, 10)[0]);
  });

  test.each([
    [
      { batchSize: 0 },
      'teacherStudent: expected "batchSize" to be a whole number from 1, received 0.',
    ],
    [
      { batchSize: 1, outputs: 0 },
      'teacherStudent: expected "outputs" to be a whole number from 1, received 0. Set "outputs" to 1 or more.',
    ],
    [
      { batchSize: 1, activation: "sigmoed" },
      'Unknown activation "sigmoed". Did you mean "sigmoid"?',
    ],
    [
      { batchSize: 1, hiddenLayers: [2, 0] },
      'teacherStudent: expected "hiddenLayers[1]" to be a whole number from 1, received 0.',
    ],
    [
      { batchSize: 1, inputs: "gaussian" as never },
      'teacher-student: expected "inputs" to be one of uniform, normal, received "gaussian".',
    ],
    [{ batchSize: 1, valSplit: -1 }, "expected a validation fraction"],
  ])("refuses %j", (options, message) => {
    expect(() => teacherStudent(options)).toThrow(
      expect.objectContaining({ name: "BioflaxError", message: expect.stringContaining(message) }),
    );
  });
});
