import { createNetwork, type NetworkSpec, type RuleName, rules } from "@bioflax/core";
import { noiseOf, plainTransport, plainWeights } from "@bioflax/core/testing";
import { beforeAll, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import {
  denseBP,
  denseDFAHidden,
  denseDFAOutput,
  denseFA,
  denseKP,
  fromSpec,
  readWeights,
} from "../src/index";
import { BACKENDS } from "./backends";
import {
  each,
  expectClose,
  flip,
  hadamard,
  type Matrix,
  matrix,
  minus,
  plusRow,
  sumRows,
  times,
} from "./matrices";

/** What bioflax's layers have in common, for the tests. */
type BioLayer =
  | ReturnType<typeof denseFA>
  | ReturnType<typeof denseDFAHidden>
  | ReturnType<typeof denseDFAOutput>;

const sigmoid = each((x) => 1 / (1 + Math.exp(-x)));
const slope = each((x) => (1 / (1 + Math.exp(-x))) * (1 - 1 / (1 + Math.exp(-x))));
const biasInitializer = { name: "uniform", scale: 0.5 } as const;

const sequentialRules = (rules.names() as RuleName[]).filter(
  (rule) => rules.get(rule).route.source === "above",
);

function weightsOf(layer: BioLayer) {
  const { kernel, bias, feedback } = layer.variables;
  return {
    W: matrix(kernel!.read()),
    b: matrix(bias!.read()),
    B: feedback === undefined ? ([] as Matrix) : matrix(feedback.read()),
    names: { W: kernel!.read(), b: bias!.read(), B: feedback?.read() } as Record<
      "W" | "b" | "B",
      tf.Variable | undefined
    >,
  };
}

/** Runs layers, and gives the output and every gradient of ½ Σ (y − t)², by tf.variableGrads and tf.grad. */
function run(layers: BioLayer[]) {
  const x = tf.randomNormal([4, 5], 0, 1, "float32", 3);
  const t = tf.randomNormal([4, 3], 0, 1, "float32", 4);
  const model = tf.sequential({ layers });
  const forward = (input: tf.Tensor) => model.apply(input, { training: true }) as tf.Tensor;
  const lossOf = (input: tf.Tensor) =>
    tf.mul(tf.sum(tf.square(tf.sub(forward(input), t))), 0.5) as tf.Scalar;
  const { grads } = tf.variableGrads(() => lossOf(x));
  const y = forward(x);
  return {
    x: matrix(x),
    y: matrix(y),
    e: minus(matrix(y), matrix(t)),
    dx: tf.grad(lossOf)(x),
    gradient: (layer: BioLayer, which: "W" | "b" | "B") =>
      grads[weightsOf(layer).names[which]!.name],
    predicted: matrix(model.predict(x) as tf.Tensor),
  };
}

describe.each(BACKENDS)("%s", (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
  });

  describe.each([
    ["denseFA", denseFA],
    ["denseKP", denseKP],
    ["denseBP", denseBP],
  ] as const)("%s", (name, dense) => {
    const feedbackOf = (layer: BioLayer) =>
      name === "denseBP" ? weightsOf(layer).W : weightsOf(layer).B;
    const expectFeedbackGradient = (
      { gradient }: ReturnType<typeof run>,
      layer: BioLayer,
      kernelGradient: Matrix,
    ) => {
      if (name === "denseKP") expectClose(gradient(layer, "B")!, kernelGradient);
      else if (name === "denseFA") expect(gradient(layer, "B")).toBeUndefined();
    };

    test("one layer: y = xW + b, ∂x = e·Bᵀ, ∂W = xᵀe, ∂b = Σ e", () => {
      const layer = dense({ units: 3, inputShape: [5], biasInitializer });
      const result = run([layer]);
      const { x, y, e, dx, gradient, predicted } = result;
      const { W, b } = weightsOf(layer);
      expectClose(y, plusRow(times(x, W), b));
      expectClose(predicted, y);
      expectClose(dx, times(e, flip(feedbackOf(layer))));
      expectClose(gradient(layer, "W")!, times(flip(x), e));
      expectClose(gradient(layer, "b")!, sumRows(e));
      expectFeedbackGradient(result, layer, times(flip(x), e));
    });

    test("two layers: ∂x = e·B₂ᵀ·B₁ᵀ, ∂W₁ = xᵀ·(e·B₂ᵀ)", () => {
      const [first, second] = [
        dense({ units: 6, inputShape: [5], biasInitializer }),
        dense({ units: 3, biasInitializer }),
      ];
      const result = run([first, second]);
      const { x, y, e, dx, gradient } = result;
      const [one, two] = [weightsOf(first), weightsOf(second)];
      const h = plusRow(times(x, one.W), one.b);
      const delta = times(e, flip(feedbackOf(second)));
      expectClose(y, plusRow(times(h, two.W), two.b));
      expectClose(dx, times(delta, flip(feedbackOf(first))));
      expectClose(gradient(second, "W")!, times(flip(h), e));
      expectClose(gradient(second, "b")!, sumRows(e));
      expectClose(gradient(first, "W")!, times(flip(x), delta));
      expectClose(gradient(first, "b")!, sumRows(delta));
      expectFeedbackGradient(result, first, times(flip(x), delta));
      expectFeedbackGradient(result, second, times(flip(h), e));
    });

    test("two layers with an activation: ∂x = ((e·B₂ᵀ) ⊙ φ′)·B₁ᵀ", () => {
      const first = dense({ units: 6, inputShape: [5], activation: "sigmoid", biasInitializer });
      const second = dense({ units: 3, biasInitializer });
      const result = run([first, second]);
      const { x, y, e, dx, gradient } = result;
      const [one, two] = [weightsOf(first), weightsOf(second)];
      const a = plusRow(times(x, one.W), one.b);
      const delta = hadamard(times(e, flip(feedbackOf(second))), slope(a));
      expectClose(y, plusRow(times(sigmoid(a), two.W), two.b));
      expectClose(dx, times(delta, flip(feedbackOf(first))));
      expectClose(gradient(second, "W")!, times(flip(sigmoid(a)), e));
      expectClose(gradient(first, "W")!, times(flip(x), delta));
      expectClose(gradient(first, "b")!, sumRows(delta));
      expectFeedbackGradient(result, first, times(flip(x), delta));
    });
  });

  describe.each(sequentialRules)("%s", (rule) => {
    test("two layers: ∂x = ((e·M₂ᵀ) ⊙ φ′)·M₁ᵀ, ∂W₁ = xᵀ·((e·M₂ᵀ) ⊙ φ′), where the rule says what M is", async () => {
      const spec: NetworkSpec = {
        inputShape: [5],
        rule,
        layers: [
          { type: "dense", units: 6, activation: "sigmoid", useBias: false },
          { type: "dense", units: 3, useBias: false },
        ],
      };
      const network = createNetwork(spec);
      const model = fromSpec(spec, undefined, { seed: 2 });
      const x = tf.randomNormal([4, 5], 0, 1, "float32", 3);
      const kernel = model.layers[0]!.trainableWeights[0]!.read() as tf.Variable;
      const lossOf = (training: boolean) => (input: tf.Tensor) =>
        tf.mul(tf.sum(tf.square(model.apply(input, { training }) as tf.Tensor)), 0.5) as tf.Scalar;
      const { grads } = tf.variableGrads(() => lossOf(true)(x), [kernel]);
      const dx = tf.grad(lossOf(false))(x);

      // Mirroring has come with the training call, and is over.
      const weights = plainWeights(spec, await readWeights(model));
      const noise = noiseOf(network, 2, 4);
      const transports = (step: number) =>
        [0, 1].map((l) => plainTransport(spec, weights, { input: [], noise: noise(step) }, l));
      const a = times(matrix(x), weights["layers.0.kernel"]!);
      const e = times(sigmoid(a), weights["layers.1.kernel"]!);
      const below = (above: Matrix) => hadamard(times(e, flip(above)), slope(a));
      expectClose(grads[kernel.name]!, times(flip(matrix(x)), below(transports(0)[1]!)));
      const [lower, upper] = transports(1);
      expectClose(dx, times(below(upper!), flip(lower!)));
    });
  });

  describe("denseDFAHidden and denseDFAOutput", () => {
    test("the output layer alone: ∂W = xᵀe, ∂b = Σ e, ∂x = e·Wᵀ", () => {
      const layer = denseDFAOutput({ units: 3, inputShape: [5], biasInitializer });
      const { x, y, e, dx, gradient } = run([layer]);
      const { W, b } = weightsOf(layer);
      expectClose(y, plusRow(times(x, W), b));
      expectClose(gradient(layer, "W")!, times(flip(x), e));
      expectClose(gradient(layer, "b")!, sumRows(e));
      expectClose(dx, times(e, flip(W)));
    });

    test("one hidden layer without activation: ∂W₁ = xᵀ·(e·Bᵀ), and nothing goes to the data", () => {
      const [hidden, output] = [
        denseDFAHidden({ units: 6, inputShape: [5], biasInitializer }),
        denseDFAOutput({ units: 3, biasInitializer }),
      ];
      const { x, y, e, dx, gradient } = run([hidden, output]);
      const [one, two] = [weightsOf(hidden), weightsOf(output)];
      const h = plusRow(times(x, one.W), one.b);
      const delta = times(e, flip(one.B));
      expectClose(y, plusRow(times(h, two.W), two.b));
      expectClose(gradient(output, "W")!, times(flip(h), e));
      expectClose(gradient(hidden, "W")!, times(flip(x), delta));
      expectClose(gradient(hidden, "b")!, sumRows(delta));
      expect(gradient(hidden, "B")).toBeUndefined();
      expectClose(
        dx,
        x.map((row) => row.map(() => 0)),
      );
    });

    test("two hidden layers and an output, each with an activation: δ = (e·Bᵀ) ⊙ φ′, e = φ′ ⊙ (y − t)", () => {
      const first = denseDFAHidden({
        units: 7,
        inputShape: [5],
        activation: "sigmoid",
        biasInitializer,
      });
      const second = denseDFAHidden({ units: 6, activation: "sigmoid", biasInitializer });
      const output = denseDFAOutput({ units: 3, activation: "sigmoid", biasInitializer });
      const { x, y, e: difference, gradient } = run([first, second, output]);
      const [one, two, three] = [weightsOf(first), weightsOf(second), weightsOf(output)];
      const a1 = plusRow(times(x, one.W), one.b);
      const a2 = plusRow(times(sigmoid(a1), two.W), two.b);
      const a3 = plusRow(times(sigmoid(a2), three.W), three.b);
      const e = hadamard(difference, slope(a3));
      const delta2 = hadamard(times(e, flip(two.B)), slope(a2));
      const delta1 = hadamard(times(e, flip(one.B)), slope(a1));
      expectClose(y, sigmoid(a3));
      expectClose(gradient(output, "W")!, times(flip(sigmoid(a2)), e));
      expectClose(gradient(second, "W")!, times(flip(sigmoid(a1)), delta2));
      expectClose(gradient(second, "b")!, sumRows(delta2));
      expectClose(gradient(first, "W")!, times(flip(x), delta1));
      expectClose(gradient(first, "b")!, sumRows(delta1));
    });

    test("a plain layer between output and hidden layer learns by the chain rule, one below a hidden layer not at all", () => {
      const below = tf.layers.dense({ units: 4, inputShape: [5] });
      const between = tf.layers.dense({ units: 4 });
      const model = tf.sequential({
        layers: [below, denseDFAHidden({ units: 4 }), between, denseDFAOutput({ units: 2 })],
      });
      const { grads } = tf.variableGrads(
        () => tf.sum(model.apply(tf.ones([2, 5])) as tf.Tensor) as tf.Scalar,
      );
      const sizeOf = (layer: tf.layers.Layer) =>
        tf.sum(tf.abs(grads[layer.trainableWeights[0]!.name]!)).dataSync()[0];
      expect(sizeOf(below)).toBe(0);
      expect(sizeOf(between)).toBeGreaterThan(0);
    });
  });

  test("inputs of rank 3 are taken row by row, as tf.layers.dense takes them", () => {
    const gradients = (shape: number[], layers: BioLayer[]) => {
      const model = tf.sequential({ layers });
      const x = tf.reshape(tf.randomNormal([6, 5], 0, 1, "float32", 1), shape);
      const { grads, value } = tf.variableGrads(
        () => tf.sum(tf.square(model.apply(x) as tf.Tensor)) as tf.Scalar,
      );
      expect((model.apply(x) as tf.Tensor).shape).toEqual([...shape.slice(0, -1), 3]);
      return [
        matrix(value.reshape([1, 1])),
        ...layers.map((layer) => matrix(grads[layer.variables.kernel!.name]!)),
      ];
    };
    for (const make of [
      (inputShape: number[], name: string) => [
        denseFA({ units: 4, inputShape, activation: "tanh", name: "rank-a", seed: 1 }),
        denseFA({ units: 3, name: `rank-b${name}`.slice(0, 6), seed: 1 }),
      ],
      (inputShape: number[], name: string) => [
        denseDFAHidden({ units: 4, inputShape, activation: "tanh", name: "rank-c", seed: 1 }),
        denseDFAOutput({ units: 3, name: `rank-d${name}`.slice(0, 6), seed: 1 }),
      ],
    ]) {
      const flat = gradients([6, 5], make([5], "flat"));
      const stacked = gradients([2, 3, 5], make([3, 5], "stacked"));
      flat.forEach((values, i) => expectClose(stacked[i]!, values));
    }
  });

  test("two halves of a minibatch give the two halves of its gradient", () => {
    const layers = [
      denseDFAHidden({ units: 4, inputShape: [5], activation: "relu" }),
      denseDFAOutput({ units: 3 }),
    ];
    const model = tf.sequential({ layers });
    const x = tf.randomNormal([6, 5], 0, 1, "float32", 8);
    const gradient = (input: tf.Tensor) =>
      matrix(
        tf.variableGrads(() => tf.sum(tf.square(model.apply(input) as tf.Tensor)) as tf.Scalar)
          .grads[layers[0]!.variables.kernel!.name]!,
      );
    const halves = [gradient(x.slice([0, 0], [3, 5])), gradient(x.slice([3, 0], [3, 5]))] as const;
    expectClose(minus(gradient(x), halves[0]), halves[1]);
  });
});
