import type { RuleName } from "@bioflax/core";
import { beforeAll, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import { bioLayer, convert, loss, optimizer, readWeights, toLayersModel } from "../src/index";
import { savedAndLoaded } from "./artifacts";
import { BACKENDS } from "./backends";
import { coreTraining } from "./core-training";

const [STEPS, INPUTS, UNITS] = [5, 3, 4];
const labels = [1, 0, 1, 1, 0, 1];
const sgd = { name: "sgd", learningRate: 0.1, momentum: 0.9 } as const;

const sequences = (seed = 7) =>
  tf.randomNormal([labels.length, STEPS, INPUTS], 0, 1, "float32", seed);
const predictions = (model: tf.LayersModel) => [
  ...(model.predict(sequences()) as tf.Tensor).dataSync(),
];
const farthest = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.max(...Array.from(a, (x, i) => Math.abs(x - b[i]!)));

/** TensorFlow.js's layer in a model, with biases that are not 0, after layers and with a dense one at the end. */
function modelOf(batch: number | null, layers: readonly tf.layers.Layer[]): tf.LayersModel {
  const input = tf.input({ batchShape: [batch, STEPS, INPUTS] });
  const output = [...layers, tf.layers.dense({ units: 2, name: "output" })].reduce(
    (x, layer) => layer.apply(x) as tf.SymbolicTensor,
    input,
  );
  const model = tf.model({ inputs: input, outputs: output });
  model.setWeights(
    model.getWeights().map(({ shape }, i) => tf.randomUniform(shape, -0.6, 0.6, "float32", i)),
  );
  return model;
}

const modelWith = (...layers: readonly tf.layers.Layer[]) => modelOf(null, layers);

const cases: readonly (readonly [string, () => readonly tf.layers.Layer[]])[] = [
  ["simpleRNN", () => [tf.layers.simpleRNN({ units: UNITS })]],
  [
    "simpleRNN, every state of it, the activation another, without bias",
    () => [
      tf.layers.simpleRNN({
        ...{ units: UNITS, returnSequences: true, activation: "relu", useBias: false },
        recurrentInitializer: "identity",
      }),
      tf.layers.activation({ activation: "tanh" }),
      tf.layers.flatten(),
    ],
  ],
  ["gru", () => [tf.layers.gru({ units: UNITS, recurrentActivation: "sigmoid" })]],
  [
    "gru, one above another, with regularizers",
    () => [
      tf.layers.gru({
        ...{ units: UNITS, recurrentActivation: "sigmoid", returnSequences: true },
        ...{ kernelRegularizer: "l1l2", recurrentRegularizer: "l1l2", biasRegularizer: "l1l2" },
      }),
      tf.layers.gru({ units: 2, recurrentActivation: "linear", activation: "swish" }),
    ],
  ],
  [
    "simpleRNN, held to what is not negative",
    () => [
      tf.layers.simpleRNN({
        units: UNITS,
        kernelConstraint: "nonNeg",
        recurrentConstraint: "nonNeg",
      }),
    ],
  ],
  [
    "simpleRNN, an activation after its last state",
    () => [
      tf.layers.simpleRNN({ units: UNITS, activation: "linear" }),
      tf.layers.activation({ activation: "tanh" }),
    ],
  ],
];

const isGru = (name: string) => name.startsWith("gru");

describe.each(BACKENDS)("%s", (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
  });

  describe.each(cases)("%s", (name, make) => {
    const rules: RuleName[] = ["bp", "fa", "kp", "usf", "brsf", "wm", "ldfa"];
    test.each<RuleName>(isGru(name) ? rules : [...rules, "dfa", "dkp"])(
      "%s: predicts as before, is saved and loaded, and is TensorFlow.js's again",
      async (rule) => {
        const plain = modelWith(...make());
        const expected = predictions(plain);
        const { model, report } = convert(plain, { rule, seed: 3 });
        expect(report.filter(({ action }) => action === "left")).toEqual([]);
        expect(report.find(({ className }) => /GRU|RNN/.test(className))).toMatchObject({
          ...{ action: "converted", rule, why: "the rule teaches it" },
        });
        expect(farthest(predictions(model), expected)).toBeLessThan(1e-6);
        expect(farthest(predictions(await savedAndLoaded(model)), expected)).toBeLessThan(1e-6);
        const back = await savedAndLoaded(toLayersModel(model));
        expect(farthest(predictions(back), expected)).toBeLessThan(1e-6);
        const classes = (of: tf.LayersModel) => of.layers.map((layer) => layer.getClassName());
        expect(classes(back)).toEqual(classes(plain));
        back.getWeights().forEach((weight, i) => {
          expect([...weight.dataSync()]).toEqual([...plain.getWeights()[i]!.dataSync()]);
        });
        // And under a rule once more.
        const again = convert(model, { rule: "bp" }).model;
        expect(farthest(predictions(again), expected)).toBeLessThan(1e-6);
      },
    );
  });

  test.each<[RuleName, number]>([
    ["bp", 0],
    ["fa", 0],
    ["kp", 0],
    ["dfa", 0],
    ["dkp", 1],
    ["drtp", 1],
    ["dfa", 1],
    ["fa", 2],
    ["wm", 2],
    ["dfa", 5],
    ["dkp", 5],
  ])("%s, case %i: learns as core's definitions say", async (rule, which) => {
    const plain = modelWith(...cases[which]![1]());
    const { model } = convert(plain, { rule, seed: 5 });
    const core = await coreTraining(model, "softmaxCrossEntropy", sgd);
    const step = optimizer(sgd);
    const lossOf = loss("softmaxCrossEntropy");
    for (const seed of [1, 2, 3]) {
      const x = sequences(seed);
      const expected = core.step(x, labels);
      const { value, grads } = tf.variableGrads(() =>
        lossOf(tf.tensor1d(labels, "int32"), model.apply(x, { training: true }) as tf.Tensor),
      );
      step.applyGradients(grads);
      expect(Math.abs(value.dataSync()[0]! / expected - 1)).toBeLessThan(1e-4);
    }
    const weights = await readWeights(model);
    for (const [name, { data }] of Object.entries(core.weights()))
      expect([name, farthest(weights[name]!, data) < 1e-4]).toEqual([name, true]);
  });
});

