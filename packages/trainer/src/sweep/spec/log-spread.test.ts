import { expect, test } from "@jest/globals";
import { isSpreadOverPowers } from "./log-spread";

test.each<[unknown[], boolean]>([
  [[0.01, 0.03, 0.1], true],
  [[1e-4, 1e-1], true],
  [[1, 10, 100, 1000], true],
  [[0.1, 0.2, 0.3], false],
  [[1, 5, 10, 15, 20], false],
  [[0, 0.1, 1], false],
  [["a", "b"], false],
  [[5], false],
])("%j: %s", (values, isLog) => {
  expect(isSpreadOverPowers(values)).toBe(isLog);
});
