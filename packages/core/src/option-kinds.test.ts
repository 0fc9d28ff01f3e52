import { describe, expect, test } from "@jest/globals";
import { BioflaxError } from "./errors";
import { checkOption, type OptionKind } from "./option-kinds";

const direction: OptionKind = { type: "word", words: { up: true, down: true } };

describe("an option's value", () => {
  test.each<[OptionKind, readonly unknown[]]>([
    [{ type: "wholeNumber", from: 1 }, [1, 7]],
    [{ type: "wholeNumber", from: 0 }, [0]],
    [{ type: "number", from: 0, to: 1 }, [0, 0.5, 1]],
    [{ type: "positive" }, [1e-9, 1e9]],
    [{ type: "flag" }, [true, false]],
    [direction, ["up", "down"]],
  ])("%j takes %j, and being left out", (kind, values) => {
    for (const value of [...values, undefined])
      expect(() => checkOption("option", value, kind)).not.toThrow();
  });

  test.each<[OptionKind, readonly unknown[], string]>([
    [{ type: "wholeNumber", from: 1 }, [0, 1.5, "1", null, Number.NaN], "a whole number from 1"],
    [{ type: "number", from: 0, to: 1 }, [-0.1, 1.1, "1", Number.NaN], "a number from 0 to 1"],
    [{ type: "positive" }, [0, -1, Number.POSITIVE_INFINITY, "1"], "a number above 0"],
    [{ type: "flag" }, ["yes", 1, null], "true or false"],
    [direction, ["left", "toString", 1], '"up" or "down"'],
  ])("%j refuses %j", (kind, values, expected) => {
    for (const value of values) {
      expect(() => checkOption("option", value, kind)).toThrow(BioflaxError);
      expect(() => checkOption("option", value, kind)).toThrow(
        `option: expected ${expected}, received `,
      );
    }
  });
});
