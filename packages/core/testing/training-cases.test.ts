import { activations, defineOptimizer, losses, optimizers, rules, schedules } from "@bioflax/core";
import { describe, expect, test } from "@jest/globals";
import { plainTrain, trainingCases } from "./index";

const textOf = (cases: ReturnType<typeof trainingCases>) =>
  cases.map(({ spec, loss, optimizer }) => JSON.stringify({ spec, loss, optimizer }));

describe("training cases", () => {
  const all = textOf(trainingCases());

  test.each(
    Object.entries({ activations, losses, optimizers, rules, schedules }).flatMap(
      ([kind, registry]) => registry.names().map((name) => [kind, name] as const),
    ),
  )("of %s have %s", (_kind, name) => {
    expect(all.some((text) => text.includes(`"${name}"`))).toBe(true);
  });

  test("have an optimizer that nobody has written cases for, with its examples, and fail without its plain step", () => {
    const { options, create } = optimizers.get("sgd");
    optimizers.add(
      defineOptimizer({ name: "newcomer", options, create, examples: [{ momentum: 0.3 }] }),
    );
    try {
      const own = trainingCases().filter(
        ({ optimizer }) => (optimizer.name as string) === "newcomer",
      );
      expect(own.length).toBeGreaterThan(0);
      expect(own.some(({ optimizer }) => "momentum" in optimizer)).toBe(true);
      const [first] = own as [(typeof own)[number]];
      expect(() => plainTrain(first, first.weights, first.batches)).toThrow(
        'The plain reference has no optimizer "newcomer"',
      );
    } finally {
      optimizers.remove("newcomer");
    }
  });
});
