import { describe, expect, test } from "@jest/globals";
import { recordOf } from "../test/records";
import { epochsOf, lineOf } from "./lines";

const recordsUpTo = (epochs: number, shift = 0) =>
  Array.from({ length: epochs }, (_, i) => recordOf(i + 1, shift));

describe("the epochs of a chart", () => {
  test("are those of the longest run", () => {
    expect(epochsOf([{ records: recordsUpTo(2) }, { records: recordsUpTo(3) }])).toEqual([1, 2, 3]);
    expect(epochsOf([{ records: [] }])).toEqual([]);
  });

  test("are chosen evenly where there are too many, the first and the last among them", () => {
    const epochs = epochsOf([{ records: recordsUpTo(1000) }], 5);
    expect(epochs).toEqual([1, 251, 501, 750, 1000]);
  });
});

describe("a line", () => {
  test("is the mean of the runs that got so far", () => {
    const runs = [{ records: recordsUpTo(1, 0) }, { records: recordsUpTo(2, 1) }];
    const [line] = lineOf("kp", 3, runs, [1, 2], ({ train }) => train.loss);
    expect(line).toMatchObject({ name: "kp", slot: 3 });
    expect(line?.points).toEqual([
      { n: 2, mean: 2.5, sd: Math.SQRT1_2 },
      { n: 1, mean: 2 },
    ]);
  });

  test("has a gap where nothing was finite, and is none where nothing was measured", () => {
    const broken = { ...recordOf(2), train: { loss: Number.NaN } };
    const runs = [{ records: [recordOf(1), broken, recordOf(3)] }];
    const [line] = lineOf("", 0, runs, [1, 2, 3], ({ train }) => train.loss);
    expect(line?.points.map((point) => point?.mean)).toEqual([2, undefined, 2 / 3]);
    expect(lineOf("", 0, runs, [1, 2, 3], () => undefined)).toEqual([]);
  });
});
