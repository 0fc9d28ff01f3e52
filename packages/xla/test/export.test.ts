import {
  createNetwork,
  createTrainable,
  DelayedErrors,
  initializeWeights,
  type NetworkSpec,
  Random,
  rateAt,
  sizeOf,
} from "@bioflax/core";
import {
  type PlainBatch,
  plainTrain,
  type TrainingCase,
  trainingCase,
} from "@bioflax/core/testing";
import type { PjrtClient } from "@bioflax/pjrt";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import {
  type ExportedProgram,
  inferenceProgram,
  trainingStepProgram,
  XlaNetwork,
} from "../src/index";
import { cpuClient, wherePlugin } from "./xla-interpreter";

const spec: NetworkSpec = {
  inputShape: [8, 8, 2],
  rule: "fa",
  layers: [
    { type: "conv2d", filters: 3, kernelSize: 3, padding: "same" },
    { type: "batchNormalization" },
    { type: "activation", activation: "relu" },
    { type: "maxPooling2d", poolSize: 2 },
    { type: "flatten" },
    { type: "dropout", rate: 0.5 },
    { type: "dense", units: 4 },
  ],
};
const weights = initializeWeights(createNetwork(spec), 3);

wherePlugin("XLA on the processor", () => {
  let client: PjrtClient;
  beforeAll(async () => {
    client = await cpuClient();
  });
  afterAll(() => client.destroy());

  /** Runs a program on arrays by the names of its arguments. @returns its results by theirs. */
  async function run(
    program: ExportedProgram,
    given: Readonly<Record<string, Float32Array | Int32Array>>,
  ): Promise<Record<string, Float32Array>> {
    const executable = await client.compile(program.text);
    const inputs = program.arguments.map(({ name, shape }) =>
      client.buffer(given[name]!, { shape }),
    );
    const outputs = await executable.execute(await Promise.all(inputs));
    const results: Record<string, Float32Array> = {};
    for (const [i, { name, shape }] of program.results.entries()) {
      expect(outputs[i]!.shape).toEqual(shape);
      results[name] = await outputs[i]!.toHost<"f32">();
    }
    return results;
  }

  test("a program of its own answers as the network does", async () => {
    const random = new Random(0, "inference-program");
    const inputs = Float32Array.from({ length: 5 * 128 }, () => random.normal());
    const network = await XlaNetwork.create({
      ...{ client, spec, weights, loss: "softmaxCrossEntropy", batchSize: 5 },
      optimizer: { name: "sgd", learningRate: 0.1 },
      layout: { inputShape: [8, 8, 2], targetShape: [] },
    });
    const source = { inputs, targets: new Int32Array(5), count: 5 };
    await network.train(source, Int32Array.of(0, 1, 2, 3, 4));
    const trained = await network.weights();
    const rows = Int32Array.of(0, 1, 2, 3, 4);
    const expected = await network.predict(source, rows);
    const constant = inferenceProgram({ spec, weights: trained, batch: 5 });
    expect(constant.arguments).toEqual([{ name: "input", shape: [5, 8, 8, 2], type: "float32" }]);
    for (const program of [constant, inferenceProgram({ spec, batch: 5 })]) {
      const { output } = await run(program, { ...trained, input: inputs });
      output!.forEach((x, i) => expect(x).toBeCloseTo(expected[i]!, 5));
    }
    await network.dispose();
  });

  /**
   * Takes a case's steps by its program, one after another, as whoever reads it would.
   *
   * @param delayed what the errors of the examples are at first, of a rule that needs them.
   */
  async function trained(given: TrainingCase, delayed: Float32Array = new Float32Array()) {
    const { learningRate } = createTrainable(given);
    const { input, labels } = given.batches[0]!;
    const program = trainingStepProgram({
      ...given,
      batch: input.length,
      targetForm: labels === undefined ? "rows" : "labels",
    });
    let state: Record<string, Float32Array> = { ...given.weights, delayed };
    for (const { name, shape } of program.arguments)
      if (name.includes(".")) state[name] ??= new Float32Array(sizeOf(shape));
    const losses: number[] = [];
    for (const [t, batch] of given.batches.entries()) {
      const {
        loss,
        exampleErrors = delayed,
        ...next
      } = await run(program, {
        ...state,
        ...inputsOf(batch),
        stepsTaken: Float32Array.of(t),
        rate: Float32Array.of(rateAt(learningRate, t)),
      });
      losses.push(loss![0]!);
      state = { ...state, ...next, delayed: exampleErrors };
    }
    return { losses, weights: state };
  }
  const inputsOf = ({ input, labels, values, noise = {} }: PlainBatch) => ({
    input: Float32Array.from(input.flat()),
    target: labels === undefined ? Float32Array.from(values!.flat()) : Int32Array.from(labels),
    ...noise,
  });

  test.each([
    ["kp", "softmaxCrossEntropy", { name: "adam", learningRate: 0.01, epsilon: 1e-3 }],
    ["wm", "meanSquaredError", { name: "sgd", learningRate: 0.1, momentum: 0.9 }],
    ["brsf", "sigmoidCrossEntropy", { name: "sgd", learningRate: 0.1, weightDecay: 0.01 }],
  ] as const)(
    "a program of one step of %s trains as the plain loops do",
    async (rule, loss, optimizer) => {
      const given = trainingCase({ rule, loss, optimizer, sizes: [6, 7, 4], steps: 3 });
      expectPlain(await trained(given), given);
    },
  );

  test("a program of one step of f3 gives the errors that it takes at the next of the same examples", async () => {
    const drawn = trainingCase({
      rule: "f3",
      loss: "softmaxCrossEntropy",
      optimizer: { name: "sgd", learningRate: 0.1 },
      sizes: [6, 7, 4],
    });
    const [batch] = drawn.batches as [PlainBatch];
    const labels = Int32Array.from(batch.labels!);
    const examples = [...labels.keys()];
    const given = { ...drawn, batches: Array(3).fill({ ...batch, examples }) };
    const first = new DelayedErrors(createTrainable(given)).take(
      { targets: labels, count: labels.length },
      "labels",
      Int32Array.from(examples),
    );
    expectPlain(await trained(given, first), given);
  });

  function expectPlain(received: Awaited<ReturnType<typeof trained>>, given: TrainingCase) {
    const expected = plainTrain(given, given.weights, given.batches);
    expected.losses.forEach((value, i) => expect(received.losses[i]).toBeCloseTo(value, 5));
    for (const [name, values] of Object.entries(expected.weights))
      values.flat().forEach((value, i) => expect(received.weights[name]![i]).toBeCloseTo(value, 4));
  }
});