describe("under bp", () => {
  beforeAll(async () => {
    await tf.setBackend("cpu");
  });

  /** Losses of some steps, and what the model says after them. */
  async function trained(model: tf.LayersModel) {
    model.compile({ optimizer: tf.train.sgd(0.1), loss: "meanSquaredError" });
    const target = tf.oneHot(tf.tensor1d(labels, "int32"), 2).toFloat();
    const losses: number[] = [];
    for (let step = 0; step < 3; step++)
      losses.push((await model.trainOnBatch(sequences(), target)) as number);
    return { losses, told: predictions(model) };
  }

  test.each([0, 1, 2])("it learns as TensorFlow.js does: case %i", async (which) => {
    const plain = modelWith(...cases[which]![1]());
    const ours = await trained(convert(plain, { rule: "bp" }).model);
    const theirs = await trained(plain);
    expect(farthest(ours.losses, theirs.losses)).toBeLessThan(1e-5);
    expect(farthest(ours.told, theirs.told)).toBeLessThan(1e-5);
  });

  test("regularizers count, which TensorFlow.js leaves out of recurrent layers", async () => {
    const plain = modelWith(...cases[3]![1]());
    const [kernel, recurrentKernel, bias] = plain.getWeights() as [tf.Tensor, tf.Tensor, tf.Tensor];
    const penalties = [kernel, recurrentKernel, bias].map((weight) =>
      tf.regularizers.l1l2().apply(weight),
    );
    const penalty = tf.addN(penalties).dataSync()[0]!;
    const ours = await trained(convert(plain, { rule: "bp" }).model);
    const theirs = await trained(plain);
    expect(penalty).toBeGreaterThan(0.1);
    expect(Math.abs(ours.losses[0]! - theirs.losses[0]! - penalty)).toBeLessThan(1e-5);
  });
});

