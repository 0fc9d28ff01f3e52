import { describe, expect, test } from "@jest/globals";
import { angleScale, fittingScale, linearScale } from "./scale";

describe("axes", () => {
  test.each([
    [
      [0.13, 0.97],
      [0, 0.2, 0.4, 0.6, 0.8, 1],
    ],
    [
      [0.61, 0.98],
      [0.6, 0.7, 0.8, 0.9, 1],
    ],
    [
      [1.005034, 1.005046],
      [1.005, 1.01],
    ],
    [
      [3, 3],
      [3, 4],
    ],
    [
      [0, 0],
      [0, 0.2],
    ],
    [
      [-2, 2],
      [-2, -1, 0, 1, 2],
    ],
  ])("%j", (values, ticks) => {
    expect(linearScale(values, [0, 100]).ticks).toEqual(ticks);
  });

  test("of epochs have whole numbers", () => {
    expect(linearScale([1, 3], [0, 100], { whole: true }).ticks).toEqual([1, 2, 3]);
    expect(linearScale([1], [0, 100], { whole: true }).ticks).toEqual([1, 2]);
    expect(linearScale([1, 20], [0, 100], { whole: true }).ticks).toEqual([1, 5, 10, 15, 20]);
  });

  test("are logarithmic where values span more than two powers of ten", () => {
    const { ticks, place } = fittingScale([0.0002, 0.5], [0, 100]);
    expect(ticks).toEqual([0.0001, 0.001, 0.01, 0.1, 1]);
    expect(place(0.01)).toBeCloseTo(50);
  });

  test("of many powers of ten mark some, and keep the edge of a band that is below zero on them", () => {
    const { ticks, place } = fittingScale([-1, 1e-12, 1], [0, 100], 1e-12);
    expect(ticks).toEqual([1e-12, 1e-10, 1e-8, 1e-6, 1e-4, 1e-2, 1]);
    expect(place(-1)).toBe(0);
    expect(place(1)).toBe(100);
  });

  test("are linear where a value is not positive", () => {
    expect(fittingScale([0, 1000], [0, 100]).ticks).toEqual([0, 200, 400, 600, 800, 1000]);
  });

  test.each([
    [
      [12, 80],
      [0, 30, 60, 90],
    ],
    [
      [-0.5, 178],
      [0, 30, 60, 90, 120, 150, 180],
    ],
  ])("of angles %j begin at 0 and reach a right one", (angles, ticks) => {
    const scale = angleScale(angles, [0, 100]);
    expect(scale.ticks).toEqual(ticks);
    expect(scale.place(-0.5)).toBe(0);
    expect(scale.place(Math.max(...angles))).toBeLessThan(100);
  });
});
