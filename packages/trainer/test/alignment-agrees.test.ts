import { type RuleName, rules } from "@bioflax/core";
import { trainingCase } from "@bioflax/core/testing";
import { wholeSplit } from "@bioflax/datasets";
import { expect, test } from "@jest/globals";
import { createCompiledEngine } from "../src/engines/compiled";
import { createEagerEngine } from "../src/engines/eager";
import type { EngineSetup } from "../src/engines/engine";

const STEPS = 3;

type Options = Partial<Parameters<typeof trainingCase>[0]>;

const each = (Object.keys(rules) as RuleName[]).map((rule): [string, Options] => [rule, { rule }]);
const others: [string, Options][] = [
  ["rules by layer", { layerRules: ["dfa", "wm", "brsf"] }],
  ["three steps of mirroring", { rule: "wm", layer: { mirroring: { steps: 3, rate: 0.05 } } }],
];

// Rules that draw numbers or mirror do so before a step: what is measured must be that step's, in both engines.
test.each([...each, ...others])("both engines measure the same of %s", async (_name, options) => {
  const given = trainingCase({
    rule: "bp",
    loss: "softmaxCrossEntropy",
    optimizer: { name: "sgd", learningRate: 0.1 },
    steps: STEPS,
    seed: 2,
    ...options,
  });
  const all = wholeSplit({
    inputs: Float32Array.from(given.batches.flatMap(({ input }) => input.flat())),
    targets: Int32Array.from(given.batches.flatMap(({ labels }) => labels ?? [])),
    count: STEPS * 3,
  });
  const setup: EngineSetup = {
    ...given,
    dataset: {
      name: "case",
      task: "classification",
      inputShape: given.spec.inputShape,
      targetShape: [],
      outputs: 4,
      train: all,
      test: all,
    },
    batchSize: 3,
    device: "auto",
    threads: 1,
  };
  const engines = [
    await createCompiledEngine(setup),
    await createEagerEngine({ ...setup, device: "wasm" }),
  ];
  const [compiled, eager] = await Promise.all(
    engines.map(async (engine) => {
      // In two epochs: steps are counted on.
      const first = await engine.trainEpoch(all.indices.slice(0, 3), { alignmentBatches: 1 });
      const rest = await engine.trainEpoch(all.indices.slice(3), { alignmentBatches: 2 });
      await engine.dispose();
      return [...first.alignment, ...rest.alignment];
    }),
  );
  expect(compiled).toHaveLength(STEPS);
  compiled?.forEach((values, step) => {
    expect(Object.keys(eager?.[step] ?? {}).sort()).toEqual(Object.keys(values).sort());
    for (const [name, value] of Object.entries(values))
      expect([name, eager?.[step]?.[name]]).toEqual([name, expect.closeTo(value, 4)]);
  });
});
