import { describe, expect, test } from "@jest/globals";
import {
  createNetwork,
  everyLearningOption,
  getRule,
  initializeWeights,
  type KernelOptions,
  type LearningOptions,
  learningOptionsFor,
  rules,
} from "../index";
import { type LearningOptionTable, learningOptions } from "./learning-options";
import { refusalOf } from "./options";

const networkOf = (options: object, rule = "fa") =>
  createNetwork({
    inputShape: [3],
    rule,
    layers: [{ type: "dense", units: 2, ...(options as KernelOptions) }],
  });

describe("every option of how layers learn", () => {
  test.each(everyLearningOption)("%s has cases that core takes", (name, { cases }) => {
    for (const [value, names] of cases) {
      expect(names.length).toBeGreaterThan(0);
      for (const rule of names) {
        expect(() => networkOf({ [name]: value }, rule)).not.toThrow();
        expect(learningOptionsFor({ [name]: value }, getRule(rule))).toEqual({ [name]: value });
      }
    }
  });

  test.each(everyLearningOption)("%s refuses what is no value of it", (name) => {
    // Initializers are looked at when weights are drawn.
    expect(() => initializeWeights(networkOf({ [name]: Number.NaN }), 0)).toThrow(
      name === "feedbackInitializer" ? "Unknown initializer" : name,
    );
  });
});

test.each<[LearningOptions | object, string]>([
  [{ clipNorm: 0 }, "Layer 0: clipNorm: expected a number above 0, received 0."],
  [{ constrainNorm: "yes" }, 'Layer 0: constrainNorm: expected true or false, received "yes".'],
  [
    { feedbackProjection: "sparse" },
    'Layer 0: feedbackProjection: expected one of dense, broadcast, received "sparse".',
  ],
  [{ feedbackProjection: "broadcasts" }, 'received "broadcasts". Did you mean "broadcast"?'],
  [
    { mirroring: { decay: 2 } },
    "Layer 0: mirroring.decay: expected a number from 0 to 1, received 2.",
  ],
  [{ mirroring: { rates: 2 } }, 'mirroring: unknown option "rates". Did you mean "rate"?'],
  [{ mirroring: 3 }, "mirroring: expected an object of options, received 3."],
])("%j: %s", (options, text) => {
  expect(() => networkOf(options)).toThrow(text);
});

test.each(rules.names())(
  "feedbackConnections under %s are refused unless its feedback weights are fixed",
  (name) => {
    const rule = getRule(name);
    const isFixed = rule.hasFeedback && !rule.feedbackGradient && !rule.mirror;
    const reason = refusalOf({ feedbackConnections: 2 }, rule);
    expect(reason === undefined).toBe(isFixed);
    if (reason !== undefined)
      expect(() => networkOf({ feedbackConnections: 2 }, name)).toThrow(
        `the rule "${name}" cannot be used here: ${reason}. Change the option or the rule.`,
      );
    expect(refusalOf({}, rule)).toBeUndefined();
  },
);

test("of options for a whole network a layer has those its rule has a use for, and none that are left out", () => {
  const options = {
    seed: 3,
    clipNorm: null,
    constrainNorm: undefined,
    feedbackInitializer: "ones",
    feedbackConnections: 2,
    mirroring: { rate: 0.1 },
  };
  const of = (rule: string) => learningOptionsFor(options, getRule(rule));
  expect(of("bp")).toEqual({ feedbackInitializer: "ones" });
  expect(of("fa")).toEqual({ feedbackInitializer: "ones", feedbackConnections: 2 });
  expect(of("wm")).toEqual({
    feedbackInitializer: "ones",
    feedbackConnections: 2,
    mirroring: { rate: 0.1 },
  });
});

/** Never run: what follows is checked by tsc, which fails where one of these is no error. */
export function typesRefuse(): void {
  const { clipNorm, ...others } = learningOptions;
  // @ts-expect-error an option without an entry
  others satisfies LearningOptionTable;
  const { cases, ...untried } = clipNorm;
  // @ts-expect-error an option that no engine is tried with
  ({ ...others, clipNorm: untried }) satisfies LearningOptionTable;
  const { setting, ...unsettable } = clipNorm;
  // @ts-expect-error an option that the command line cannot give
  ({ ...others, clipNorm: unsettable }) satisfies LearningOptionTable;
  const misplaced = { ...clipNorm, concerns: "feedbackWeights" } as const;
  // @ts-expect-error an option that is declared to concern something else
  ({ ...others, clipNorm: misplaced }) satisfies LearningOptionTable;
  const mistyped = { ...clipNorm, value: { type: "flag", default: false, doc: "" } } as const;
  // @ts-expect-error a check for values of another type
  ({ ...others, clipNorm: mistyped }) satisfies LearningOptionTable;
}
