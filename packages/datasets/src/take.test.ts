import { describe, expect, test } from "@jest/globals";
import type { Examples } from "./dataset";
import { takeInputs, takeTargets } from "./take";

const images: Examples = {
  inputs: Uint8Array.of(0, 255, 51, 102, 1, 2),
  targets: Int32Array.of(7, 8, 9),
  count: 3,
};
const values: Examples = {
  inputs: Float32Array.of(1, 2, 3, 4),
  targets: Float32Array.of(0.5, 1.5, 2.5, 3.5, 4.5, 5.5),
  count: 2,
};

describe("takeInputs", () => {
  test("converts pixels to float32 as they are", () => {
    expect(takeInputs(images, Int32Array.of(2, 0))).toEqual(Float32Array.of(1, 2, 0, 255));
  });

  test.each([
    ["pixels", images, Int32Array.of(1, 0), [51, 102, 0, 255]],
    ["values", values, Int32Array.of(1, 1), [3, 4, 3, 4]],
  ])("normalises %s: (raw · scale − mean) / standardDeviation", (_, examples, rows, raw) => {
    const normalization = { scale: 1 / 255, mean: 0.1307, standardDeviation: 0.3081 };
    expect(takeInputs(examples, rows, normalization)).toEqual(
      Float32Array.from(raw, (x) => (x / 255 - 0.1307) / 0.3081),
    );
  });

  test("copies: changing what was taken leaves the storage alone", () => {
    takeInputs(values, Int32Array.of(0)).fill(9);
    expect(values.inputs).toEqual(Float32Array.of(1, 2, 3, 4));
  });
});

describe("takeTargets", () => {
  test("labels stay int32", () => {
    expect(takeTargets(images, Int32Array.of(2, 2, 0))).toEqual(Int32Array.of(9, 9, 7));
  });

  test("values stay float32, a row for each example", () => {
    expect(takeTargets(values, Int32Array.of(1, 0))).toEqual(
      Float32Array.of(3.5, 4.5, 5.5, 0.5, 1.5, 2.5),
    );
  });
});

test.each([
  ["takeInputs", () => takeInputs(images, Int32Array.of(0, 3)), 3],
  ["takeTargets", () => takeTargets(images, Int32Array.of(-1)), -1],
])("%s refuses a row the storage does not have", (who, take, row) => {
  expect(take).toThrow(
    expect.objectContaining({
      name: "BioflaxError",
      message: `${who}: expected row numbers from 0 to 2, received ${row}. Take the rows from a split of these examples.`,
    }),
  );
});
