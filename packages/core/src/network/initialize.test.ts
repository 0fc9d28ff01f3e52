import { expect, test } from "@jest/globals";
import type { RuleName } from "../rules/registry";
import { initializeWeights, withFeedback } from "./initialize";
import { createNetwork } from "./network";

const network = (rule: RuleName) =>
  createNetwork({
    inputShape: [2],
    rule,
    layers: [
      { type: "dense", units: 3, feedbackInitializer: { name: "uniform", scale: 0.5 } },
      { type: "batchNormalization" },
      { type: "dense", units: 4 },
    ],
  });

test.each<[RuleName, RuleName]>([
  ["bp", "fa"],
  ["fa", "bp"],
  ["fa", "kp"],
  ["fa", "dfa"],
  ["dfa", "fa"],
])(
  "a network's weights from those of one under another rule, and only its own: %s → %s",
  (from, to) => {
    const given = initializeWeights(network(from), 1);
    const [own, drawn] = [1, 2].map((seed) => initializeWeights(network(to), seed));
    const expected = Object.fromEntries(
      Object.keys(own!).map((name) => [
        name,
        given[name]?.length === own![name]!.length ? given[name] : drawn![name],
      ]),
    );
    const fitted = withFeedback(network(to), given, 2);
    expect(fitted).toEqual(expected);
    expect(Object.keys(fitted)).toEqual(Object.keys(own!));
  },
);

test("nothing else is made up", () => {
  const { "layers.0.kernel": _kernel, ...rest } = initializeWeights(network("fa"), 1);
  expect(withFeedback(network("fa"), rest, 2)).toEqual(rest);
});
