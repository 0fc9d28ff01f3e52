import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Source } from "@bioflax/compiler";
import {
  BioflaxError,
  createNetwork,
  float64Tensor,
  getLoss,
  groupByLayer,
  lossAndGradients,
  noiseShape,
  type OptimizerSpec,
  prepareStep,
  Random,
  type RuleName,
  referenceOps,
  rules,
  type TrainingSpec,
} from "@bioflax/core";
import {
  everyNth,
  noiseOf,
  type PlainBatch,
  plainTrain,
  trainingCase,
} from "@bioflax/core/testing";
import { alignment } from "@bioflax/metrics";
import { findPlugin, loadPlugin, type PjrtClient } from "@bioflax/pjrt";
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { ProgramCache, XlaNetwork, type XlaNetworkSetup } from "../src/index";
import { cpuClient, wherePlugin } from "./xla-interpreter";

const normalization = { scale: 1 / 255, mean: 0.13, standardDeviation: 0.31 };
const COUNT = 23;
const random = new Random(0, "xla-network");
/** Byte pixels and labels, as an image data set has them. */
const images = {
  inputs: Uint8Array.from({ length: COUNT * 6 }, () => random.below(256)),
  targets: Int32Array.from({ length: COUNT }, () => random.below(4)),
  count: COUNT,
} satisfies Source;
/** Floats of shape [2, 3] an example: two rows of three features. */
const series = {
  inputs: Float32Array.from({ length: COUNT * 6 }, () => random.normal()),
  targets: Float32Array.from({ length: COUNT * 2 * 2 }, () => random.normal()),
  count: COUNT,
} satisfies Source;
const rows = Int32Array.from({ length: 40 }, () => random.below(COUNT));
const adam: OptimizerSpec = {
  name: "adam",
  learningRate: 0.01,
  weightDecay: 0.001,
  epsilon: 1e-4,
};
const imageBatch = (at: Int32Array): PlainBatch => ({
  input: [...at].map((row) =>
    [...images.inputs.subarray(row * 6, row * 6 + 6)].map((x) => (x / 255 - 0.13) / 0.31),
  ),
  labels: [...at].map((row) => images.targets[row]!),
  examples: [...at],
});
const chunks = (all: Int32Array, size: number) =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, i) =>
    all.subarray(i * size, (i + 1) * size),
  );

