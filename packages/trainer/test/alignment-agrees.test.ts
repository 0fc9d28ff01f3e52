import { type RuleName, rules } from "@bioflax/core";
import { trainingCase } from "@bioflax/core/testing";
import { expect, test } from "@jest/globals";
import { createCompiledEngine } from "../src/engines/compiled";
import { createEagerEngine } from "../src/engines/eager";
import { setupOf } from "./case-setup";

const STEPS = 3;

type Options = Partial<Parameters<typeof trainingCase>[0]>;

const each = (rules.names() as RuleName[]).map((rule): [string, Options] => [rule, { rule }]);
const others: [string, Options][] = [
  ["rules by layer", { layerRules: ["dfa", "wm", "brsf"] }],
  ["three steps of mirroring", { rule: "wm", layer: { mirroring: { steps: 3, rate: 0.05 } } }],
];

// A layer none of whose units is active: its gradients are zero, the rule's as backpropagation's, and have no angle.
const zeros = { kernelInitializer: "zeros", biasInitializer: "zeros" } as const;
const withoutGradient = "layers without a gradient";
others.push([
  withoutGradient,
  { rule: "fa", activations: ["relu", "relu", "identity"], layer: zeros },
]);

// Rules that draw numbers or mirror do so before a step: what is measured must be that step's, in both engines.
test.each([...each, ...others])("both engines measure the same of %s", async (name, options) => {
  const given = trainingCase({
    rule: "bp",
    loss: "softmaxCrossEntropy",
    optimizer: { name: "sgd", learningRate: 0.1 },
    steps: STEPS,
    seed: 2,
    ...options,
  });
  const setup = setupOf(given);
  const { indices } = setup.dataset.train;
  const engines = [
    await createCompiledEngine({ ...setup, device: "auto" }),
    await createEagerEngine({ ...setup, device: "wasm" }),
  ];
  const [compiled, eager] = await Promise.all(
    engines.map(async (engine) => {
      // In two epochs: steps are counted on.
      const first = await engine.trainEpoch(indices.slice(0, 3), { alignmentBatches: 1 });
      const rest = await engine.trainEpoch(indices.slice(3), { alignmentBatches: 2 });
      await engine.dispose();
      return [...first.alignment, ...rest.alignment];
    }),
  );
  expect(compiled).toHaveLength(STEPS);
  compiled?.forEach((values, step) => {
    expect(Object.keys(eager?.[step] ?? {}).sort()).toEqual(Object.keys(values).sort());
    for (const [measure, value] of Object.entries(values)) {
      // Four digits behind the point, of large ratios fewer: float32 has seven in all.
      const size = Math.max(1, Math.abs(value));
      const seen = eager?.[step]?.[measure] as number;
      expect([measure, Number.isNaN(value) ? seen : seen / size]).toEqual([
        measure,
        Number.isNaN(value) ? Number.NaN : expect.closeTo(value / size, 4),
      ]);
    }
    expect(Object.values(values).some(Number.isNaN)).toBe(name === withoutGradient);
  });
});
