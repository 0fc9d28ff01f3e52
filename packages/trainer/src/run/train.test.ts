import { readdirSync, readFileSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import {
  BioflaxError,
  createNetwork,
  createTrainable,
  initializeWeights,
  type ScheduleSpec,
} from "@bioflax/core";
import type { Examples } from "@bioflax/datasets";
import { decodeSafetensors, type EpochRecord, type Summary } from "@bioflax/runs";
import { decodeCheckpoint } from "@bioflax/runs/node";
import { describe, expect, jest, test } from "@jest/globals";
import { fakeEngine, type Script } from "../../test/fake-engine";
import { metricsOf } from "../../test/interrupting";
import { scratchFolder } from "../../test/scratch";
import type { ConfigInput } from "../config/schema";
import { optimizerOf } from "../experiment/training";
import { ConfigError, validateConfig } from "../resolve/resolve";
import type { TrainOptions } from "./prepare";
import { resume } from "./resume";
import { train } from "./train";

const folder = scratchFolder();
let runs = 0;

/** Trains on a fake engine: 4 batches of 32 and a smaller one, after 10 % for validation. */
async function run(script: Script, config: ConfigInput = {}, options: TrainOptions = {}) {
  const out = join(folder, String(runs++));
  const engine = fakeEngine(script);
  const settings: ConfigInput = {
    dataset: "sinreg",
    hiddenLayers: [4],
    activations: ["relu"],
    trainSetSize: 5,
    testSetSize: 2,
    epochs: 3,
    tensorboard: false,
    out,
    ...config,
  };
  const outcome = await train(settings, { createEngine: engine.createEngine, ...options }).catch(
    (error: Error) => error,
  );
  const json = (name: string) => JSON.parse(readFileSync(join(out, name), "utf8"));
  return {
    ...engine,
    out,
    outcome,
    files: () => readdirSync(out).sort(),
    summary: () => json("summary.json") as Summary,
    metrics: () =>
      readFileSync(join(out, "metrics.jsonl"), "utf8")
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as EpochRecord),
  };
}

/** Metrics without timings: what must be the same in every run. */
const withoutTiming = (records: EpochRecord[]) =>
  records.map(({ timing: _timing, ...record }) => JSON.stringify(record));

