import { type ActivationName, activations, getLoss, type OptimizerSpec } from "@bioflax/core";
import {
  everyCase,
  plainTrain,
  rulesAndLosses,
  scheduleCases,
  trainingCase,
} from "@bioflax/core/testing";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { createCompiledEngine } from "../src/engines/compiled";
import { createEagerEngine } from "../src/engines/eager";
import type { EngineFactory } from "../src/engines/engine";
import { createXlaEngine } from "../src/engines/xla";
import { setupOf } from "./case-setup";
import { hasXla } from "./xla-plugin";

const STEPS = 50;

/**
 * The same networks in every run: float32 and float64 part for good where a weight crosses 0 under a rule that takes
 * signs.
 */
const SEED = 20161;

/**
 * At these rates no output saturates within the steps there are; ε keeps rounding from being blown up to a full step.
 */
const optimizers: OptimizerSpec[] = [
  { name: "sgd", learningRate: 0.02 },
  { name: "sgd", learningRate: 0.005, momentum: 0.9, weightDecay: 0.002 },
  { name: "adam", learningRate: 0.003, weightDecay: 0.0001, epsilon: 1e-4 },
];

const networks = fc.record({
  ruleAndLoss: fc.constantFrom(...rulesAndLosses),
  optimizer: fc.constantFrom(...optimizers),
  sizes: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 2, maxLength: 5 }),
  activations: fc.array(fc.constantFrom(...(activations.names() as ActivationName[])), {
    minLength: 3,
    maxLength: 3,
  }),
  useBias: fc.boolean(),
  batch: fc.integer({ min: 1, max: 7 }),
  seed: fc.nat(1000),
  schedule: fc.constantFrom(undefined, ...scheduleCases),
  labelSmoothing: fc.constantFrom(0, 0.1),
});

/** XLA compiles each network for itself, which takes most of the time; its own package has more cases of it. */
test.each<[string, EngineFactory, number]>([
  ["compiled", createCompiledEngine, everyCase ? 80 : 15],
  ["eager", createEagerEngine, everyCase ? 80 : 15],
  ...(hasXla ? [["xla", createXlaEngine, 15] as [string, EngineFactory, number]] : []),
])(
  "%s: networks of any rule, loss, optimizer, schedule, activation and size take 50 steps as the plain float64 loops do",
  async (_name, createEngine, numRuns) => {
    await fc.assert(
      fc.asyncProperty(networks, async (network) => {
        const { ruleAndLoss, optimizer, schedule, labelSmoothing, ...options } = network;
        const [rule, name] = ruleAndLoss;
        const given = trainingCase({
          ...options,
          rule,
          loss: getLoss(name).smoothed ? { name, labelSmoothing } : name,
          optimizer: schedule === undefined ? optimizer : { ...optimizer, schedule },
          steps: STEPS,
        });
        const setup = setupOf(given);
        const expected = plainTrain(given, given.weights, given.batches);
        const engine = await createEngine(setup);
        try {
          const rows = Int32Array.from({ length: STEPS * setup.batchSize }, (_, row) => row);
          const { losses: curve } = await engine.trainEpoch(rows, { alignmentBatches: 0 });
          expected.losses.forEach((value, step) =>
            expect(Math.abs(curve[step]! - value)).toBeLessThan(2e-4 * Math.max(0.1, value)),
          );
          for (const [name, values] of Object.entries(await engine.weights())) {
            const plain = expected.weights[name]!.flat();
            const scale = Math.max(1e-3, ...plain.map(Math.abs));
            plain.forEach((weight, i) =>
              expect(Math.abs(values[i]! - weight) / scale).toBeLessThan(2e-3),
            );
          }
        } finally {
          await engine.dispose();
        }
      }),
      { seed: SEED, numRuns, endOnFailure: true },
    );
  },
);
