import {
  createNetwork,
  initializeWeights,
  type NetworkSpec,
  type RuleName,
  rules,
} from "@bioflax/core";
import { everyNth } from "@bioflax/core/testing";
import { type Dataset, epochOrder } from "@bioflax/datasets";
import { loadMnist } from "@bioflax/datasets/node";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { describeOnGpu } from "../../compiler/test/on-gpu";
import { createCompiledEngine } from "../src/engines/compiled";
import { createEagerEngine } from "../src/engines/eager";
import type { Engine, EngineSetup } from "../src/engines/engine";

// What imitates a GPU on the processor shares it with other tests.
jest.setTimeout(300_000);

/** Few: what imitates a GPU takes long for one. */
const STEPS = 6;
const EARLY = 4;
const BATCH = 8;
const RELATIVE = 1e-3;

describeOnGpu("some steps on MNIST, WebGPU", () => {
  let dataset: Dataset;
  let rows: Int32Array;
  const engines: Engine[] = [];
  beforeAll(async () => {
    dataset = await loadMnist();
    rows = epochOrder(dataset.train, { seed: 0, epoch: 0 }).subarray(0, STEPS * BATCH);
  });
  // Not after each test: with its last session ONNX Runtime forgets the programs that others would use again.
  afterAll(async () => {
    await Promise.all(engines.map((engine) => engine.dispose()));
  });

  function setup(rule: RuleName): Omit<EngineSetup, "device"> {
    const spec: NetworkSpec = {
      inputShape: [784],
      rule,
      layers: [
        { type: "dense", units: 16, activation: "relu" },
        { type: "dense", units: 12, activation: "tanh" },
        { type: "dense", units: 10 },
      ],
    };
    return {
      spec,
      loss: "softmaxCrossEntropy",
      optimizer: { name: "sgd", learningRate: 0.02 },
      weights: initializeWeights(createNetwork(spec), 0),
      dataset,
      batchSize: BATCH,
      seed: 0,
      threads: 1,
    };
  }

  async function start(engine: Promise<Engine>): Promise<Engine> {
    engines.push(await engine);
    return engine;
  }

  // Each has programs of its own, which take long to be translated; the compiler's tests on a GPU take every rule.
  test.each(everyNth(rules.names() as RuleName[], 3))(
    "%s: compiled, the losses and weights are the processor's, alignment measured or not",
    async (rule) => {
      const [onCpu, onGpu] = [
        await start(createCompiledEngine({ ...setup(rule), device: "cpu" })),
        await start(createCompiledEngine({ ...setup(rule), device: "webgpu" })),
      ];
      expect(onGpu.device).toBe("webgpu");
      // Later the weights part by chaos: so they do where one of them starts out another in its seventh digit.
      const [early, late] = [rows.subarray(0, EARLY * BATCH), rows.subarray(EARLY * BATCH)];
      const expected = await onCpu.trainEpoch(early, { alignmentBatches: 3 });
      const received = await onGpu.trainEpoch(early, { alignmentBatches: 3 });
      expectClose(received.losses, expected.losses);
      // What a second pass changes is a difference of numbers that are nearly the same, of fewer digits.
      const isDifference = rules.get(rule).route.source === "input";
      expected.alignment.forEach((values, i) => {
        for (const [name, value] of Object.entries(values)) {
          const most = isDifference ? RELATIVE * Math.max(1, Math.abs(value)) : 5e-4;
          expect(Math.abs(received.alignment[i]![name]! - value)).toBeLessThan(most);
        }
      });
      const [weights, gpuWeights] = [await onCpu.weights(), await onGpu.weights()];
      for (const [name, values] of Object.entries(weights))
        gpuWeights[name]!.forEach((w, i) => expect(Math.abs(w - values[i]!)).toBeLessThan(1e-3));
      expectClose(
        (await onGpu.trainEpoch(late, { alignmentBatches: 0 })).losses,
        (await onCpu.trainEpoch(late, { alignmentBatches: 0 })).losses,
      );
    },
  );

  test.each(["fa", "dfa", "brsf", "wm"] as const)(
    "%s: eager, the losses are the compiled engine's on the processor",
    async (rule) => {
      const onCpu = await start(createCompiledEngine({ ...setup(rule), device: "cpu" }));
      const onGpu = await start(createEagerEngine({ ...setup(rule), device: "webgpu" }));
      expect(onGpu.device).toBe("webgpu");
      const expected = await onCpu.trainEpoch(rows, { alignmentBatches: 0 });
      const received = await onGpu.trainEpoch(rows, { alignmentBatches: 0 });
      expectClose(received.losses, expected.losses);
    },
  );

  test("no operator of a step is left to the processor; evaluation and prediction agree", async () => {
    const [onCpu, onGpu] = [
      await start(createCompiledEngine({ ...setup("kp"), device: "cpu" })),
      await start(createCompiledEngine({ ...setup("kp"), device: "webgpu" })),
    ];
    expect(await onGpu.cpuFallbackOps?.()).toEqual({});
    const split = { ...dataset.test, indices: dataset.test.indices.subarray(0, 100) };
    const [expected, received] = [await onCpu.evaluate(split), await onGpu.evaluate(split)];
    expect(received.loss).toBeCloseTo(expected.loss, 4);
    expect(received.accuracy).toBe(expected.accuracy);
    const some = split.indices.subarray(0, 3);
    expectClose(await onGpu.predict(split, some), await onCpu.predict(split, some), 1e-2);
  });

  function expectClose(received: ArrayLike<number>, expected: ArrayLike<number>, least = 1e-6) {
    expect(received).toHaveLength(expected.length);
    Array.from(expected, (value, i) =>
      expect(
        Math.abs((received[i] as number) - value) / Math.max(Math.abs(value), least),
      ).toBeLessThan(RELATIVE),
    );
  }
});
