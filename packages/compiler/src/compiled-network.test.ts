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
import { noiseOf, type PlainBatch, plainTrain, trainingCase } from "@bioflax/core/testing";
import { alignment } from "@bioflax/metrics";
import { afterEach, describe, expect, test } from "@jest/globals";
import { CompiledNetwork, type CompiledNetworkSetup, type Source } from "./index";

const normalization = { scale: 1 / 255, mean: 0.13, standardDeviation: 0.31 };
const COUNT = 23;
const random = new Random(0, "compiled-network");
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

const made: CompiledNetwork[] = [];
afterEach(async () => {
  await Promise.all(made.splice(0).map((network) => network.dispose()));
});
async function create(setup: CompiledNetworkSetup): Promise<CompiledNetwork> {
  const network = await CompiledNetwork.create({ threads: 1, ...setup });
  made.push(network);
  return network;
}

function imageSetup(
  rule: RuleName,
  optimizer: OptimizerSpec = {
    name: "adam",
    learningRate: 0.01,
    weightDecay: 0.001,
    epsilon: 1e-4,
  },
): CompiledNetworkSetup & TrainingSpec {
  const { spec, weights } = trainingCase({
    rule,
    loss: "softmaxCrossEntropy",
    optimizer,
    sizes: [6, 7, 5, 4],
  });
  return {
    spec,
    weights,
    optimizer,
    loss: "softmaxCrossEntropy",
    layout: { inputShape: [6], targetShape: [], normalization },
    batchSize: 8,
    seed: 7,
  };
}
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

