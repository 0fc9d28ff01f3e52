import {
  activations,
  defineLoss,
  defineOptimizer,
  descend,
  type Loss,
  losses,
  optimizers,
  type Rule,
  rules,
} from "@bioflax/core";
import { lossContract, optimizerContract, trainingCases } from "@bioflax/core/testing";
import { afterEach, describe, expect, test } from "@jest/globals";
import { describeOptimizerOptions } from "../src/experiment/training";
import { configJsonSchema } from "../src/resolve/json-schema";
import { validateConfig } from "../src/resolve/resolve";
import { runBioflax } from "./run-bioflax";

// Slips that once went unnoticed when something was added: none can be written any more.

const names = ["slip"];
afterEach(() => {
  for (const name of names)
    for (const registry of [rules, losses, optimizers, activations]) registry.remove(name);
});

/** Steps along the sign of the gradient, and has no option at all. */
const optimizer = defineOptimizer({
  name: "slip",
  options: {},
  create: () => ({
    slots: [],
    update: (ops, inputs) => ({
      parameter: descend(ops, inputs, ops.sign(inputs.gradient)),
      slots: [],
    }),
  }),
});

const rule: Rule = { ...(rules.get("fa") as Rule), name: "slip", title: "A slip" };

describe("a new optimizer that runs in no core test", () => {
  test("is in the cases that every engine is held against", () => {
    const ofSlip = () =>
      trainingCases().filter(({ optimizer }) => (optimizer.name as string) === "slip");
    optimizers.add(optimizer);
    expect(ofSlip().length).toBeGreaterThan(0);
  });

  test("cannot be written without options: tsc", () => {
    const { options: _options, ...without } = optimizer;
    // @ts-expect-error Property 'options' is missing
    expect(() => optimizers.add(without)).toThrow('expected its definition to have "options"');
  });
});

describe("an optimizer that takes a momentum without using it", () => {
  test("is refused one it has not, and none is printed as in force", () => {
    optimizers.add(optimizer);
    expect(() => validateConfig({ optimizer: "slip", momentum: 0.9 })).toThrow(
      "config: momentum: expected none with the optimizer slip, which has no such option, received 0.9",
    );
    expect(describeOptimizerOptions(validateConfig({ optimizer: "slip" }))).toEqual([]);
  });

  test("breaks its contract where it says that it has one", () => {
    const idle = defineOptimizer({
      ...optimizer,
      options: { momentum: { type: "number", default: 0, from: 0, below: 1, doc: "momentum" } },
    });
    expect(() => optimizerContract(idle)).toThrow("momentum");
    optimizers.remove("slip");
    expect(() => optimizerContract(optimizer)).not.toThrow();
  });

  test("cannot read one that it does not say it has: tsc", () => {
    defineOptimizer({
      name: "slip",
      options: {},
      // @ts-expect-error Property 'momentum' does not exist
      create: ({ momentum }) => ({
        ...optimizer.create({}),
        fused: { kind: "momentum", momentum, nesterov: false },
      }),
    });
  });
});

describe("a new loss of classes whose predictions are raw values", () => {
  const facts = {
    name: "slip",
    targets: ["classes"],
    elements: <T>(_ops: unknown, output: T) => ({ elements: output, error: output }),
    factor: 1,
    divisor: () => 1,
  } as const;

  test("cannot be defined", () => {
    expect(() => defineLoss(facts)).toThrow(
      "expected its definition to say how probable the outputs make a class",
    );
  });

  test("breaks its contract where it is made by hand", () => {
    const { probabilities: _probabilities, ...silent } = losses.get("softmaxCrossEntropy") as Loss;
    expect(() => lossContract({ ...silent, name: "slip" })).toThrow(
      "it does not say how probable the outputs make them",
    );
  });
});

describe("a new rule that the settings' own tests do not know", () => {
  test("is a choice everywhere at once, without a list to keep", async () => {
    const choices = () => JSON.stringify(configJsonSchema());
    expect(choices()).not.toContain('"slip"');
    const { stderr } = await runBioflax(["config", "--mode", "slip"]);
    expect(stderr).toContain('received "slip"');
    rules.add(rule);
    expect(choices()).toContain('"slip"');
    expect(validateConfig({ mode: "slip" }).mode).toBe("slip");
    expect((await runBioflax(["config", "--mode", "slip"])).stdout).toContain("mode: slip\n");
    expect((await runBioflax(["train", "--help"])).stdout).toContain("slip (A slip)");
    expect((await runBioflax(["config", "--mode", "slp"])).stderr).toContain(
      'Did you mean "slip"?',
    );
    rules.remove("slip");
    expect(choices()).not.toContain('"slip"');
  });

  test("cannot leave out how it carries errors: tsc", () => {
    const { transport: _transport, ...without } = rule;
    // @ts-expect-error Property 'transport' is missing
    expect(() => rules.add(without)).toThrow('expected its definition to have "transport"');
  });
});