wherePlugin("a network in XLA on the processor", () => {
  let client: PjrtClient;
  beforeAll(async () => {
    client = await cpuClient();
  });
  afterAll(() => client.destroy());

  // Most tests train several networks of one kind, whose programs are compiled once.
  const kept = mkdtempSync(join(tmpdir(), "bioflax-xla-network-"));
  afterAll(() => rmSync(kept, { recursive: true }));

  const made: XlaNetwork[] = [];
  afterEach(async () => {
    await Promise.all(made.splice(0).map((network) => network.dispose()));
  });
  async function create(setup: XlaNetworkSetup): Promise<XlaNetwork> {
    const cache = new ProgramCache(kept, loadPlugin(findPlugin("cpu") as string));
    const network = await XlaNetwork.create({ cache, ...setup });
    made.push(network);
    return network;
  }

  function imageSetup(rule: RuleName, optimizer = adam): XlaNetworkSetup & TrainingSpec {
    const { spec, weights } = trainingCase({
      rule,
      loss: "softmaxCrossEntropy",
      optimizer,
      sizes: [6, 7, 5, 4],
    });
    return {
      client,
      spec,
      weights,
      optimizer,
      loss: "softmaxCrossEntropy",
      layout: { inputShape: [6], targetShape: [], normalization },
      batchSize: 8,
      seed: 7,
    };
  }

  const ruleNames = rules.names() as RuleName[];

  describe.each(ruleNames)("%s", (rule) => {
    test("trains on gathered, normalised bytes as the plain loops do, with a smaller last batch", async () => {
      const setup = imageSetup(rule);
      const network = await create(setup);
      const order = rows.subarray(0, 37);
      const { losses } = await network.train(images, order);
      const noise = noiseOf(network.network, 7, 8);
      const batches = chunks(order, 8).map((at, step) => ({
        ...imageBatch(at),
        noise: noise(step),
      }));
      const expected = plainTrain(setup, setup.weights, batches);
      expect(losses).toHaveLength(5);
      expected.losses.forEach((loss, i) => expect(losses[i]).toBeCloseTo(loss, 5));
      for (const [name, values] of Object.entries(await network.weights())) {
        expected.weights[name]!.flat().forEach((value, i) =>
          expect(values[i]).toBeCloseTo(value, 4),
        );
      }
    });
  });

  // XLA compiles each network for itself, which takes most of the time.
  describe.each(everyNth(ruleNames, 3))("%s", (rule) => {
    test("the same bits however the steps are cut into calls, and from a snapshot on", async () => {
      const whole = await create(imageSetup(rule));
      const atOnce = await whole.train(images, rows);
      const cut = await create(imageSetup(rule));
      const oneByOne: number[] = [];
      for (const batch of chunks(rows.subarray(0, 16), 8))
        oneByOne.push(...(await cut.train(images, batch)).losses);
      const resumed = await create({ ...imageSetup(rule), ...(await cut.snapshot()) });
      oneByOne.push(...(await resumed.train(images, rows.subarray(16))).losses);
      expect(Float64Array.from(oneByOne)).toEqual(atOnce.losses);
      expect(await resumed.snapshot()).toEqual(await whole.snapshot());
    });

    test("measuring alignment changes nothing, and agrees with the reference", async () => {
      const setup = imageSetup(rule);
      const [watched, unwatched] = [await create(setup), await create(setup)];
      const result = await watched.train(images, rows, { alignmentBatches: 2 });
      expect(result.losses).toEqual((await unwatched.train(images, rows)).losses);
      expect(await watched.weights()).toEqual(await unwatched.weights());

      const network = createNetwork(setup.spec);
      const drawn = noiseOf(network, 7, 8)(0);
      const parameters = prepareStep(
        referenceOps,
        network,
        groupByLayer(
          network,
          network.parameters.map(({ name, shape }) => float64Tensor(setup.weights[name]!, shape)),
        ),
        network.noise.map((info) => float64Tensor(drawn[info.name]!, noiseShape(info, 8))),
      );
      const { input, labels } = imageBatch(rows.subarray(0, 8));
      const batch = {
        input: float64Tensor(input.flat(), [8, 6]),
        target: float64Tensor(labels!, [8]),
      };
      const pass = lossAndGradients(
        referenceOps,
        { network, loss: getLoss("softmaxCrossEntropy") },
        parameters,
        batch,
      );
      const expected = alignment(referenceOps, network, parameters, pass);
      expect(result.alignment).toHaveLength(2);
      expect(Object.keys(result.alignment[0]!)).toEqual(Object.keys(expected));
      // Four digits behind the point, of large ratios fewer: float32 has seven in all.
      for (const [name, { data }] of Object.entries(expected))
        expect(result.alignment[0]![name]! / Math.max(1, Math.abs(data[0]!))).toBeCloseTo(
          data[0]! / Math.max(1, Math.abs(data[0]!)),
          4,
        );
      expect(result.alignment[1]).not.toEqual(result.alignment[0]);
    });
  });

  test("from compiled programs that were kept, the same bits", async () => {
    const folder = mkdtempSync(join(tmpdir(), "bioflax-programs-"));
    const cache = new ProgramCache(folder, loadPlugin(findPlugin("cpu") as string));
    const trained = async (given: Partial<XlaNetworkSetup>) => {
      const network = await create({ ...imageSetup("kp"), ...given });
      await network.train(images, rows, { alignmentBatches: 1 });
      return [await network.snapshot(), await network.evaluate(images, rows)];
    };
    const expected = await trained({});
    expect(await trained({ cache })).toEqual(expected);
    expect(readdirSync(folder)).toHaveLength(3);
    const compile = jest.spyOn(client, "compile");
    expect(await trained({ cache })).toEqual(expected);
    expect(compile).not.toHaveBeenCalled();
    compile.mockRestore();
    rmSync(folder, { recursive: true });
  });

  test("noise comes from the seed", async () => {
    const losses = async (rule: RuleName, seed: number) =>
      (await (await create({ ...imageSetup(rule), seed })).train(images, rows)).losses;
    for (const rule of ["brsf", "wm"] as const)
      expect(await losses(rule, 1)).not.toEqual(await losses(rule, 2));
  });

  test("the rate follows its schedule, over calls", async () => {
    const optimizer: OptimizerSpec = {
      name: "sgd",
      learningRate: 0.2,
      momentum: 0.9,
      schedule: { name: "cosine", steps: 5, alpha: 0.1, warmup: { steps: 2 } },
    };
    const setup = imageSetup("dfa", optimizer);
    const network = await create(setup);
    const losses: number[] = [];
    for (const at of [rows.subarray(0, 16), rows.subarray(16)])
      losses.push(...(await network.train(images, at)).losses);
    const expected = plainTrain(setup, setup.weights, chunks(rows, 8).map(imageBatch));
    expected.losses.forEach((loss, i) => expect(losses[i]).toBeCloseTo(loss, 5));
  });

  test("examples are weighted in training, and not in evaluation", async () => {
    const setup = imageSetup("fa");
    const weights = Float32Array.from({ length: COUNT }, (_, i) => (i % 3) + 0.5);
    const [weighted, plain] = [await create(setup), await create(setup)];
    expect(await weighted.evaluate({ ...images, weights }, rows)).toEqual(
      await plain.evaluate(images, rows),
    );
    const { losses } = await weighted.train({ ...images, weights }, rows);
    const batches = chunks(rows, 8).map((at) => ({
      ...imageBatch(at),
      weights: [...at].map((row) => weights[row]!),
    }));
    plainTrain(setup, setup.weights, batches).losses.forEach((loss, i) =>
      expect(losses[i]).toBeCloseTo(loss, 5),
    );
  });

  test("examples of several rows train as so many rows, and predictions have their shape", async () => {
    const optimizer = { name: "sgd", learningRate: 0.1, momentum: 0.9 } as const;
    const { spec, weights } = trainingCase({
      rule: "fa",
      loss: "meanSquaredError",
      optimizer,
      sizes: [3, 5, 2],
    });
    const setup: XlaNetworkSetup & TrainingSpec = {
      client,
      spec,
      weights,
      optimizer,
      loss: "meanSquaredError",
      layout: { inputShape: [2, 3], targetShape: [2, 2] },
      batchSize: 4,
    };
    const network = await create(setup);
    const batches = chunks(rows.subarray(0, 12), 4).map((at): PlainBatch => {
      const pairs = [...at].flatMap((row) => [2 * row, 2 * row + 1]);
      return {
        input: pairs.map((pair) => [...series.inputs.subarray(3 * pair, 3 * pair + 3)]),
        values: pairs.map((pair) => [...series.targets.subarray(2 * pair, 2 * pair + 2)]),
      };
    });
    const { losses } = await network.train(series, rows.subarray(0, 12));
    plainTrain(setup, weights, batches).losses.forEach((loss, i) =>
      expect(losses[i]).toBeCloseTo(loss, 5),
    );
    expect(await network.predict(series, rows.subarray(0, 3))).toHaveLength(3 * 2 * 2);
    expect(await network.evaluate(series, rows)).toEqual({
      loss: expect.any(Number),
      squaredError: expect.any(Number),
    });
  });

  test("evaluation averages over examples, whatever the size of the last batch", async () => {
    const network = await create(imageSetup("fa"));
    const many = Int32Array.from({ length: 2300 }, (_, i) => i % COUNT);
    const { loss, accuracy } = await network.evaluate(images, many);
    const outputs = await network.predict(images, many);
    let correct = 0;
    let total = 0;
    many.forEach((row, i) => {
      const z = [...outputs.subarray(4 * i, 4 * i + 4)];
      const label = images.targets[row]!;
      if (z.indexOf(Math.max(...z)) === label) correct++;
      total += Math.log(z.reduce((sum, x) => sum + Math.exp(x), 0)) - z[label]!;
    });
    expect(accuracy).toBeCloseTo(correct / many.length, 12);
    expect(loss).toBeCloseTo(total / many.length, 5);
  });

  test("the weights it was given are not changed, and those it gives are copies", async () => {
    const setup = imageSetup("kp");
    const before = structuredClone(setup.weights);
    const network = await create(setup);
    const first = await network.weights();
    await network.train(images, rows);
    expect(setup.weights).toEqual(before);
    expect(first).toEqual(before);
    expect(await network.weights()).not.toEqual(before);
  });

  test("stops between calls when asked to, reports progress, and takes more steps a call than a program holds", async () => {
    const network = await create(imageSetup("fa"));
    const stop = new AbortController();
    const seen: number[] = [];
    const onProgress = (examples: number) => {
      seen.push(examples);
      stop.abort();
    };
    const long = Int32Array.from({ length: 8 * 5000 }, (_, i) => i % COUNT);
    const { losses } = await network.train(images, long, { onProgress, signal: stop.signal });
    expect(seen).toEqual([losses.length * 8]);
    expect(losses.length).toBeLessThan(5000);
    expect((await network.train(images, long)).losses).toHaveLength(5000);
  });

  test("trains on the device that is named, with XLA's own options", async () => {
    const device = client.devices[1]!;
    const [own, first] = [
      await create({ ...imageSetup("dfa"), device }),
      await create(imageSetup("dfa")),
    ];
    expect((await own.train(images, rows)).losses).toEqual(
      (await first.train(images, rows)).losses,
    );
    const wrong = await create({ ...imageSetup("dfa"), xlaOptions: { nonsense: true } });
    await expect(wrong.train(images, rows)).rejects.toThrow(/nonsense/);
  });

  test("what cannot be trained is refused", async () => {
    const setup = imageSetup("fa");
    const wrong = XlaNetwork.create({ ...setup, batchSize: 1.5 });
    await expect(wrong).rejects.toThrow(BioflaxError);
    await expect(wrong).rejects.toThrow("XlaNetwork: expected batchSize to be a whole number");
    const unknown = XlaNetwork.create({
      ...setup,
      slots: { "layers.0.kernel/momentum": new Float32Array(42) },
    });
    await expect(unknown).rejects.toThrow(
      'XlaNetwork: expected the slot "layers.0.kernel/mean" to hold [6, 7] = 42 numbers, received none.',
    );
    const network = await create(setup);
    const { slots } = await network.snapshot();
    const more = { ...slots, "layers.0.kernel/momentum": new Float32Array(42) };
    await expect(XlaNetwork.create({ ...setup, slots: more })).rejects.toThrow(
      'XlaNetwork: unknown slot "layers.0.kernel/momentum". Of this weight this network and its optimizer have "layers.0.kernel/mean"',
    );
    await expect(network.train(images, Int32Array.of(COUNT))).rejects.toThrow(
      `expected row numbers from 0 to ${COUNT - 1}`,
    );
    await expect(network.evaluate(images, Int32Array.of())).rejects.toThrow("at least one row");
    const short = { ...images, targets: images.targets.subarray(1) };
    await expect(network.train(short, rows)).rejects.toThrow(
      "= 23 numbers of targets, received 22",
    );
    const first = network.train(images, rows);
    await expect(network.train(images, rows)).rejects.toThrow("it is training already");
    expect((await first).losses).toHaveLength(5);
  });
});