test("feedback weights are in none, whether there are any or not", () => {
  const kernels = Object.entries(weights).filter(([name]) => !name.endsWith(".feedback"));
  expect(kernels.length).toBeLessThan(Object.keys(weights).length);
  expect(inferenceProgram({ spec, weights: Object.fromEntries(kernels) })).toEqual(
    inferenceProgram({ spec, weights }),
  );
  const names = inferenceProgram({ spec }).arguments.map(({ name }) => name);
  expect(names).toEqual(["input", ...kernels.map(([name]) => name)]);
});

test("what does not fit is refused", () => {
  const { "layers.6.bias": _bias, ...missing } = weights;
  expect(() => inferenceProgram({ spec, weights: missing })).toThrow(
    'inferenceProgram: expected the weight "layers.6.bias" to hold [4] = 4 numbers, received none.',
  );
  expect(() => inferenceProgram({ spec, weights, batch: 0 })).toThrow(
    "inferenceProgram: expected batch to be a whole number from 1, received 0.",
  );
  const training = {
    spec,
    loss: "softmaxCrossEntropy",
    optimizer: { name: "sgd", learningRate: 1 },
  } as const;
  expect(() => trainingStepProgram({ ...training, batch: 1.5 })).toThrow(
    "trainingStepProgram: expected batch to be a whole number from 1, received 1.5.",
  );
});
