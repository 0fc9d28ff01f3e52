import { describe, expect, test } from "@jest/globals";
import { evaluateRun, exportRun, report, resume, train } from "./index";

const as = (value: unknown) => value as never;

// Before anything is read or written: none of these folders is there.
describe("a misspelt option of a function is refused with the nearest", () => {
  test.each<[string, () => Promise<unknown>, string]>([
    [
      "train",
      () => train({}, as({ reporters: {} })),
      'train: unknown option "reporters". Did you mean "reporter"?',
    ],
    [
      "resume",
      () => resume("nowhere", as({ setting: {} })),
      'resume: unknown option "setting". Did you mean "settings"?',
    ],
    [
      "report",
      () => report(["nowhere"], as({ titel: "x" })),
      'report: unknown option "titel". Did you mean "title"?',
    ],
    [
      "exportRun",
      () => exportRun("nowhere", "onnx", as({ weight: "best" })),
      'exportRun: unknown option "weight". Did you mean "weights"?',
    ],
    [
      "evaluateRun",
      () => evaluateRun("nowhere", as({ splits: "test" })),
      'evaluateRun: unknown option "splits". Did you mean "split"?',
    ],
  ])("%s", async (_name, act, text) => {
    await expect(act()).rejects.toThrow(text);
  });
});
