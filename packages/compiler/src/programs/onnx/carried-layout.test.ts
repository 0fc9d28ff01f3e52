import { expect, test } from "@jest/globals";
import { LONG_REDUCTION } from "../../graph/passes/split-sums";
import { TRANSPOSED } from "../../graph/value";
import { carriedLayout } from "./carried-layout";
import type { WeightUse } from "./weight-uses";

const use = { size: 16, fewest: 0, mostPadding: 100 };
const axisOf = (kind: WeightUse["kind"], extents: WeightUse["extents"]) =>
  carriedLayout(use, { kind, extents }).blocks?.axis;

test("in blocks: as filters for the first product that reads a weight, a bias beside it", () => {
  expect(axisOf("factor", [32, 100, 50])).toBe(1);
  expect(axisOf("transposed", [32, 50, 100])).toBe(0);
  expect(axisOf("addend", [32, 100, 50])).toBe(0);
});

test("in blocks: from so many rows on, all that a gradient teaches lies as it does", () => {
  expect(axisOf("transposed", [LONG_REDUCTION, 50, 100])).toBe(1);
  expect(axisOf("sum", [100, LONG_REDUCTION, 50])).toBe(1);
  expect(axisOf("sum", [100, LONG_REDUCTION - 1, 50])).toBe(0);
});

test("in rows: transposed where it is the larger factor of h·W", () => {
  expect(carriedLayout(undefined, { kind: "factor", extents: [32, 10, 33] }).order).toBe(
    TRANSPOSED,
  );
  expect(carriedLayout(undefined, { kind: "factor", extents: [32, 10, 32] }).order).toBeUndefined();
  expect(
    carriedLayout(undefined, { kind: "transposed", extents: [32, 10, 33] }).order,
  ).toBeUndefined();
});

test("a weight that no product reads lies as it is", () => {
  expect(carriedLayout(use, undefined)).toEqual({});
  const small = { ...use, fewest: 10_000 };
  expect(carriedLayout(small, { kind: "addend", extents: [2, 3, 4] })).toEqual({
    order: undefined,
  });
});
