import { describe, expect, test } from "@jest/globals";
import type { Split } from "./dataset";
import { batches, epochOrder } from "./epoch-order";

const split: Split = {
  examples: { inputs: new Float32Array(300), targets: new Float32Array(300), count: 300 },
  indices: new Int32Array(200).map((_, i) => 100 + i),
};

describe("epochOrder", () => {
  test("visits every row of the split once", () => {
    const order = epochOrder(split, { seed: 0, epoch: 0 });
    expect(order).not.toEqual(split.indices);
    expect(order.sort()).toEqual(split.indices);
  });

  test("is the same for a seed and epoch, and different for another of either", () => {
    const order = epochOrder(split, { seed: 3, epoch: 7 });
    expect(epochOrder(split, { seed: 3, epoch: 7 })).toEqual(order);
    expect(epochOrder(split, { seed: 4, epoch: 7 })).not.toEqual(order);
    expect(epochOrder(split, { seed: 3, epoch: 8 })).not.toEqual(order);
  });

  test("keeps the split's order when not shuffled, in an array of its own", () => {
    const order = epochOrder(split, { seed: 0, epoch: 5, shuffle: false });
    expect(order).toEqual(split.indices);
    expect(order).not.toBe(split.indices);
  });

  test("refuses a seed that is none", () => {
    expect(() => epochOrder(split, { seed: -1, epoch: 0 })).toThrow("received -1");
  });
});

describe("batches", () => {
  test.each([
    [7, 3, [3, 3, 1]],
    [6, 3, [3, 3]],
    [2, 5, [2]],
    [0, 5, []],
  ])("%d rows in batches of %d", (rows, batchSize, sizes) => {
    const order = new Int32Array(rows).map((_, i) => 10 + i);
    const cut = [...batches(order, batchSize)];
    expect(cut.map((batch) => batch.length)).toEqual(sizes);
    expect(cut.flatMap((batch) => [...batch])).toEqual([...order]);
    for (const batch of cut) expect(batch.buffer).toBe(order.buffer);
  });

  test.each([0, -1, 1.5, Number.NaN])("refuses a batch size of %d at once", (batchSize) => {
    expect(() => batches(new Int32Array(3), batchSize)).toThrow(
      expect.objectContaining({
        name: "BioflaxError",
        message: `batches: expected a batch size that is a whole number from 1, received ${batchSize}.`,
      }),
    );
  });
});
