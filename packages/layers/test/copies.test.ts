import { BioflaxError } from "@bioflax/core";
import { beforeAll, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import { convert, toLayersModel } from "../src/index";
import "./backends";

beforeAll(() => tf.setBackend("cpu"));

const values = (x: unknown) => [...(x as tf.Tensor).dataSync()];
const { layers } = tf;

/** A layer of somebody's, who has not said in its config how many units it has. */
class Forgetful extends tf.layers.Layer {
  static className = "Forgetful";
  readonly #units: number;
  readonly #hasWeight: boolean;

  constructor({ units = 1, hasWeight = true, ...rest }: { units?: number; hasWeight?: boolean }) {
    super(rest);
    this.#units = units;
    this.#hasWeight = hasWeight;
  }

  override build(): void {
    const ones = tf.initializers.ones();
    if (this.#hasWeight) this.addWeight("scale", [this.#units], "float32", ones);
    this.built = true;
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return this.#hasWeight ? inputShape : [...inputShape.slice(0, -1), this.#units];
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), hasWeight: this.#hasWeight };
  }

  override call(inputs: tf.Tensor[]): tf.Tensor {
    const [x] = inputs as [tf.Tensor];
    return this.#hasWeight ? tf.mul(x, 2) : tf.tile(x, [1, this.#units]);
  }
}

describe("a layer that stays is copied with all it is made of", () => {
  const regularizer = tf.regularizers.l2({ l2: 0.1 });
  const constraint = tf.constraints.maxNorm({ maxValue: 0.5 });
  const depthwise = { depthwiseRegularizer: regularizer, depthwiseConstraint: constraint };
  const separable = {
    filters: 4,
    kernelSize: 3,
    depthMultiplier: 2,
    pointwiseConstraint: constraint,
  };
  const inputShape = [8, 8, 3];

  // TensorFlow.js's own configs leave out the depthMultiplier of the first, and have the regularizer for the constraint
  // in the second.
  test.each<[string, () => tf.layers.Layer[], number[]]>([
    [
      "separableConv2d",
      () => [layers.separableConv2d({ ...separable, ...depthwise, inputShape } as never)],
      inputShape,
    ],
    [
      "depthwiseConv2d",
      () => [
        layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, ...depthwise, inputShape }),
      ],
      inputShape,
    ],
    [
      "depthwiseConv2d with a regularizer alone",
      () => [
        layers.depthwiseConv2d({ kernelSize: 3, depthwiseRegularizer: regularizer, inputShape }),
      ],
      inputShape,
    ],
    [
      "dense, with weights that are not within its constraint yet",
      () => [layers.dense({ units: 3, kernelConstraint: constraint, inputShape })],
      inputShape,
    ],
    [
      "separableConv2d in timeDistributed",
      () => [
        layers.timeDistributed({
          layer: layers.separableConv2d({ ...separable, ...depthwise } as never),
          inputShape: [2, ...inputShape],
        }),
      ],
      [2, ...inputShape],
    ],
  ])("%s", (_name, make, shape) => {
    const plain = tf.sequential({
      layers: [...make(), layers.flatten(), layers.dense({ units: 2 })],
    });
    const x = tf.randomNormal([2, ...shape], 0, 1, "float32", 1);
    const { model } = convert(plain, { rule: "fa" });
    const copy = toLayersModel(plain);
    for (const one of [model, toLayersModel(model), copy])
      expect(values(one.predict(x))).toEqual(values(plain.predict(x)));
    const [own, copied] = [plain, copy].map(({ layers: [first] }) => {
      const one = ((first as { layer?: object }).layer ?? first) as Record<string, object>;
      return ["depthwiseRegularizer", "depthwiseConstraint", "pointwiseConstraint"].map(
        (option) => one[option] && { ...one[option] },
      );
    });
    expect(copied).toEqual(own);
  });

  test("and what a rule teaches of it keeps its regularizers and constraints", () => {
    const plain = tf.sequential({
      layers: [
        layers.separableConv2d({ ...separable, ...depthwise, inputShape } as never),
        layers.depthwiseConv2d({ kernelSize: 3, ...depthwise }),
      ],
    });
    const { model } = convert(plain, { rule: "fa" });
    const penalized = {
      kernelRegularizer: { className: "L1L2", config: { l2: 0.1 } },
      kernelConstraint: { className: "MaxNorm", config: { maxValue: 0.5 } },
    };
    const configs = model.layers.map((layer) => layer.getConfig());
    expect(configs).toMatchObject([
      penalized,
      { kernelRegularizer: null, kernelConstraint: penalized.kernelConstraint },
      penalized,
    ]);
    const back = toLayersModel(model).layers.map((layer) => layer.getConfig());
    expect(back[2]).toMatchObject({ depthwiseRegularizer: penalized.kernelRegularizer });
  });

  test.each([
    ["weights", true, "its weights are [3], and a copy's [1]."],
    ["outputs", false, "it gives out [, 3], and a copy [, 1]."],
  ])("or, if it can't be, named: a copy has other %s", (_what, hasWeight, reason) => {
    const own = () => new Forgetful({ units: 3, hasWeight });
    const input = tf.input({ shape: [3] });
    const [first, second] = [own(), own()];
    const chain = tf.sequential({ layers: [layers.reLU({ inputShape: [3] }), first] });
    const graph = tf.model({ inputs: input, outputs: second.apply(input) as tf.SymbolicTensor });
    for (const [model, { name }] of [[chain, first] as const, [graph, second] as const]) {
      const act = () => convert(model, { rule: "fa" });
      expect(act).toThrow(BioflaxError);
      expect(act).toThrow(`The layer "${name}" (Forgetful) cannot be copied: `);
      expect(act).toThrow(reason);
    }
  });
});
