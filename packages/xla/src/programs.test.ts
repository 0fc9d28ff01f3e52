import { expect, test } from "@jest/globals";
import { mostSteps } from "./programs";

test("a program holds so many steps that their row numbers stay few", () => {
  expect([mostSteps(32), mostSteps(2 ** 10), mostSteps(2 ** 21)]).toEqual([4096, 1024, 1]);
});
