import { expect, test } from "@jest/globals";
import { parseSeeds } from "./seeds";

test.each<[unknown, readonly number[] | undefined]>([
  ["0..4", [0, 1, 2, 3, 4]],
  ["7", [7]],
  [7, [7]],
  ["0,1, 5..6", [0, 1, 5, 6]],
  [
    [3, 1, 3],
    [3, 1],
  ],
  ["", undefined],
  [[], undefined],
  ["4..0", undefined],
  ["0..1e3", undefined],
  ["-1", undefined],
  [1.5, undefined],
  ["1,,2", undefined],
  ["0..99999999", undefined],
  [undefined, undefined],
])("%j are the seeds %j", (given, seeds) => {
  expect(parseSeeds(given)).toEqual(seeds);
});