describe("a run", () => {
  test("leaves its files and a summary", async () => {
    const { outcome, out, files, summary, metrics, setups, disposed } = await run({});
    expect(files()).toEqual([
      "checkpoints",
      "config.json",
      "final.safetensors",
      "initial.safetensors",
      "metrics.jsonl",
      "network.json",
      "summary.json",
    ]);
    expect(outcome).toMatchObject({ folder: out, summary: summary() });
    expect(summary()).toEqual({
      status: "done",
      epochs: 3,
      train: { loss: expect.any(Number) },
      val: { loss: 1 / 3, accuracy: 0.75 },
      test: { loss: 1 / 3, accuracy: 0.75 },
      best: expect.objectContaining({ epoch: 3, test: { loss: 1 / 3, accuracy: 0.75 } }),
      timing: {
        trainSeconds: expect.any(Number),
        totalSeconds: expect.any(Number),
        secondsToFirstStep: expect.any(Number),
      },
      throughput: { examplesPerSecond: expect.any(Number) },
      engine: "compiled",
      device: "fake",
      threads: 3,
      versions: { bioflax: expect.any(String), node: process.versions.node, fake: "1.2.3" },
    });
    expect(metrics().map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    expect(metrics()[0]?.alignment).toMatchObject({ gradient: 0.5, "layers.0.gradientAngle": 90 });
    expect(metrics()[0]?.alignment?.gradientAngle).toBeCloseTo(60);
    const weights = decodeSafetensors(readFileSync(join(out, "initial.safetensors")), "initial");
    const setup = setups[0]!;
    for (const [name, values] of Object.entries(initializeWeights(createNetwork(setup.spec), 0))) {
      expect(weights[name]?.values).toEqual(values);
    }
    expect(disposed()).toBe(1);
  });

  test("gives the same metrics twice, timings apart", async () => {
    const [one, two] = [await run({}), await run({})];
    expect(withoutTiming(one.metrics())).toEqual(withoutTiming(two.metrics()));
    expect(Object.keys(one.metrics()[0]!).at(-1)).toBe("timing");
  });

  test("weighs the smaller last batch by its size", async () => {
    // 144 examples: batches of 32, 32, 32, 32 and 16, with losses 1 to 5.
    const { metrics } = await run({ loss: (_epoch, step) => step }, { epochs: 1 });
    expect(metrics()[0]?.train.loss).toBe((32 * (1 + 2 + 3 + 4) + 16 * 5) / 144);
  });

  test("measures no alignment when it is not asked to", async () => {
    const { metrics } = await run({}, { computeAlignments: false });
    expect(metrics()[0]).not.toHaveProperty("alignment");
  });

  test("records the learning rate where it has a schedule: that of each epoch's last step", async () => {
    const rates = async (config: ConfigInput) =>
      (await run({}, { lr: 0.5, ...config })).metrics().map(({ learningRate }) => learningRate);
    expect(await rates({})).toEqual([undefined, undefined, undefined]);
    expect(await rates({ schedule: "multi-step", milestones: [1, 2], gamma: 0.5 })).toEqual([
      0.5, 0.25, 0.125,
    ]);
    expect(await rates({ warmupEpochs: 2 })).toEqual([
      expect.closeTo(0.5 * 0.4, 12),
      expect.closeTo(0.5 * 0.9, 12),
      0.5,
    ]);
    const { summary, metrics } = await run({}, { schedule: "exponential", gamma: 0.5 });
    expect(Object.keys(metrics()[0]!).slice(0, 3)).toEqual(["epoch", "learningRate", "train"]);
    expect(Object.keys(summary().best!)).toEqual(["epoch", "train", "val", "test"]);
  });

  test("starts from the weights of another", async () => {
    const first = await run({}, { seed: 5, mode: "dfa", momentum: 0.9 });
    const { setups } = await run(
      {},
      { seed: 1, mode: "dfa", init: join(first.out, "final.safetensors") },
    );
    expect(setups[0]?.weights).toEqual(first.setups[0]?.weights);
    const init = join(first.out, "checkpoints/best.safetensors");
    const second = await run({}, { seed: 1, mode: "dfa", init });
    expect(second.setups[0]?.weights).toEqual(first.setups[0]?.weights);
    expect(second.setups[0]?.slots).toBeUndefined();
    const wrong = await run({}, { hiddenLayers: [5], mode: "dfa", init });
    expect(wrong.outcome).toBeInstanceOf(BioflaxError);
    expect(() => wrong.files()).toThrow("ENOENT");
  });

  test("starts from the weights of one under another rule, and says what became of feedback weights", async () => {
    const first = await run({}, { seed: 5, mode: "bp" });
    const notice = jest.fn();
    const init = join(first.out, "final.safetensors");
    const second = await run({}, { seed: 1, mode: "fa", init }, { reporter: { notice } });
    const plain = await run({}, { seed: 1, mode: "fa" });
    expect(second.setups[0]?.weights).toEqual({
      ...plain.setups[0]?.weights,
      ...first.setups[0]?.weights,
    });
    expect(notice.mock.calls).toEqual([
      [
        "--init: the feedback weights of layers.0, layers.1 are drawn anew: the file, saved under bp, has none that fit fa",
      ],
    ]);
  });

  test("refuses a folder in use before it loads anything", async () => {
    const { out } = await run({});
    const { outcome, setups } = await run({}, { out });
    expect(String(outcome)).toContain("expected a new or empty folder");
    expect(setups).toEqual([]);
  });
});

describe("the best epoch", () => {
  const scores = (values: number[], key: "loss" | "accuracy") => (epoch: number) =>
    key === "loss" ? { loss: values[epoch - 1]! } : { loss: 1, accuracy: values[epoch - 1]! };

  test("of a regression has the lowest validation loss", async () => {
    const { summary } = await run({
      validation: scores([3, 1, 2], "loss"),
      test: scores([1, 2, 3], "loss"),
    });
    expect(summary().best).toMatchObject({ epoch: 2, val: { loss: 1 }, test: { loss: 2 } });
  });

  test.each(["sinreg", "mnist"] as const)(
    "of %s without a validation set has the lowest training loss, whatever the test says",
    async (dataset) => {
      const { summary, metrics } = await run(
        { loss: (epoch) => [2, 1, 3][epoch - 1]!, test: scores([1, 2, 3], "accuracy") },
        { dataset, valSplit: 0, ...(dataset === "mnist" && { batchSize: 10_000 }) },
      );
      expect(summary().best).toEqual({
        epoch: 2,
        train: { loss: 1 },
        test: { loss: 1, accuracy: 2 },
      });
      for (const record of [summary(), ...metrics()]) expect(record).not.toHaveProperty("val");
    },
  );

  test("of a classification has the highest validation accuracy, the first of equals", async () => {
    const script = {
      validation: scores([0.5, 0.9, 0.9], "accuracy"),
      test: scores([1, 0.7, 0.8], "accuracy"),
    };
    const { summary, setups } = await run(script, { dataset: "mnist" });
    expect(summary().best).toMatchObject({
      epoch: 2,
      val: { accuracy: 0.9 },
      test: { accuracy: 0.7 },
    });
    expect(setups[0]).toMatchObject({ loss: "softmaxCrossEntropy", spec: { inputShape: [784] } });
  });
});

test("what the network's rules refuse is bad settings, found before data is loaded", async () => {
  const { outcome, setups } = await run(
    {},
    { dataset: "mnist", dataDir: "/none", mode: "kp", feedbackConnections: 1 },
  );
  expect(outcome).toBeInstanceOf(ConfigError);
  expect(setups).toEqual([]);
});

describe("a run that goes wrong", () => {
  test.each<[string, Script, string]>([
    [
      "a training loss of NaN",
      { loss: (epoch, step) => (epoch === 2 && step === 4 ? Number.NaN : 1) },
      "the training loss is NaN at epoch 2, step 4",
    ],
    [
      "an infinite training loss",
      { loss: (epoch) => (epoch === 2 ? Number.POSITIVE_INFINITY : 1) },
      "the training loss is Infinity at epoch 2, step 1",
    ],
    [
      "a test loss of NaN",
      {
        test: (epoch) => ({ loss: epoch === 2 ? Number.NaN : 1 }),
        validation: () => ({ loss: 1 }),
      },
      "the test loss is NaN after epoch 2",
    ],
  ])("by %s stops and says so", async (_name, script, message) => {
    // No checkpoint, which a slow machine would come to.
    const { outcome, files, summary, metrics, disposed } = await run(script, {
      checkpointEvery: 0,
    });
    expect(outcome).toBeInstanceOf(BioflaxError);
    expect((outcome as Error).message).toMatch(new RegExp(`${message}.*Try a lower --lr`));
    expect(files()).toEqual([
      "config.json",
      "final.safetensors",
      "initial.safetensors",
      "metrics.jsonl",
      "network.json",
      "summary.json",
    ]);
    expect(summary()).toMatchObject({
      status: "failed",
      epochs: 1,
      error: expect.stringContaining(message),
      test: { loss: 1 },
    });
    expect(metrics()).toHaveLength(1);
    // Another one looked for the layer in which it began.
    expect(disposed()).toBe(2);
  });

  test("goes on all the same with --on-nan continue, and records null", async () => {
    const bad = (epoch: number) => (epoch === 2 ? Number.NaN : 1 / epoch);
    const validation = (epoch: number) => ({ loss: bad(epoch) });
    const script = { loss: bad, validation, test: validation };
    const { summary, out, metrics } = await run(script, { onNan: "continue", plot: true });
    expect(summary()).toMatchObject({ status: "done", epochs: 3, best: { epoch: 3 } });
    expect(metrics()[1]).toMatchObject({ train: { loss: null }, val: { loss: null } });
    // Read again, they are no numbers either.
    const { createEngine } = fakeEngine(script);
    const { summary: resumed } = await resume(out, { createEngine, settings: { epochs: 4 } });
    expect(resumed).toMatchObject({ epochs: 4, best: { epoch: 4 } });
    expect(metrics()[1]).toMatchObject({ train: { loss: null }, val: { loss: null } });
  });

  test("stops within an epoch, as soon as its loss is known", async () => {
    let steps = 0;
    await run({
      loss: (_epoch, step) => (step === 2 ? Number.NaN : 1),
      onStep: () => {
        steps++;
      },
    });
    // Two, and the first once more for the search.
    expect(steps).toBe(3);
  });

  test("on a disk that is full keeps the last good checkpoint, and goes on from it", async () => {
    const file = await open(join(folder, "probe"), "w");
    const handle = Object.getPrototypeOf(file) as FileHandle;
    await file.close();
    const { writeFile } = handle;
    const settings = { checkpointSeconds: 1e-9 };
    let full: ReturnType<typeof jest.spyOn> | undefined;
    const onStep = (epoch: number, step: number) => {
      if (epoch !== 2 || step !== 3) return;
      full = jest.spyOn(handle, "writeFile").mockImplementation(async function (
        this: FileHandle,
        data,
      ) {
        await writeFile.call(this, (data as Uint8Array).subarray(0, 10));
        throw Object.assign(new Error("ENOSPC"), { code: "ENOSPC" });
      });
    };
    const { outcome, out, files } = await run({ onStep }, settings);
    full?.mockRestore();
    expect(outcome).toBeInstanceOf(BioflaxError);
    expect(String(outcome)).toMatch(/last\.safetensors: expected .* the disk is full/);
    expect(readdirSync(join(out, "checkpoints")).sort()).toEqual([
      "best.safetensors",
      "last.safetensors",
    ]);
    // Nor was there room for what a run leaves when it ends, and nothing of it is there by half.
    expect(files()).toEqual([
      "checkpoints",
      "config.json",
      "initial.safetensors",
      "metrics.jsonl",
      "network.json",
    ]);
    const last = decodeCheckpoint(readFileSync(join(out, "checkpoints/last.safetensors")), "last");
    expect(last.content.progress).toMatchObject({ epochs: 1, partial: { examples: 64 } });
    await resume(out, { createEngine: fakeEngine().createEngine });
    expect(metricsOf(out)).toBe(metricsOf((await run({}, settings)).out));
  });

  test("in the engine leaves a summary and frees the engine", async () => {
    const { outcome, summary, disposed } = await run({
      onStep: (epoch) => {
        if (epoch === 2) throw new Error("the device is lost");
      },
    });
    expect(String(outcome)).toContain("the device is lost");
    expect(summary()).toMatchObject({
      status: "failed",
      epochs: 1,
      error: "Error: the device is lost",
    });
    expect(disposed()).toBe(1);
  });
});

describe("a run that is interrupted", () => {
  test("in an epoch stops there and keeps the epochs before", async () => {
    const stop = new AbortController();
    const onStep = (epoch: number, step: number) => {
      if (epoch === 2 && step === 3) stop.abort();
    };
    const { files, summary, metrics, disposed } = await run(
      { onStep },
      {},
      { signal: stop.signal },
    );
    expect(summary()).toMatchObject({
      status: "interrupted",
      epochs: 1,
      test: { loss: 1 },
      best: { epoch: 1 },
    });
    expect(metrics()).toHaveLength(1);
    expect(files()).toContain("final.safetensors");
    expect(disposed()).toBe(1);
  });

  test("before the first step has no results", async () => {
    const { summary, files } = await run({}, {}, { signal: AbortSignal.abort() });
    expect(summary()).toMatchObject({ status: "interrupted", epochs: 0 });
    expect(summary()).not.toHaveProperty("best");
    expect(files()).toEqual([
      "config.json",
      "final.safetensors",
      "initial.safetensors",
      "network.json",
      "summary.json",
    ]);
  });

  test("in the last step is done", async () => {
    const stop = new AbortController();
    const onStep = (epoch: number, step: number) => {
      if (epoch === 3 && step === 5) stop.abort();
    };
    const { summary } = await run({ onStep }, {}, { signal: stop.signal });
    expect(summary()).toMatchObject({ status: "done", epochs: 3 });
  });
});

describe("what the engine is told", () => {
  test("layers, rule and data", async () => {
    const { setups } = await run(
      {},
      {
        dataset: "teacher",
        seqLen: 4,
        inDim: 2,
        outputFeatures: 3,
        mode: "kp",
        hiddenLayers: [7],
        activations: ["tanh"],
        threads: 1,
        device: "webgpu",
        seed: 6,
      },
    );
    const [setup] = setups;
    expect(setup).toMatchObject({
      loss: "meanSquaredError",
      batchSize: 32,
      seed: 6,
      threads: 1,
      device: "webgpu",
    });
    expect(setup?.spec).toMatchObject({
      inputShape: [4],
      rule: "kp",
      layers: [{ units: 7, activation: "tanh" }, { units: 3 }],
    });
    expect(setup?.dataset.inputShape).toEqual([2, 4]);
  });

  test("no hidden layers", async () => {
    const { setups } = await run({}, { hiddenLayers: [], activations: [] });
    expect(setups[0]?.spec.layers).toHaveLength(1);
  });

  test.each([
    [
      "sgd",
      0.9,
      { name: "sgd", learningRate: 0.5, momentum: 0.9, nesterov: false, weightDecay: 0.1 },
    ],
    ["adamw", 0, { name: "adamw", learningRate: 0.5, weightDecay: 0.1 }],
    ["rmsprop", 0.9, { name: "rmsprop", learningRate: 0.5, momentum: 0.9, weightDecay: 0.1 }],
    ["adam", 0, { name: "adam", learningRate: 0.5, weightDecay: 0.1 }],
  ] as const)("optimizer %s", (optimizer, momentum, spec) => {
    const config = validateConfig({ optimizer, lr: 0.5, momentum, weightDecay: 0.1 });
    expect(optimizerOf(config, 5)).toEqual(spec);
  });

  // 144 examples in batches of 32 are 5 steps an epoch.
  test.each<[ConfigInput, ScheduleSpec | undefined]>([
    [{ warmupEpochs: 0.1 }, undefined],
    [{ warmupEpochs: 0.5 }, { name: "constant", warmup: { steps: 2 } }],
    [{ schedule: "cosine" }, { name: "cosine", steps: 15, alpha: 0 }],
    [
      { schedule: "cosine", lr: 0.5, finalRate: 0.125, warmupEpochs: 1 },
      { name: "cosine", steps: 10, alpha: 0.25, warmup: { steps: 5 } },
    ],
    [
      { schedule: "multi-step", milestones: [1, 2] },
      { name: "multiStep", milestones: [5, 10] },
    ],
    [
      { schedule: "multi-step", milestones: [1, 2], gamma: 0.5, warmupEpochs: 0.8 },
      { name: "multiStep", milestones: [1, 6], gamma: 0.5, warmup: { steps: 4 } },
    ],
    [
      { schedule: "exponential", gamma: 0.5 },
      { name: "exponential", steps: 5, gamma: 0.5, staircase: true },
    ],
  ])("the schedule in steps: %j", async (config, schedule) => {
    const { setups } = await run({}, config);
    expect(setups[0]?.optimizer.schedule).toEqual(schedule);
    expect(() => createTrainable(setups[0]!)).not.toThrow();
  });

  test("smoothed labels", async () => {
    const smoothed = { dataset: "spirals", labelSmoothing: 0.1 } as const;
    expect((await run({}, smoothed)).setups[0]?.loss).toEqual({
      name: "softmaxCrossEntropy",
      labelSmoothing: 0.1,
    });
    expect((await run({}, { dataset: "spirals" })).setups[0]?.loss).toBe("softmaxCrossEntropy");
  });

  test("training images moved and mirrored anew each epoch, when asked to, and others never", async () => {
    const watching = async (augment: boolean) => {
      const { createEngine } = fakeEngine();
      const seen: Examples[] = [];
      let own: Examples | undefined;
      await run(
        {},
        { dataset: "color-shapes", batchSize: 4, augment },
        {
          createEngine: async (setup) => {
            const engine = await createEngine(setup);
            own = setup.dataset.train.examples;
            return {
              ...engine,
              trainEpoch: (rows, options) => {
                seen.push(options.examples as Examples);
                return engine.trainEpoch(rows, options);
              },
              evaluate: (split) => {
                expect([setup.dataset.validation, setup.dataset.test]).toContain(split);
                return engine.evaluate(split);
              },
            };
          },
        },
      );
      return { seen, own: own as unknown as Examples };
    };
    const plain = await watching(false);
    expect(plain.seen).toHaveLength(3);
    for (const examples of plain.seen) expect(examples).toBe(plain.own);
    const { seen, own } = await watching(true);
    const images = [own, ...seen].map(({ inputs }) => String(inputs));
    expect(images[0]).toBe(String(plain.own.inputs));
    expect(new Set(images).size).toBe(4);
    for (const examples of seen) expect(examples.targets).toBe(own.targets);
    // A run that is resumed sees what it would have seen.
    expect((await watching(true)).seen.map(({ inputs }) => String(inputs))).toEqual(
      images.slice(1),
    );
  });

  test("a new order of the same rows each epoch, unless told not to shuffle", async () => {
    const orders: Int32Array[] = [];
    const watching = (shuffle: boolean) => {
      const { createEngine } = fakeEngine();
      orders.length = 0;
      return run(
        {},
        { shuffle },
        {
          createEngine: async (setup) => {
            const engine = await createEngine(setup);
            return {
              ...engine,
              trainEpoch: (rows, options) => {
                orders.push(rows.slice());
                return engine.trainEpoch(rows, options);
              },
            };
          },
        },
      );
    };
    await watching(true);
    expect(orders[0]).not.toEqual(orders[1]);
    expect(orders[0]?.slice().sort()).toEqual(orders[1]?.slice().sort());
    await watching(false);
    expect(orders[0]).toEqual(orders[1]);
  });
});
