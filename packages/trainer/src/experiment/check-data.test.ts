import { type Dataset, splitValidation, wholeSplit } from "@bioflax/datasets";
import { expect, test } from "@jest/globals";
import { checkData } from "./check-data";

const examples = (count: number) => ({
  inputs: Float32Array.from({ length: 2 * count }, (_, i) => Math.sin(i)),
  targets: Int32Array.from({ length: count }, (_, i) => i % 2),
  count,
});

const data: Dataset = {
  name: "own",
  task: "classification",
  inputShape: [2],
  targetShape: [],
  outputs: 2,
  ...splitValidation(wholeSplit(examples(10)), 0.2, 0),
  test: wholeSplit(examples(4)),
};

test("data that are as they say pass", () => {
  expect(checkData("own", data)).toBe(data);
  const binary: Dataset = { ...data, outputs: 1, classNames: ["no", "yes"] };
  expect(checkData("own", binary)).toBe(binary);
});

const withTest = (wrong: object) => ({ test: { ...data.test, ...wrong } });
const withExamples = (wrong: object) => withTest({ examples: { ...data.test.examples, ...wrong } });

test.each<[object, string]>([
  [
    { task: "clasification" },
    'its "task" to be one of classification, multi-label, regression, received "clasification".',
  ],
  [
    { inputShape: [0] },
    'its "inputShape" to be a list of whole numbers from 1, such as [784], received [0].',
  ],
  [{ inputShape: [] }, 'its "inputShape" to be a list of whole numbers from 1'],
  [
    { targetShape: 1 },
    'its "targetShape" to be a list of whole numbers from 1, [] for a label, received 1.',
  ],
  [{ outputs: 2.5 }, 'its "outputs" to be a whole number from 1, received 2.5.'],
  [{ classNames: ["a"] }, 'its "classNames" to be 2 names, received ["a"].'],
  [{ test: undefined }, 'its test part to have "indices", an Int32Array, received undefined.'],
  [
    { validation: null },
    'its validation part to have "indices", an Int32Array, received undefined.',
  ],
  [
    withTest({ indices: [0, 1] }),
    'its test part to have "indices", an Int32Array, received [0,1].',
  ],
  [
    withTest({ indices: new Int32Array() }),
    "its test part to have at least one example, received none.",
  ],
  [
    withTest({ indices: Int32Array.of(0, 99) }),
    "its test part to have indices from 0 to 3, received 99.",
  ],
  [
    withTest({ examples: undefined }),
    'its test part to have "examples", an object, received undefined.',
  ],
  [
    withExamples({ count: 0.5 }),
    'its test part to have a "count" of its examples, a whole number from 1, received 0.5.',
  ],
  [
    withExamples({ count: 1000 }),
    'its test part to have 1000 × [2] = 2000 numbers of "inputs", received 8.',
  ],
  [
    withExamples({ inputs: new Float64Array(8) }),
    'its test part to have "inputs", a Uint8Array or Float32Array, received a Float64Array of 8.',
  ],
  [
    withExamples({ targets: [0, 1, 0, 1] }),
    'its test part to have "targets", an Int32Array or Float32Array, received [0,1,0,1].',
  ],
  [
    withExamples({ targets: Int32Array.of(0, 1, 0) }),
    'its test part to have 4 × [] = 4 numbers of "targets", received 3.',
  ],
  [
    withExamples({ weights: new Float32Array(3) }),
    'its test part to have "weights", a Float32Array of 4 numbers, received a Float32Array of 3.',
  ],
  [
    withExamples({ inputs: Float32Array.of(0, 0, 0, Number.NaN, 0, 0, 0, 0) }),
    "its test part to have finite numbers alone as inputs, received NaN in example 1.",
  ],
  [
    withExamples({ targets: Float32Array.of(0, 0, Number.POSITIVE_INFINITY, 0) }),
    "its test part to have finite numbers alone as targets, received Infinity in example 2.",
  ],
])("data with %j are refused", (wrong, message) => {
  expect(() => checkData("own", { ...data, ...wrong } as Dataset)).toThrow(
    `Data set "own": expected ${message}`,
  );
});

test.each([undefined, null, 3])("a load that comes to %p is refused", (loaded) => {
  expect(() => checkData("own", loaded as never)).toThrow(
    `Data set "own": expected its load to return a data set, received ${loaded}.`,
  );
});
