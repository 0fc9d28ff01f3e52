import {
  createTrainable,
  flatten,
  float64Tensor,
  groupByLayer,
  referenceOps,
  type TrainingState,
  trainStep,
} from "@bioflax/core";
import { epochOrder, takeInputs, takeTargets } from "@bioflax/datasets";
import { expect, test } from "@jest/globals";
import { defaults, type Settings } from "../src/settings/settings";
import { drawnDataset, experimentOf } from "../src/training/experiment";
import { Run } from "../src/training/run";

const none = { digits: "" };

/** The losses of steps, each under settings of its own, by the reference. */
function reference(rule: string, each: readonly Settings[]): number[] {
  const [settings] = each as [Settings];
  const data = drawnDataset("spirals", settings);
  const experiment = experimentOf(settings, rule, data);
  const { network, optimizer } = createTrainable(experiment);
  const { batchSize, seed } = settings;
  const order = epochOrder(data.train, { seed, epoch: 0 });
  let state: TrainingState<ReturnType<typeof float64Tensor>> = {
    parameters: groupByLayer(
      network,
      network.parameters.map(({ name, shape }) =>
        float64Tensor(experiment.weights[name] as Float32Array, shape),
      ),
    ),
    slots: network.parameters.map(({ learns, shape }) =>
      learns
        ? optimizer.slots.map(() =>
            float64Tensor(new Float64Array(shape.reduce((a, b) => a * b, 1)), shape),
          )
        : [],
    ),
  };
  return each.map(({ learningRate, weightDecay }, step) => {
    const rows = order.subarray(step * batchSize, (step + 1) * batchSize);
    const batch = {
      input: float64Tensor(takeInputs(data.train.examples, rows), [batchSize, 2]),
      target: float64Tensor(takeTargets(data.train.examples, rows), [batchSize]),
    };
    const { loss } = createTrainable(experiment);
    const taken = trainStep(referenceOps, { network, loss, optimizer, weightDecay }, state, {
      ...{ batch, noise: [], rate: learningRate },
      step: float64Tensor([step + 1], []),
    });
    expect(flatten(network, taken.state.parameters).length).toBe(network.parameters.length);
    state = taken.state;
    return taken.pass.loss.data[0] as number;
  });
}

test.each([
  ["sgd", "bp"],
  ["sgd", "kp"],
  ["adam", "fa"],
  ["adam", "kp"],
])(
  "live settings hold from the next step on, and nothing else is lost: %s, %s",
  async (optimizer, rule) => {
    const before: Settings = {
      ...defaults,
      ...{ rules: [rule], optimizer, learningRate: 0.05, weightDecay: 0.01 },
    };
    const after = { ...before, learningRate: 0.01, weightDecay: 0.002 };
    const run = await Run.create(before, none);
    const losses = [...((await run.advance(4, false))[0]?.losses ?? [])];
    await run.adjust(after);
    losses.push(...((await run.advance(4, false))[0]?.losses ?? []));
    await run.dispose();
    const expected = reference(rule, [...Array(4).fill(before), ...Array(4).fill(after)]);
    const unchanged = reference(rule, Array(8).fill(before));
    losses.forEach((loss, step) => {
      expect(Math.abs(loss / (expected[step] as number) - 1)).toBeLessThan(1e-5);
    });
    expect(Math.abs((losses[7] as number) / (unchanged[7] as number) - 1)).toBeGreaterThan(1e-4);
  },
);

test("a batch's trace is that of the batch that is learnt from next", async () => {
  const settings: Settings = { ...defaults, rules: ["fa", "dfa", "brsf", "wm", "pepita"] };
  const run = await Run.create(settings, none);
  await run.advance(3, true);
  const traces = await run.trace();
  expect(traces.map(({ sources }) => sources)).toEqual([
    ["above", "above", "loss"],
    ["output", "output", "loss"],
    ["above", "above", "loss"],
    ["above", "above", "loss"],
    ["input", "input", "loss"],
  ]);
  for (const { layers } of traces) {
    expect(layers.map(({ output }) => output.length)).toEqual([24, 16, 3]);
    for (const { output, error } of layers) {
      expect(Math.min(...output)).toBeGreaterThan(0);
      expect(Math.max(...error)).toBeGreaterThan(0);
    }
  }
  await run.dispose();
});

test("matrices are those that carry errors to a layer that learns from them", async () => {
  const settings: Settings = {
    ...defaults,
    rules: ["bp", "fa", "usf", "brsf", "dfa", "pfa", "pepita"],
  };
  const run = await Run.create(settings, none);
  const views = await run.view(["weights", "units"], undefined);
  const shapes = views.map(({ layers }) =>
    layers?.map(({ carrier }) => carrier && [carrier.rows, carrier.columns]),
  );
  const below = undefined;
  expect(shapes).toEqual([
    [below, below, below],
    [below, [24, 16], [16, 3]],
    [below, [24, 16], [16, 3]],
    // Drawn anew at each step.
    [below, below, below],
    [[24, 3], [16, 3], below],
    [below, [24, 16], [16, 3]],
    [[2, 3], below, below],
  ]);
  const [usf] = views[2]?.layers?.slice(1) ?? [];
  usf?.carrier?.values.forEach((value, i) => {
    expect(Math.sign(value)).toBe(Math.sign(usf.kernel.values[i] as number));
  });
  expect(
    views[0]?.units?.map(({ units, size, values }) => [units, values.length / size ** 2]),
  ).toEqual([
    [24, 24],
    [16, 16],
  ]);
  await run.dispose();
});
