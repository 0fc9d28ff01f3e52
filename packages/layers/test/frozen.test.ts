import type { RuleName } from "@bioflax/core";
import { beforeAll, describe, expect, jest, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import {
  bioBatchNormalization,
  bioConv2d,
  bioDense,
  bioDropout,
  convert,
  denseDFAHidden,
  denseDFAOutput,
  denseFA,
  readWeights,
  toNetwork,
  toSpec,
  writeWeights,
} from "../src/index";
import { savedAndLoaded, weightDifference } from "./artifacts";
import "./backends";

beforeAll(() => tf.setBackend("cpu"));

const values = (x: unknown) => [...(x as tf.Tensor).dataSync()];
const names = (model: tf.LayersModel) => model.weights.map(({ originalName }) => originalName);

/** Square layers, so that weights that are mixed up have the right shapes. */
function chain(rule: RuleName, seed: number, useBias = false): tf.LayersModel {
  return tf.sequential({
    layers: [
      bioDense({ rule, units: 4, useBias, seed, inputShape: [4], name: "a" }),
      bioBatchNormalization({ name: "bn" }),
      bioDense({ rule, units: 4, useBias, seed, name: "b" }),
      tf.layers.dense({ units: 4, useBias, name: "plain" }),
      bioDense({ rule, units: 4, useBias, seed, name: "c" }),
    ],
  });
}

/** A model in a model, a branch, and a layer in a wrapper. */
function nested(seed: number): tf.LayersModel {
  const inner = tf.sequential({
    name: "inner",
    layers: [
      bioConv2d({
        rule: "frsf",
        filters: 2,
        kernelSize: 1,
        seed,
        inputShape: [2, 2, 2],
        name: "a",
      }),
      bioConv2d({ rule: "wm", filters: 2, kernelSize: 1, seed, name: "b" }),
    ],
  });
  const input = tf.input({ shape: [2, 2, 2] });
  const x = inner.apply(input) as tf.SymbolicTensor;
  const rows = tf.layers.reshape({ targetShape: [4, 2] }).apply(x) as tf.SymbolicTensor;
  const each = tf.layers.timeDistributed({
    name: "each",
    layer: denseFA({ units: 2, seed, name: "row" }) as never,
  });
  const left = each.apply(rows) as tf.SymbolicTensor;
  const right = denseFA({ units: 2, seed, name: "right" }).apply(rows) as tf.SymbolicTensor;
  const output = tf.layers.add().apply([left, right]) as tf.SymbolicTensor;
  return tf.model({ inputs: input, outputs: output });
}

const freezes: Record<string, (model: tf.LayersModel) => void> = {
  "the model": (model) => {
    model.trainable = false;
  },
  "every layer": (model) => {
    for (const layer of model.layers) layer.trainable = false;
  },
  "one layer": (model) => {
    model.layers[1]!.trainable = false;
  },
  "one weight": (model) => {
    model.weights[0]!.trainable = false;
  },
  "model, and back": (model) => {
    model.trainable = false;
    model.trainable = true;
  },
};

describe("weights have one order, frozen or not: a frozen copy takes those of the network that learns", () => {
  const rules = ["bp", "fa", "kp", "wm", "frsf", "usf"] as const;
  const cases = Object.keys(freezes).flatMap((how) => [
    ...rules.flatMap((rule) => [
      [how, rule, (seed: number) => chain(rule, seed)] as const,
      [how, `${rule} with biases`, (seed: number) => chain(rule, seed, true)] as const,
    ]),
    [how, "models in models", nested] as const,
  ]);

  test.each(cases)("%s frozen: %s", (how, _what, make) => {
    const online = make(1);
    const target = make(2);
    const given = online.getWeights();
    expect(names(online).length).toBe(new Set(names(online)).size);
    freezes[how]!(target);
    expect(names(target)).toEqual(names(online));
    target.setWeights(given);
    expect(weightDifference(online, target)).toBe(0);
    // The other way round, and from frozen to frozen.
    const back = make(3);
    back.setWeights(target.getWeights());
    expect(weightDifference(online, back)).toBe(0);
  });

  test("and it is TensorFlow.js's own where nothing is frozen, as its models without such layers have it", () => {
    const plain = tf.sequential({
      layers: [
        tf.layers.dense({ units: 4, inputShape: [4], name: "a" }),
        tf.layers.batchNormalization({ name: "bn" }),
        tf.layers.dense({ units: 4, name: "b" }),
        tf.layers.dense({ units: 4, name: "plain" }),
        tf.layers.dense({ units: 4, name: "c" }),
      ],
    });
    const model = chain("bp", 1, true);
    expect(names(model)).toEqual(names(plain));
    model.setWeights(plain.getWeights());
    const x = tf.randomNormal([3, 4], 0, 1, "float32", 1);
    const [own, theirs] = [model.predict(x), plain.predict(x)].map(values);
    own!.forEach((y, i) => expect(y).toBeCloseTo(theirs![i]!, 5));
    // A model of TensorFlow.js's alone is left as it is.
    plain.layers[0]!.trainable = false;
    expect(names(plain)[0]).toBe("bn/gamma");
  });

  test("a frozen model is saved and loaded whole", async () => {
    const model = chain("fa", 1);
    model.trainable = false;
    expect(weightDifference(model, await savedAndLoaded(model))).toBe(0);
  });

  test("TensorFlow.js saves which layers are frozen, and not that a model is", async () => {
    const model = chain("fa", 1);
    model.layers[0]!.trainable = false;
    const loaded = await savedAndLoaded(model);
    expect(loaded.layers.map(({ trainable }) => trainable)).toEqual(
      model.layers.map(({ trainable }) => trainable),
    );
    expect(loaded.trainableWeights).toHaveLength(model.trainableWeights.length);
    model.trainable = false;
    expect((await savedAndLoaded(model)).trainable).toBe(true);
    const outer = nested(1);
    const inner = outer.getLayer("inner");
    inner.trainable = false;
    expect((await savedAndLoaded(outer)).getLayer("inner").trainable).toBe(true);
  });

  test("weights with feedback go to a model that has none by name, and by setWeights not at all", async () => {
    const [fa, bp] = [chain("fa", 1), chain("bp", 2)];
    expect(() => bp.setWeights(fa.getWeights())).toThrow("readWeights and writeWeights go by name");
    const given = await readWeights(fa);
    writeWeights(bp, given);
    for (const [name, value] of Object.entries(await readWeights(bp)))
      expect(value).toEqual(given[name]);
  });
});

describe("a frozen batch normalisation is as in inference, as in Keras since 2.1.3", () => {
  const x = () => tf.add(tf.mul(tf.randomNormal([32, 3], 0, 1, "float32", 4), 5), 10);
  const y = () => tf.zeros([32, 2]);
  const [base, statistics] = ["base", ["moving_mean", "moving_variance"]] as const;

  async function changes(model: tf.LayersModel): Promise<string[]> {
    const before = model.weights.map((weight) => values(weight.read()));
    model.compile({ optimizer: tf.train.sgd(0.01), loss: "meanSquaredError" });
    await model.fit(x(), y(), { epochs: 2, batchSize: 32, verbose: 0 });
    return model.weights.flatMap((weight, i) =>
      values(weight.read()).every((value, j) => value === before[i]![j])
        ? []
        : [weight.originalName],
    );
  }

  const bare = { center: false, scale: false };
  const part = (options: object) =>
    tf.sequential({
      name: base,
      layers: [bioBatchNormalization({ inputShape: [3], name: "bn", ...options })],
    });
  const within = (layer: tf.layers.Layer) =>
    tf.sequential({ layers: [layer, denseFA({ units: 2, name: "head" })] });

  test("not frozen, it follows", async () => {
    const all = [
      "bn/gamma",
      "bn/beta",
      "head/kernel",
      "head/bias",
      ...statistics.map((s) => `bn/${s}`),
    ];
    expect(await changes(within(part({})))).toEqual(all);
  });

  test.each([
    ["by its option", () => within(bioBatchNormalization({ inputShape: [3], trainable: false }))],
    [
      "by its property",
      () => {
        const model = within(bioBatchNormalization({ inputShape: [3] }));
        model.layers[0]!.trainable = false;
        return model;
      },
    ],
    ["with the model it is in", () => within(Object.assign(part({}), { trainable: false }))],
    ["without γ and β, too", () => within(Object.assign(part(bare), { trainable: false }))],
    [
      "with a model around the one it is in",
      () => {
        const first = tf.layers.reshape({ targetShape: [3], inputShape: [3] });
        const outer = tf.sequential({ layers: [first, part({})] });
        outer.trainable = false;
        return within(outer);
      },
    ],
    [
      "with the model it is in, used in a functional one",
      () => {
        const input = tf.input({ shape: [3] });
        const inner = Object.assign(part({}), { trainable: false });
        const hidden = inner.apply(input) as tf.SymbolicTensor;
        const outputs = denseFA({ units: 2, name: "head" }).apply(hidden) as tf.SymbolicTensor;
        return tf.model({ inputs: input, outputs });
      },
    ],
    [
      "and converted",
      () => {
        const plain = tf.sequential({
          layers: [
            tf.layers.batchNormalization({ inputShape: [3] }),
            tf.layers.dense({ units: 2, name: "head" }),
          ],
        });
        plain.layers[0]!.trainable = false;
        return convert(plain, { rule: "fa" }).model;
      },
    ],
  ])("frozen %s, it keeps its statistics and normalises with them", async (_how, make) => {
    const model = make();
    const part = model.layers.at(-2)!;
    const inTraining = values(part.apply(x(), { training: true }));
    expect(inTraining).toEqual(values(part.apply(x())));
    expect(await changes(model)).toEqual(["head/kernel", "head/bias"]);
  });

  test("thawed, it follows again", async () => {
    const inner = part(bare);
    inner.trainable = false;
    const model = within(inner);
    inner.trainable = true;
    expect(await changes(model)).toEqual([
      "head/kernel",
      "head/bias",
      "bn/moving_mean",
      "bn/moving_variance",
    ]);
  });
});

test("the feedback weights of a frozen layer mirror its kernel no more; dropout goes on", async () => {
  const layer = bioDense({ rule: "wm", units: 3, inputShape: [3], trainable: false });
  const model = tf.sequential({
    layers: [layer, bioDropout({ rate: 0.5 }), bioDense({ rule: "wm", units: 2 })],
  });
  const feedback = (index: number) =>
    values((model.layers[index] as typeof layer).variables.feedback!.read());
  const [frozen, free] = [feedback(0), feedback(2)];
  model.compile({ optimizer: tf.train.sgd(0.01), loss: "meanSquaredError" });
  await model.fit(tf.ones([8, 3]), tf.zeros([8, 2]), { verbose: 0 });
  expect(feedback(0)).toEqual(frozen);
  expect(feedback(2)).not.toEqual(free);
  expect(values(model.layers[1]!.apply(tf.ones([8, 3]), { training: true }))).toContain(0);
});

test("convert keeps a functional model frozen where it gives it ends", () => {
  const input = tf.input({ shape: [3] });
  const hidden = tf.layers.dense({ units: 3 }).apply(input) as tf.SymbolicTensor;
  const flat = tf.layers.dense({ units: 2 }).apply(hidden) as tf.SymbolicTensor;
  const outputs = tf.layers.softmax().apply(flat) as tf.SymbolicTensor;
  const model = tf.model({ inputs: input, outputs });
  model.trainable = false;
  expect(convert(model, { rule: "drtp" }).model.trainable).toBe(false);
});

test("a model that is frozen as a whole is not compiled as one that learns", async () => {
  const model = tf.sequential({ layers: [denseFA({ units: 2, inputShape: [3], name: "only" })] });
  await toSpec(model);
  model.trainable = false;
  await expect(toSpec(model)).rejects.toThrow('the layer "only" (BioflaxDense) is not trainable');
  const frozen = tf.sequential({
    layers: [
      bioBatchNormalization({ inputShape: [3], trainable: false, name: "bn" }),
      denseFA({ units: 2 }),
    ],
  });
  expect(() => toNetwork(frozen)).toThrow(
    'the layer "bn" is a frozen batch normalisation, and a network\'s follows each step',
  );
});

describe("weights of a network under another rule", () => {
  const kernel = () => tf.randomNormal([4, 3], 0, 1, "float32", 5);
  const bias = () => tf.tensor1d([1, 2, 3]);

  test.each(["fa", "kp", "frsf", "wm"] as const)(
    "[kernel, bias] leave %s its feedback weights",
    (rule) => {
      const make = (weights?: tf.Tensor[]) => {
        const layer = bioDense({
          rule,
          units: 3,
          name: "l",
          inputShape: [4],
          ...(weights && { weights }),
        });
        tf.sequential({ layers: [layer] });
        return layer;
      };
      const own = values(make().variables.feedback!.read());
      const [byOption, byCall] = [make([kernel(), bias()]), make()];
      byCall.setWeights([kernel(), bias()]);
      for (const layer of [byOption, byCall])
        expect(layer.getWeights().map(values)).toEqual([values(kernel()), [1, 2, 3], own]);
    },
  );

  test("and so with a direct rule's, which come later, and a convolution's", () => {
    const hidden = denseDFAHidden({ units: 3, inputShape: [4], weights: [kernel(), bias()] });
    tf.sequential({ layers: [hidden, denseDFAOutput({ units: 2 })] });
    expect(hidden.getWeights().map(({ shape }) => shape)).toEqual([[4, 3], [3], [3, 2]]);
    expect(values(hidden.getWeights()[0])).toEqual(values(kernel()));
    hidden.setWeights([tf.ones([4, 3]), bias()]);
    expect(values(hidden.getWeights()[0])).toEqual(Array(12).fill(1));
    const image = tf.ones([1, 1, 2, 3]);
    const convolution = bioConv2d({
      rule: "fa",
      filters: 3,
      kernelSize: 1,
      inputShape: [2, 2, 2],
      weights: [image, bias()],
    });
    tf.sequential({ layers: [convolution] });
    expect(values(convolution.getWeights()[0])).toEqual(values(image));
  });

  test("a whole model takes those of one under bp, in TensorFlow.js's layers or ours", () => {
    for (const rule of ["fa", "kp"] as const) {
      const [model, before] = [chain(rule, 1, true), chain(rule, 1, true)];
      const given = chain("bp", 2, true).getWeights();
      model.setWeights(given);
      const isFeedback = ({ originalName }: tf.LayerVariable) => originalName.endsWith("/feedback");
      const others = model.weights.filter((weight) => !isFeedback(weight));
      expect(others.map((weight) => values(weight.read()))).toEqual(given.map(values));
      expect(model.weights.filter(isFeedback).map((weight) => values(weight.read()))).toEqual(
        before.weights.filter(isFeedback).map((weight) => values(weight.read())),
      );
    }
  });

  test("feedback weights that a layer's rule has not are left out, and the console says so", () => {
    const warn = jest.spyOn(console, "warn").mockImplementation(() => undefined);
    const layer = bioDense({ rule: "bp", units: 3, name: "l", inputShape: [4] });
    tf.sequential({ layers: [layer] });
    layer.setWeights([kernel(), bias(), kernel()]);
    expect(warn.mock.calls).toEqual([
      ['Layer "l": feedback weights [4, 3] are left out, because the rule "bp" has none.'],
    ]);
    warn.mockRestore();
    expect(layer.getWeights().map(values)).toEqual([values(kernel()), [1, 2, 3]]);
  });

  test("what does not fit is refused, and nothing is changed", () => {
    const layer = denseFA({ units: 3, name: "l", inputShape: [4] });
    const model = tf.sequential({ name: "m", layers: [layer] });
    const before = layer.getWeights().map(values);
    expect(() => layer.setWeights([kernel(), tf.ones([4])])).toThrow(
      'Layer "l": setWeights, or the option weights, expected kernel [4, 3], bias [3], feedback [4, 3], received [4, 3], [4]. ' +
        "Feedback weights may be left out.",
    );
    expect(() => layer.setWeights([kernel()])).toThrow("received [4, 3]. Feedback");
    const hidden = denseDFAHidden({
      units: 3,
      weights: [kernel(), bias(), kernel()],
      inputShape: [4],
    });
    expect(() => tf.sequential({ layers: [hidden] })).toThrow(
      "they come with the output layer, or with outputUnits",
    );
    const noBias = bioDense({ rule: "bp", units: 3, useBias: false, inputShape: [4] });
    tf.sequential({ layers: [noBias] });
    expect(() => noBias.setWeights([kernel(), bias()])).toThrow("expected kernel [4, 3], received");
    expect(() => model.setWeights([kernel(), tf.ones([4])])).toThrow(
      'Model "m_model": setWeights expected 3 weights, or 2 without feedback weights, and weight 1 to be "l/bias" [3], received [4]. ' +
        "Between models under different rules, readWeights and writeWeights go by name.",
    );
    expect(() => model.setWeights([])).toThrow("without feedback weights, received 0.");
    expect(layer.getWeights().map(values)).toEqual(before);
  });
});
