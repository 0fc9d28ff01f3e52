import { expect, test } from "@jest/globals";
import { classOf } from "./class-of";

test("outputs name the class of the largest, the first of equal ones", () => {
  expect(classOf([0, 3, 1])).toBe(1);
  expect(classOf([2, 5, 5])).toBe(1);
});

test("a single output names class 1 where it is above 0", () => {
  expect([-1, 0, 0.1].map((output) => classOf([output]))).toEqual([0, 0, 1]);
});