describe("what a layer under a rule does not do stays as TensorFlow.js computes it", () => {
  const below = { dense: () => tf.layers.dense({ units: INPUTS, name: "below" }) };
  const options: readonly (readonly [string, object, string])[] = [
    ["stateful", { stateful: true }, "it goes on from the"],
    ["goBackwards", { goBackwards: true }, "it goes through its sequences backwards"],
    ["dropout", { dropout: 0.2 }, "it drops out inputs (dropout)"],
    ["recurrentDropout", { recurrentDropout: 0.2 }, "it drops out states (recurrentDropout)"],
    ["activation", { activation: "hardSigmoid" }, "it has the activation hardSigmoid, which bio"],
    [
      "kernelRegularizer",
      { kernelRegularizer: "l1l2" },
      "its kernelRegularizer is not its recurrentRegularizer",
    ],
    [
      "maxNorm",
      { kernelConstraint: "maxNorm", recurrentConstraint: "maxNorm" },
      "its kernelConstraint takes each of its kernels as a whole",
    ],
  ];

  const left = (model: tf.LayersModel, name: string, rule: RuleName = "fa") => {
    const { model: converted, report } = convert(model, { rule });
    const entry = report.find(({ layer }) => layer === name);
    expect(farthest(predictions(converted), predictions(model))).toBeLessThan(1e-6);
    return [entry?.action, entry?.why];
  };

  beforeAll(async () => {
    await tf.setBackend("cpu");
  });

  test.each(options)("%s", (_name, more, why) => {
    const layer = tf.layers.simpleRNN({ units: UNITS, name: "rnn", ...more } as never);
    const answer = left(modelOf(labels.length, [below.dense(), layer]), "rnn");
    expect(answer).toEqual(["left", expect.stringContaining(why)]);
  });

  test("gates with the activation that TensorFlow.js gives them, which bioflax has not, or with softmax", () => {
    const gates = (more: object) =>
      left(modelWith(tf.layers.gru({ units: UNITS, name: "rnn", ...more })), "rnn")[1];
    expect(gates({})).toBe("it has the recurrentActivation hardSigmoid, which bioflax does not");
    expect(gates({ recurrentActivation: "softmax" })).toContain("whose units share their errors");
  });

  test("masked steps, where the mask gets there", () => {
    const rnn = () => tf.layers.simpleRNN({ units: UNITS, name: "rnn" });
    const masked = modelWith(tf.layers.masking({ maskValue: 0 }), below.dense(), rnn());
    expect(left(masked, "rnn")).toEqual([
      "left",
      "steps of its input may be masked, and a layer under a rule passes over none",
    ]);
    const reshaped = tf.layers.reshape({ targetShape: [STEPS, INPUTS] });
    const unmasked = modelWith(tf.layers.dense({ units: INPUTS }), reshaped, rnn());
    expect(left(unmasked, "rnn")[0]).toBe("converted");
  });

  test("states that are put out or told, sequences of unknown or several lengths", () => {
    const first = tf.input({ shape: [STEPS, INPUTS] });
    const reasonOf = (outputs: unknown) => {
      const model = tf.model({
        inputs: first,
        outputs: tf.layers.dense({ units: 2 }).apply(outputs as tf.SymbolicTensor) as never,
      });
      return left(model, "rnn")[1];
    };
    const told = tf.layers.simpleRNN({ units: UNITS, name: "states", returnState: true });
    const [output, state] = told.apply(first) as tf.SymbolicTensor[];
    const both = tf.layers.concatenate().apply([output!, state!]) as tf.SymbolicTensor;
    const model = tf.model({ inputs: first, outputs: both });
    expect(left(model, "states")[1]).toContain("it puts out its states");

    const given = tf.layers.simpleRNN({ units: UNITS, name: "rnn" });
    expect(reasonOf(given.apply(first, { initialState: [output!] } as never))).toBe(
      "it is told the states to begin with",
    );

    const open = tf.sequential({
      layers: [tf.layers.simpleRNN({ units: UNITS, name: "rnn", inputShape: [null, INPUTS] })],
    });
    expect(left(open, "rnn")[1]).toBe("the number of its steps is not known");

    const shared = tf.layers.simpleRNN({ units: UNITS, name: "rnn" });
    const short = tf.layers
      .conv1d({ filters: INPUTS, kernelSize: 2 })
      .apply(first) as tf.SymbolicTensor;
    const sum = tf.layers
      .add()
      .apply([shared.apply(first), shared.apply(short)] as tf.SymbolicTensor[]);
    expect(reasonOf(sum)).toBe("it is used on sequences of several lengths");
  });

  test("rules that it cannot learn by", () => {
    const gru = tf.layers.gru({ units: UNITS, name: "rnn", recurrentActivation: "sigmoid" });
    expect(left(modelWith(gru), "rnn", "dfa")).toEqual([
      "left",
      'it cannot learn by the rule "dfa": without resetAfter an error gets to the reset gate only through the kernel, and errors straight from the output go ' +
        "through none, and no error reaches it, because the layers above pass none on: it does not learn",
    ]);
    const last = tf.sequential({
      layers: [
        tf.layers.dense({ units: 3, inputShape: [STEPS, INPUTS] }),
        tf.layers.simpleRNN({ units: 2, name: "rnn" }),
      ],
    });
    expect(left(last, "rnn", "dfa")[1]).toBe(
      'the rule "dfa" sends the output\'s error straight to its steps, and it is at the output itself: put a dense layer after it',
    );
  });
});

test("a frozen one keeps its weights, and stays frozen", async () => {
  await tf.setBackend("cpu");
  const frozen = { units: UNITS, recurrentActivation: "sigmoid", trainable: false } as const;
  const plain = modelWith(tf.layers.gru({ ...frozen, name: "rnn" }));
  const { model } = convert(plain, { rule: "fa" });
  for (const own of [model, toLayersModel(model)]) {
    expect(own.getLayer("rnn").trainable).toBe(false);
    expect(farthest(predictions(own), predictions(plain))).toBeLessThan(1e-6);
  }
});

describe("the way back is refused by name", () => {
  const back = (type: string, options: object) => () =>
    toLayersModel(
      tf.sequential({
        layers: [
          bioLayer(type, {
            ...{ rule: "fa", units: 2, name: "mine", inputShape: [STEPS, INPUTS] },
            ...options,
          }),
        ],
      }),
    );

  test("for gates that reset after their kernel", () => {
    expect(back("gru", {})).toThrow(
      'toLayersModel: expected a gru without resetAfter, which TensorFlow.js has no other than, received one with it, the layer "mine".',
    );
  });

  test("for activations that TensorFlow.js has not, within its steps", () => {
    expect(back("simpleRNN", { activation: "leakyRelu" })).toThrow(
      'received "leakyRelu" of the layer "mine"',
    );
    expect(back("gru", { resetAfter: false, recurrentActivation: "erf" })).toThrow(
      'received "erf" of the layer "mine"',
    );
  });

  test("for a kernel that is held to something as a whole", () => {
    expect(back("simpleRNN", { kernelConstraint: "unitNorm" })).toThrow(
      'received UnitNorm of the layer "mine"',
    );
  });
});
