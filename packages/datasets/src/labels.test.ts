import { BioflaxError } from "@bioflax/core";
import { describe, expect, test } from "@jest/globals";
import { classLabels, countClasses } from "./labels";

describe("classLabels", () => {
  test("are counted from 0, whatever the file counts from", () => {
    expect(classLabels([1, 26, 3], "f", { classes: 26, first: 1, remedy: "" })).toEqual(
      Int32Array.of(0, 25, 2),
    );
    expect(classLabels(Uint8Array.of(0, 255), "f", { remedy: "" })).toEqual(Int32Array.of(0, 255));
  });

  test.each<[string, ArrayLike<number>, { classes?: number; first?: number }, string]>([
    [
      "above the last",
      [0, 47],
      { classes: 47 },
      "from 0 to 46, received 47 for example 1. Mend it.",
    ],
    ["below the first", [0], { classes: 26, first: 1 }, "from 1 to 26, received 0 for example 0."],
    ["below 0", [3, -1], {}, "labels that are whole numbers from 0, received -1 for example 1."],
    ["between two", [0.5], {}, "received 0.5 for example 0."],
    ["that is none", Float32Array.of(Number.NaN), {}, "received NaN for example 0."],
  ])("refuses a label %s", (_, values, numbering, message) => {
    const read = () => classLabels(values, "f", { ...numbering, remedy: "Mend it." });
    expect(read).toThrow(BioflaxError);
    expect(read).toThrow(message);
  });
});

describe("countClasses", () => {
  test("is one more than the largest label of any part", () => {
    expect(countClasses([[0, 1, 2], [46], [3]], "f")).toBe(47);
    expect(countClasses([[0, 1], [255]], "f")).toBe(256);
  });

  test.each([
    ["one class", [[0, 0], [0]], "at least two classes, received 0 for every training example."],
    ["one class in training", [[7, 7], [0]], "received 7 for every training example."],
    ["numbers that count something else", [[0, 20231105]], "received 20231105 among 2 examples"],
  ])("refuses labels of %s", (_, parts, message) => {
    expect(() => countClasses(parts, "f")).toThrow(BioflaxError);
    expect(() => countClasses(parts, "f")).toThrow(message);
  });
});
