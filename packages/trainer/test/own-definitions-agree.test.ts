import {
  createTrainable,
  defineOptimizer,
  descend,
  flatten,
  float64Tensor,
  groupByLayer,
  initializeWeights,
  optimizers,
  type Rule,
  referenceOps,
  rules,
  slotNames,
  type TrainingState,
  trainStep,
} from "@bioflax/core";
import { trainingCase } from "@bioflax/core/testing";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { loadEngine } from "../src/engines/load";
import { loadReplicasEngine } from "../src/engines/replicas/load";
import { setupOf } from "./case-setup";
import { enginesHere } from "./xla-plugin";

/**
 * Momentum by the weights of the step before, where others remember the step; and one memory that stays as it is, and one
 * that is what another was.
 */
const heavyBall = defineOptimizer({
  name: "heavyBall",
  options: {},
  create: () => ({
    slots: ["moved", "before", "earlier", "zeros"],
    update(ops, inputs) {
      const { parameter, slots } = inputs;
      const [moved, before, earlier, zeros] = slots as [never, never, never, never];
      const carried = ops.mul(ops.mul(moved, ops.sub(parameter, before)), 0.5);
      const after = ops.add(descend(ops, inputs, inputs.gradient), carried);
      return {
        parameter: ops.add(after, ops.mul(earlier, 0.01)),
        slots: [ops.add(ops.mul(moved, 0), 1), parameter, before, zeros],
      };
    },
  }),
});

/** Leaves what it trains as it is. */
const still = defineOptimizer({
  name: "still",
  options: {},
  create: () => ({
    slots: ["last"],
    update: (_ops, { parameter, gradient }) => ({ parameter, slots: [gradient] }),
  }),
});

/** Weight transport, spelt out: B is W before each step. */
const copied: Rule = {
  ...rules.get("fa"),
  name: "copied",
  mirror: (_ops, { parameters }) => parameters.kernel,
};

/** B falls by the kernel itself. */
const subtracted: Rule = {
  ...rules.get("fa"),
  name: "subtracted",
  feedbackGradient: (_ops, { context }) => context.parameters.kernel,
};

beforeAll(() => {
  for (const one of [heavyBall, still]) optimizers.add(one);
  for (const one of [copied, subtracted]) rules.add(one);
});

afterAll(() => {
  for (const { name } of [heavyBall, still]) optimizers.remove(name);
  for (const { name } of [copied, subtracted]) rules.remove(name);
});

const STEPS = 4;

const caseOf = (rule: string, optimizer: string, seed: number) =>
  trainingCase({
    rule: rule as "fa",
    loss: "softmaxCrossEntropy",
    optimizer: { name: optimizer as "sgd", learningRate: 0.1 },
    steps: STEPS,
    seed,
  });

/** Weights and memory after a case's steps, in float64. */
function expectedOf(given: ReturnType<typeof caseOf>): Record<string, readonly number[]> {
  const trainable = createTrainable(given);
  const { network, optimizer } = trainable;
  const weights = initializeWeights(network, given.seed);
  let state: TrainingState<ReturnType<typeof float64Tensor>> = {
    parameters: groupByLayer(
      network,
      network.parameters.map(({ name, shape }) =>
        float64Tensor(weights[name] as Float32Array, shape),
      ),
    ),
    slots: network.parameters.map((info) =>
      slotNames(info, optimizer).map(() =>
        float64Tensor(new Float64Array(weights[info.name]!.length), info.shape),
      ),
    ),
  };
  given.batches.forEach(({ input, labels = [] }, step) => {
    const batch = {
      input: float64Tensor(input.flat(), [input.length, ...given.spec.inputShape]),
      target: float64Tensor(labels, [input.length]),
    };
    ({ state } = trainStep(referenceOps, trainable, state, {
      ...{ batch, noise: [], rate: 0.1 },
      step: float64Tensor([step + 1], []),
    }));
  });
  const parameters = flatten(network, state.parameters);
  return Object.fromEntries(
    network.parameters.flatMap((info, i) => [
      [info.name, [...parameters[i]!.data]] as const,
      ...slotNames(info, optimizer).map(
        (name, slot) => [name, [...state.slots[i]![slot]!.data]] as const,
      ),
    ]),
  );
}

function expectClose(
  snapshot: { readonly weights: object; readonly slots: object },
  expected: Record<string, readonly number[]>,
) {
  const received = { ...snapshot.weights, ...snapshot.slots } as Record<string, Float32Array>;
  for (const [name, values] of Object.entries(expected)) {
    const off = values.map((value, i) => Math.abs(value - received[name]![i]!));
    expect([name, Math.max(...off) < 1e-5]).toEqual([name, true]);
  }
}

const training = [
  ["fa", "heavyBall"],
  ["fa", "still"],
  ["copied", "sgd"],
  ["subtracted", "sgd"],
] as const;

test.each(enginesHere.flatMap((engine) => training.map((of) => [engine, ...of] as const)))(
  "%s: the weights and memory of %s with %s are those in float64, where what a step returns is what it was given",
  async (name, rule, optimizer) => {
    const given = caseOf(rule, optimizer, 3);
    const engine = await (await loadEngine(name))(setupOf(given));
    const rows = Int32Array.from({ length: STEPS * 3 }, (_, row) => row);
    await engine.trainEpoch(rows, { alignmentBatches: 0 });
    expectClose(await engine.snapshot(), expectedOf(given));
    await engine.dispose();
  },
);

const fails = (): never => {
  throw new TypeError("x is undefined");
};

test.each(
  enginesHere.flatMap((engine) =>
    (["transport", "feedbackGradient", "mirror"] as const).map((of) => [engine, of] as const),
  ),
)("%s: what a rule's %s throws has the rule and its layer before it", async (name, part) => {
  const rule: Rule = { ...rules.get("fa"), name: "failing", [part]: fails };
  rules.add(rule);
  try {
    const given = caseOf("failing", "sgd", 3);
    const training = async () => {
      const engine = await (await loadEngine(name))(setupOf(given));
      const rows = Int32Array.from({ length: STEPS * 3 }, (_, row) => row);
      await engine.trainEpoch(rows, { alignmentBatches: 0 }).finally(() => engine.dispose());
    };
    const layer = part === "mirror" ? 0 : given.spec.layers.length - 1;
    await expect(training()).rejects.toMatchObject({
      name: "DefinitionError",
      message: `Layer ${layer}: Rule "failing": ${part}: x is undefined.`,
      cause: new TypeError("x is undefined"),
    });
  } finally {
    rules.remove("failing");
  }
});

test.each(enginesHere.flatMap((engine) => training.map((of) => [engine, ...of] as const)))(
  "%s: so are those of replicas under %s with %s",
  async (name, rule, optimizer) => {
    const all = [3, 4].map((seed) => caseOf(rule, optimizer, seed));
    const engine = await (await loadReplicasEngine(name))(all.map(setupOf));
    const rows = Int32Array.from({ length: STEPS * 3 }, (_, row) => row);
    await engine.trainEpoch([rows, rows], {
      alignmentBatches: 0,
      examples: all.map((given) => setupOf(given).dataset.train.examples),
      onProgress: () => {},
      signal: new AbortController().signal,
    });
    for (const [replica, given] of all.entries())
      expectClose(await engine.snapshot(replica), expectedOf(given));
    await engine.dispose();
  },
);