describe.each(rules.names() as RuleName[])("%s", (rule) => {
  test("trains on gathered, normalised bytes as the plain loops do, with a smaller last batch", async () => {
    const setup = imageSetup(rule);
    const network = await create(setup);
    const order = rows.subarray(0, 37);
    const { losses } = await network.train(images, order);
    const noise = noiseOf(network.network, 7, 8);
    const batches = chunks(order, 8).map((at, step) => ({ ...imageBatch(at), noise: noise(step) }));
    const expected = plainTrain(setup, setup.weights, batches);
    expect(losses).toHaveLength(5);
    expected.losses.forEach((loss, i) => expect(losses[i]).toBeCloseTo(loss, 5));
    for (const [name, values] of Object.entries(await network.weights())) {
      expected.weights[name]!.flat().forEach((value, i) => expect(values[i]).toBeCloseTo(value, 4));
    }
  });

  test("the same bits however the steps are cut into calls", async () => {
    const [whole, cut] = [await create(imageSetup(rule)), await create(imageSetup(rule))];
    const atOnce = await whole.train(images, rows);
    const oneByOne: number[] = [];
    for (const batch of chunks(rows, 8)) oneByOne.push(...(await cut.train(images, batch)).losses);
    expect(Float64Array.from(oneByOne)).toEqual(atOnce.losses);
    expect(await cut.weights()).toEqual(await whole.weights());
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

test("Kolen-Pollack with decay λ shrinks ‖W − B‖ by (1 − λ) a step", async () => {
  const decay = 0.02;
  const network = await create(
    imageSetup("kp", { name: "sgd", learningRate: 0.05, weightDecay: decay }),
  );
  const gaps = async () => {
    const weights = await network.weights();
    return [0, 1, 2].map((layer) => {
      const feedback = weights[`layers.${layer}.feedback`]!;
      return Math.hypot(...weights[`layers.${layer}.kernel`]!.map((w, i) => w - feedback[i]!));
    });
  };
  for (const batch of chunks(rows, 8)) {
    const before = await gaps();
    await network.train(images, batch);
    (await gaps()).forEach((gap, layer) => expect(gap / before[layer]!).toBeCloseTo(1 - decay, 6));
  }
});

test("noise comes from the seed", async () => {
  const losses = async (rule: RuleName, seed: number) =>
    (await (await create({ ...imageSetup(rule), seed })).train(images, rows)).losses;
  for (const rule of ["brsf", "wm"] as const) {
    expect(await losses(rule, 1)).toEqual(await losses(rule, 1));
    expect(await losses(rule, 1)).not.toEqual(await losses(rule, 2));
  }
});

test("a rule that its loss gives nothing to learn from is refused", async () => {
  const setup = { ...imageSetup("drtp"), loss: "meanSquaredError" } as const;
  await expect(CompiledNetwork.create(setup)).rejects.toThrow(
    'The rule "drtp" sends the target in place of the error',
  );
});

test.each(["fa", "f3"] as const)(
  "examples of several rows train as so many rows, and predictions have their shape: %s",
  async (rule) => {
    const optimizer = { name: "sgd", learningRate: 0.1, momentum: 0.9 } as const;
    const { spec, weights } = trainingCase({
      rule,
      loss: "meanSquaredError",
      optimizer,
      sizes: [3, 5, 2],
    });
    const setup: CompiledNetworkSetup & TrainingSpec = {
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
        examples: pairs,
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
  },
);

test.each(["loop", "unrolled"] as const)(
  "under f3 each example comes with its error of the epoch before, weighted once, as in the plain loops: %s",
  async (steps) => {
    const optimizer = { name: "sgd", learningRate: 0.1, momentum: 0.5 } as const;
    const setup = { ...imageSetup("f3", optimizer), steps };
    const weights = Float32Array.from({ length: COUNT }, (_, i) => (i % 4) / 2);
    const source = { ...images, weights };
    const epochs = [0, 1, 2].flatMap((epoch) => [...new Random(epoch, "order").permutation(COUNT)]);
    const order = Int32Array.from(epochs);
    const network = await create(setup);
    const { losses } = await network.train(source, order);
    const batches = chunks(order, 8).map((at) => ({
      ...imageBatch(at),
      weights: [...at].map((row) => weights[row]!),
    }));
    const expected = plainTrain(setup, setup.weights, batches);
    expected.losses.forEach((loss, i) => expect(losses[i]).toBeCloseTo(loss, 5));
    // An error that is that of another epoch, or another example, would be seen.
    const others = batches.map((batch) => ({ ...batch, examples: [] }));
    const forgetful = plainTrain(setup, setup.weights, others).losses.at(-1)!;
    expect(Math.abs(forgetful - expected.losses.at(-1)!)).toBeGreaterThan(1e-3);
  },
);

test("evaluation averages over examples, whatever the size of the last batch", async () => {
  const setup = imageSetup("fa");
  const network = await create(setup);
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

test("stops between calls when asked to, and reports progress", async () => {
  const network = await create(imageSetup("fa"));
  const stop = new AbortController();
  const seen: number[] = [];
  const onProgress = (examples: number) => {
    seen.push(examples);
    stop.abort();
  };
  const long = Int32Array.from({ length: 8 * 1000 }, (_, i) => i % COUNT);
  const { losses } = await network.train(images, long, { onProgress, signal: stop.signal });
  expect(seen).toEqual([losses.length * 8]);
  expect(losses.length).toBeLessThan(1000);
});

test("sources of other sizes and types have sessions of their own", async () => {
  const network = await create(imageSetup("fa"));
  const at = Int32Array.of(0, 1, 2, 3);
  const first = await network.evaluate(images, at);
  const smaller = {
    inputs: images.inputs.subarray(0, 5 * 6),
    targets: images.targets.subarray(0, 5),
    count: 5,
  };
  expect(await network.evaluate(smaller, at)).toEqual(first);
  const floats = { ...images, inputs: Float32Array.from(images.inputs) };
  expect(await network.evaluate(floats, at)).toEqual(first);
});

test("an odd batch size does not upset the size of the calls", async () => {
  const network = await create(imageSetup("fa"));
  const many = Int32Array.from({ length: 8 * 400 + 1 }, (_, i) => i % COUNT);
  for (let epoch = 0; epoch < 2; epoch++) {
    expect((await network.train(images, many)).losses).toHaveLength(401);
  }
});

describe("what cannot be trained is refused", () => {
  const setup = imageSetup("fa");
  const { "layers.1.kernel": _kernel, ...missing } = setup.weights;
  test.each<[string, Partial<CompiledNetworkSetup>, string]>([
    [
      "a batch size",
      { batchSize: 1.5 },
      "expected batchSize to be a whole number from 1, received 1.5",
    ],
    [
      "a missing weight",
      { weights: missing },
      'expected the weight "layers.1.kernel" to hold [7, 5] = 35 numbers, received none',
    ],
    [
      "missing feedback weights",
      { weights: imageSetup("bp").weights },
      "received none. Where the others were learnt under another rule, withFeedback(network, weights, seed)",
    ],
    [
      "a weight of another size",
      { weights: { ...setup.weights, "layers.0.bias": new Float32Array(3) } },
      'expected the weight "layers.0.bias" to hold [7] = 7 numbers, received 3',
    ],
    [
      "examples of another shape",
      { layout: { inputShape: [4], targetShape: [] } },
      "expected examples whose last axes are the network's input [6], received [4]",
    ],
  ])("%s", async (_name, change, text) => {
    const created = CompiledNetwork.create({ ...setup, ...change });
    await expect(created).rejects.toThrow(BioflaxError);
    await expect(created).rejects.toThrow(text);
  });

  test("a slot that is unknown, of a network or a replica", async () => {
    const { slots, weights } = await (await create(setup)).snapshot();
    const unknown = { ...slots, "layers.0.kernel/momentum": new Float32Array(42) };
    const text =
      ': unknown slot "layers.0.kernel/momentum". Of this weight this network and its optimizer have "layers.0.kernel/mean"';
    await expect(CompiledNetwork.create({ ...setup, weights, slots: unknown })).rejects.toThrow(
      `CompiledNetwork${text}`,
    );
    const replicas = [{ ...setup, weights, slots: unknown }];
    await expect(
      CompiledNetwork.createReplicas({ ...setup, replicas, threads: 1 }),
    ).rejects.toThrow(text);
  });

  test("labels without an output, rows that are not there, no rows", async () => {
    const network = await create(setup);
    const wrong = { ...images, targets: images.targets.with(3, 4) };
    await expect(network.train(wrong, rows)).rejects.toThrow(
      `expected class numbers from 0 to 3, one for each output, [${COUNT}] or [${COUNT}, 1]; or rows that sum to 1 (one-hot, or the probability of each class), [${COUNT}, 4], for an output of shape [${COUNT}, 4], received a target of shape [${COUNT}] with 4 in row 3.`,
    );
    for (const row of [-1, COUNT]) {
      await expect(network.train(images, Int32Array.of(0, row))).rejects.toThrow(
        `expected row numbers from 0 to ${COUNT - 1}, received ${row} at position 1`,
      );
    }
    await expect(network.evaluate(images, Int32Array.of())).rejects.toThrow("at least one row");
  });

  test.each<[string, object, string]>([
    ["a seed", { seed: -1 }, "expected seed to be a whole number from 0 to 2^53 − 1, received -1"],
    [
      "a normalisation",
      { layout: { ...setup.layout, normalization: { ...normalization, standardDeviation: 0 } } },
      "to have a standardDeviation that is a finite number above 0, received 0",
    ],
  ])("%s that makes no sense", async (_name, change, text) => {
    await expect(CompiledNetwork.create({ ...setup, ...change })).rejects.toThrow(text);
  });

  test("alignment at steps that there are not: with none of every 0 steps nothing was trained", async () => {
    const network = await create(setup);
    for (const [options, text] of [
      [{ alignEvery: 0 }, "expected alignEvery to be a whole number from 1, received 0"],
      [{ alignEvery: 0.5 }, "expected alignEvery to be a whole number from 1, received 0.5"],
      [
        { alignmentBatches: Number.NaN },
        "expected alignmentBatches to be a whole number from 0, received NaN",
      ],
    ] as const) {
      await expect(network.train(images, rows, options)).rejects.toThrow(text);
      const replicas = [
        { ...setup, spec: setup.spec },
        { ...setup, seed: 8 },
      ];
      const networks = await CompiledNetwork.createReplicas({ ...setup, replicas, threads: 1 });
      await expect(networks.train(images, [rows, rows], options)).rejects.toThrow(text);
      await expect(networks.train(images, [rows, rows.subarray(1)])).rejects.toThrow(
        "expected rows for each of 2 networks, as many of each, received 40, 39",
      );
      await networks.dispose();
    }
  });

  test("arrays of other types, which would be read as what they are not", async () => {
    const network = await create(setup);
    const train = (source: object, own: unknown = rows) =>
      network.train({ ...images, ...source } as Source, own as Int32Array);
    await expect(train({ inputs: Float64Array.from(images.inputs) })).rejects.toThrow(
      "Source: expected inputs of type Uint8Array or Float32Array, received Float64Array.",
    );
    await expect(train({ inputs: [...images.inputs] })).rejects.toThrow("received Array");
    await expect(train({ weights: new Float64Array(COUNT) })).rejects.toThrow(
      "Source: expected weights of type Float32Array, received Float64Array.",
    );
    await expect(train({ count: 1.5 }, Int32Array.of(0))).rejects.toThrow(
      "Source: expected count to be a whole number of examples from 1, received 1.5.",
    );
    await expect(train({}, [0, 1])).rejects.toThrow(
      "Rows: expected row numbers of type Int32Array, received Array.",
    );
    await expect(network.predict(images, Int32Array.of())).rejects.toThrow(
      "CompiledNetwork: expected at least one row to answer for, received none.",
    );
  });

  test("two trainings at once", async () => {
    const network = await create(setup);
    const first = network.train(images, rows);
    await expect(network.train(images, rows)).rejects.toThrow("it is training already");
    expect((await first).losses).toHaveLength(5);
    expect((await network.train(images, rows)).losses).toHaveLength(5);
  });

  test("a session that cannot be made leaves nothing behind", async () => {
    const network = await CompiledNetwork.create({ ...setup, graphOptimization: "none" as "all" });
    await expect(network.train(images, rows)).rejects.toThrow();
    await network.dispose();
  });
});

test("a deep network trains as the plain loops do, to the same bits however it is cut or measured", async () => {
  const depth = 40;
  const optimizer = { name: "sgd", learningRate: 0.05 } as const;
  const deep = trainingCase({
    ...{ rule: "dfa", loss: "softmaxCrossEntropy", optimizer },
    sizes: [6, ...new Array<number>(depth).fill(3), 4],
    activations: new Array<"tanh">(depth).fill("tanh"),
  });
  const deepSetup = { ...imageSetup("dfa", optimizer), spec: deep.spec, weights: deep.weights };
  const train = async (cuts: readonly number[], alignmentBatches: number) => {
    const network = await create(deepSetup);
    const losses: number[] = [];
    for (const [i, end] of cuts.entries()) {
      const part = rows.subarray(cuts[i - 1] ?? 0, end);
      losses.push(...(await network.train(images, part, { alignmentBatches })).losses);
    }
    return { losses, weights: await network.weights() };
  };
  const whole = await train([40], 0);
  expect(await train([8, 24, 40], 0)).toEqual(whole);
  expect(await train([40], 2)).toEqual(whole);
  const batches = chunks(rows, 8).map(imageBatch);
  const expected = plainTrain(deepSetup, deepSetup.weights, batches);
  expected.losses.forEach((loss, i) => expect(whole.losses[i]).toBeCloseTo(loss, 5));
});

test("a source that does not hold what it says is refused", async () => {
  const network = await create(imageSetup("fa"));
  const short = { ...images, targets: images.targets.subarray(1) };
  await expect(network.train(short, rows)).rejects.toThrow(BioflaxError);
  await expect(network.train(short, rows)).rejects.toThrow(
    "expected 23 × [] = 23 numbers of targets, received 22",
  );
});
