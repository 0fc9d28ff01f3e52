import { describe, expect, test } from "@jest/globals";
import { blobs, colorShapes, sineRegression, spirals, teacherStudent } from "./index";
import { loadMnist } from "./node";

const as = (value: unknown) => value as never;

describe("a misspelt option of a data set is refused with the nearest", () => {
  test.each<[string, () => unknown, string]>([
    [
      "blobs",
      () => blobs(as({ batchSize: 4, clases: 2 })),
      'blobs: unknown option "clases". Did you mean "classes"?',
    ],
    [
      "spirals",
      () => spirals(as({ batchSize: 4, noize: 2 })),
      'spirals: unknown option "noize". Did you mean "noise"?',
    ],
    [
      "colorShapes",
      () => colorShapes(as({ batchSize: 4, normalise: false })),
      'Did you mean "normalize"?',
    ],
    [
      "sineRegression",
      () => sineRegression(as({ batchSize: 4, seqlength: 3 })),
      'sineRegression: unknown option "seqlength".',
    ],
    [
      "teacherStudent",
      () => teacherStudent(as({ batchSize: 4, activations: "relu" })),
      'teacherStudent: unknown option "activations".',
    ],
  ])("%s", (_name, act, text) => expect(act).toThrow(text));

  test("loadMnist", async () => {
    await expect(loadMnist(as({ valsplits: 0.2 }))).rejects.toThrow(
      'mnist: unknown option "valsplits". Did you mean "valSplit"?',
    );
  });
});
