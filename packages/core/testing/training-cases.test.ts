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

  test("have an optimizer that nobody has written cases for, with its examples, held against its own maths where its step is not written out", () => {
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
      // It is sgd under another name: what its own maths comes to is what sgd's comes to, written out in loops.
      for (const given of own) {
        const written = { ...given, optimizer: { ...given.optimizer, name: "sgd" as const } };
        const [received, expected] = [given, written].map((one) =>
          plainTrain(one, one.weights, one.batches),
        );
        expected!.losses.forEach((loss, step) =>
          expect(received!.losses[step]).toBeCloseTo(loss, 12),
        );
      }
    } finally {
      optimizers.remove("newcomer");
    }
  });
});
