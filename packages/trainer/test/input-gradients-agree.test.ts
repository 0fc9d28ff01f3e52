import { createNetwork, inputGradient, referenceOps, symbolsOf } from "@bioflax/core";
import {
  inFloat64,
  randomNetworkCase,
  rulesAndLosses,
  type TrainingCase,
  trainingCase,
} from "@bioflax/core/testing";
import { afterEach, describe, expect, test } from "@jest/globals";
import { createCompiledEngine } from "../src/engines/compiled";
import { createEagerEngine } from "../src/engines/eager";
import type { Engine, EngineFactory } from "../src/engines/engine";
import { createXlaEngine } from "../src/engines/xla";
import { setupOf } from "./case-setup";
import { hasXla } from "./xla-plugin";

const optimizer = { name: "sgd", learningRate: 0.1 } as const;
const ofRules = rulesAndLosses.map(([rule, loss]) => trainingCase({ rule, loss, optimizer }));
// Symbols have no gradient.
const random = Array.from({ length: 30 }, (_, seed) => randomNetworkCase(seed)).filter(
  ({ spec }) => symbolsOf(createNetwork(spec)) === undefined,
);
const cases = [...ofRules, ...random];

let engine: Engine | undefined;
afterEach(async () => {
  await engine?.dispose();
  engine = undefined;
});

async function expectTrue(createEngine: EngineFactory, given: TrainingCase) {
  const setup = setupOf(given);
  engine = await createEngine(setup);
  const { test: split } = setup.dataset;
  const rows = Int32Array.from(given.batches[0]?.input ?? [], (_, row) => row);
  const gradients = (await engine.inputGradients?.(split, rows)) ?? new Float32Array();
  const { trainable, parameters, input, target } = inFloat64(given);
  const expected = inputGradient(referenceOps, trainable, parameters, { input, target });
  expect(gradients).toHaveLength(expected.data.length);
  const scale = Math.max(1, ...expected.data.map(Math.abs));
  expected.data.forEach((value, i) => {
    expect(Math.abs((gradients[i] as number) - value) / scale).toBeLessThan(2e-5);
  });
}

describe("the gradient at the input, in float64 and", () => {
  test.each(cases.map((given) => [given.name, given] as const))("compiled: %s", (_name, given) =>
    expectTrue(createCompiledEngine, given),
  );
  test.each(cases.map((given) => [given.name, given] as const))("eager: %s", (_name, given) =>
    expectTrue(createEagerEngine, given),
  );
});

(hasXla ? describe : describe.skip)("the gradient at the input, in float64 and", () => {
  test.each(cases.filter((_, i) => i % 4 === 0).map((given) => [given.name, given] as const))(
    "in XLA: %s",
    (_name, given) => expectTrue(createXlaEngine, given),
  );
});
