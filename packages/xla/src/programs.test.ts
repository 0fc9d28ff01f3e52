import { expect, test } from "@jest/globals";
import { mostSteps } from "./programs";

const most = (batch: number, wanted: number, largestBatch = batch) =>
  mostSteps({ batch, largestBatch }, wanted);

test("a program holds few steps until more are asked for at a time", () => {
  expect([most(32, 45), most(32, 256), most(32, 257), most(32, 1e6)]).toEqual([
    256, 256, 4096, 4096,
  ]);
});

test("its row numbers stay few, and the last, smaller batch is one step", () => {
  expect([most(2 ** 13, 1e6), most(2 ** 21, 10)]).toEqual([128, 1]);
  expect(most(7, 1, 32)).toBe(1);
});
