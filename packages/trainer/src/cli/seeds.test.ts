import { expect, test } from "@jest/globals";
import { ConfigError } from "../resolve/resolve";
import { parseSeeds } from "./seeds";

test.each<[string, number[]]>([
  ["0..3", [0, 1, 2, 3]],
  ["7", [7]],
  ["1,5,8", [1, 5, 8]],
  ["0..2, 9..10", [0, 1, 2, 9, 10]],
])("seeds %s", (given, seeds) => {
  expect(parseSeeds(given)).toEqual(seeds);
});

test.each([
  ["", 'expected whole numbers and ranges of them, such as 0..9 or 1,5,8, received ""'],
  ["3..1", "such as 0..9"],
  ["0...9", "such as 0..9"],
  ["-1", "such as 0..9"],
  ["0..5,3", "expected each seed once, and 3 is there twice"],
  ["0..5000", "at most 1000 seeds"],
])("refuses %j", (given, message) => {
  expect(() => parseSeeds(given)).toThrow(ConfigError);
  expect(() => parseSeeds(given)).toThrow(message);
});
