import {
  createTrainable,
  layers,
  type OptimizerSpec,
  rules,
  slotNames,
  type TrainingSnapshot,
} from "@bioflax/core";
import {
  convolutionCases,
  everyNth,
  recurrentCases,
  scheduleCases,
  type TrainingCase,
  trainingCases,
  transformerCases,
} from "@bioflax/core/testing";
import { expect, test } from "@jest/globals";
import { createCompiledEngine } from "../src/engines/compiled";
import { createEagerEngine } from "../src/engines/eager";
import type { EngineFactory, EngineSetup } from "../src/engines/engine";
import { createXlaEngine } from "../src/engines/xla";
import { setupOf } from "./case-setup";
import { hasXla } from "./xla-plugin";

const STEPS = 4;

const engines: Readonly<Record<string, EngineFactory>> = {
  compiled: createCompiledEngine,
  eager: (setup) => createEagerEngine({ ...setup, device: "cpu" }),
  ...(hasXla && { xla: createXlaEngine }),
};

const optimizers: readonly OptimizerSpec[] = [
  { name: "adam", learningRate: 0.01, weightDecay: 0.001 },
  { name: "sgd", learningRate: 0.01, momentum: 0.9, nesterov: true },
  { name: "rmsprop", learningRate: 0.01, momentum: 0.5 },
];

/** What a case has that a snapshot could miss. */
const partsOf = ({ spec }: TrainingCase) => [spec.rule, ...spec.layers.map(({ type }) => type)];

/**
 * Cases that together have every kind of layer, and noise, and every rule: each has some that those before it have not.
 */
const seen = new Set<string>();
const cases = [
  ...convolutionCases({ steps: STEPS }),
  ...recurrentCases({ steps: STEPS }),
  ...transformerCases({ steps: STEPS }),
  ...trainingCases({ steps: STEPS }),
].filter((given) => {
  const before = seen.size;
  for (const part of partsOf(given)) seen.add(part);
  return seen.size > before;
});

/** Each with some optimizer and schedule. */
const setups = cases.map((given, i): [string, EngineSetup] => {
  const schedule = scheduleCases[i % scheduleCases.length]!;
  const optimizer = { ...optimizers[i % optimizers.length]!, schedule };
  return [given.name, { ...setupOf(given), optimizer }];
});

/** XLA compiles each for itself, which takes most of the time: there every fifth, all with `BIOFLAX_EVERY_CASE=1`. */
const setupsFor = (engine: string) => (engine === "xla" ? everyNth(setups, 5) : setups);

/** Trains on some of a setup's batches, one after another. */
async function train(createEngine: EngineFactory, setup: EngineSetup, from: number, to: number) {
  const engine = await createEngine(setup);
  try {
    const rows = setup.dataset.train.indices.subarray(from * setup.batchSize, to * setup.batchSize);
    const { losses } = await engine.trainEpoch(rows, { alignmentBatches: 0 });
    return { losses: [...losses], snapshot: await engine.snapshot() };
  } finally {
    await engine.dispose();
  }
}

const bitsOf = ({ weights, slots, stepsTaken }: TrainingSnapshot) => [
  stepsTaken,
  ...Object.entries({ ...weights, ...slots }).map(
    ([name, values]) => `${name} ${Buffer.from(values.buffer).toString("hex")}`,
  ),
];

const close = (one: TrainingSnapshot, other: TrainingSnapshot) => {
  for (const [name, values] of Object.entries({ ...one.weights, ...one.slots })) {
    const others = { ...other.weights, ...other.slots }[name]!;
    const scale = Math.max(1e-3, ...values.map(Math.abs));
    values.forEach((value, i) => expect(Math.abs(value - others[i]!) / scale).toBeLessThan(1e-3));
  }
};

test.each(Object.entries(engines))(
  "%s: an engine made with a snapshot takes the very steps that would have come, whatever is trained",
  async (engine, createEngine) => {
    for (const [name, setup] of setupsFor(engine)) {
      const undisturbed = await train(createEngine, setup, 0, STEPS);
      const first = await train(createEngine, setup, 0, 2);
      const rest = await train(createEngine, { ...setup, ...first.snapshot }, 2, STEPS);
      expect([name, ...first.losses, ...rest.losses]).toEqual([name, ...undisturbed.losses]);
      expect([name, ...bitsOf(rest.snapshot)]).toEqual([name, ...bitsOf(undisturbed.snapshot)]);
    }
  },
  300_000,
);

test("a snapshot has the same names and shapes in all engines, and each goes on from the others'", async () => {
  const [, setup] = setups.at(-1)!;
  const { network, optimizer } = createTrainable(setup);
  const slots = network.parameters.flatMap((info) => slotNames(info, optimizer));
  expect(slots.length).toBeGreaterThan(0);
  const undisturbed = await train(createCompiledEngine, setup, 0, STEPS);
  for (const [name, one] of Object.entries(engines)) {
    const { snapshot } = await train(one, setup, 0, 2);
    expect(Object.keys(snapshot.slots).sort()).toEqual(slots.sort());
    for (const [otherName, other] of Object.entries(engines)) {
      if (otherName === name) continue;
      const rest = await train(other, { ...setup, ...snapshot }, 2, STEPS);
      expect(rest.snapshot.stepsTaken).toBe(STEPS);
      close(undisturbed.snapshot, rest.snapshot);
    }
  }
});

test.each(Object.entries(engines))(
  "%s refuses a snapshot that does not fit",
  async (_name, make) => {
    const [, setup] = setups[0]!;
    const { snapshot } = await train(make, setup, 0, 1);
    const [slot] = Object.keys(snapshot.slots) as [string];
    const slots = { ...snapshot.slots, [slot]: new Float32Array(1) };
    await expect(make({ ...setup, ...snapshot, slots })).rejects.toThrow(`"${slot}"`);
    const { [slot]: _gone, ...others } = snapshot.slots;
    await expect(make({ ...setup, ...snapshot, slots: others })).rejects.toThrow(`"${slot}"`);
  },
);

test("every rule and every kind of layer is among them", () => {
  expect(seen).toEqual(new Set([...rules.names(), ...layers.names()]));
  expect(setups.length).toBeGreaterThan(optimizers.length);
});
