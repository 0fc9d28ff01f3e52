import { createTrainable } from "@bioflax/core";
import type { AvailableMemory } from "@bioflax/core/node";
import { wholeSplit } from "@bioflax/datasets";
import { describe, expect, test } from "@jest/globals";
import { validateConfig } from "../resolve/resolve";
import { checkDataMemory, checkRunMemory } from "./check-memory";

const machine = (total: number, free = total, isGroup = false): AvailableMemory => ({
  total,
  free,
  isGroup,
});

const split = wholeSplit({
  inputs: new Float32Array(40),
  targets: new Int32Array(4),
  count: 4,
});
const dataset = { train: split, test: split, inputShape: [10] };

/** 10-1000-1000-2 with adam: 1,014,002 weights. */
const trainable = createTrainable({
  spec: {
    inputShape: [10],
    rule: "bp",
    layers: [
      { type: "dense", units: 1000 },
      { type: "dense", units: 1000 },
      { type: "dense", units: 2 },
    ],
  },
  loss: "softmaxCrossEntropy",
  optimizer: { name: "adam", learningRate: 0.1 },
});
const weights = 10 * 1000 + 1000 + 1000 * 1000 + 1000 + 1000 * 2 + 2;
/** Four copies of weights, three of the two moments, a batch of 5, and the data. */
const least = 4 * weights * (4 + 3 * 2) + 4 * 5 * 2002 + 160;

/** What is warned of, or the error. */
function check(memory: AvailableMemory): string[] {
  const warnings: string[] = [];
  try {
    checkRunMemory(trainable, dataset, 5, memory, (message) => warnings.push(message));
    return warnings;
  } catch (error) {
    return [String(error)];
  }
}

// Reported: sizes were refused by a fixed bound, never by what the machine or the control group has.
describe("a run", () => {
  test("that fits is nothing to speak of", () => {
    expect(check(machine(1e12))).toEqual([]);
  });

  test("under a rule that remembers each example's error has room for that, too", () => {
    const count = 100_000;
    const examples = {
      inputs: new Float32Array(10 * count),
      targets: new Int32Array(count),
      count,
    };
    const split = wholeSplit(examples);
    const delayed = createTrainable({
      spec: { inputShape: [10], rule: "f3", layers: [{ type: "dense", units: 2 }] },
      loss: "softmaxCrossEntropy",
      optimizer: { name: "sgd", learningRate: 0.1 },
    });
    const data = { train: split, test: split, inputShape: [10] };
    expect(() => checkRunMemory(delayed, data, 5, machine(1), () => {})).toThrow(
      "0.0 MB for copies of the weights, 2.4 MB for the examples' errors, 0.0 MB for a batch, 4.0 MB for the data",
    );
  });

  test("that cannot fit is refused with the estimate and what there is", () => {
    expect(check(machine(least))).not.toEqual([expect.stringContaining("BioflaxError")]);
    expect(check(machine(least - 1))).toEqual([
      "BioflaxError: The network does not fit into memory: expected a run of at most 40.6 MB, what this machine has, " +
        "received one of at least 40.6 MB (16.2 MB for copies of the weights, 24.3 MB for the optimizer's memory, 0.0 MB for a batch, " +
        "0.0 MB for the data). Make the network or --batch-size smaller.",
    ]);
    expect(check(machine(1e6, 1e6, true))[0]).toContain(
      "what its control group allows this process",
    );
  });

  test("that may not fit is warned of", () => {
    expect(check(machine(1e12, 3 * least - 1000))).toEqual([
      expect.stringMatching(
        /^memory may run out: such a run takes about 121\.8 MB, and at least 40\.6 MB .*; 121\.8 MB of 1000\.0 GB, what this machine has, are free now$/,
      ),
    ]);
    expect(check(machine(1e12, 3 * least))).toEqual([]);
  });
});

test("data that cannot fit is refused before it is made", () => {
  const config = validateConfig({
    dataset: "teacher",
    seqLen: 90,
    batchSize: 100,
    trainSetSize: 1000,
  });
  const bytes = 4 * (90 + 10) * 100 * 1010;
  expect(() => checkDataMemory(config, machine(bytes))).not.toThrow();
  expect(() => checkDataMemory(config, machine(bytes - 1))).toThrow(
    "--train-set-size, --test-set-size and --batch-size: expected data of at most 40.4 MB, what this machine has, received at least 40.4 MB.",
  );
  expect(() => checkDataMemory(validateConfig({ dataset: "mnist" }), machine(1))).not.toThrow();
});
