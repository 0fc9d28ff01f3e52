import type { LossName, NetworkSpec, OptimizerSpec, Weights } from "@bioflax/core";

/**
 * Training written out in loops, in float64, with nothing of the library in it: what every engine is held against.
 *
 * Deliberately naive and deliberately separate: it names rules and writes their formulas again, from the papers.
 */

type Matrix = number[][];
type Scalar = (x: number) => number;

const logistic: Scalar = (x) => 1 / (1 + Math.exp(-x));
const GELU = Math.sqrt(2 / Math.PI);
const geluTanh: Scalar = (x) => Math.tanh(GELU * (x + 0.044715 * x ** 3));

/** φ and φ′ of the elementwise activations. */
const elementwise: Record<string, [Scalar, Scalar]> = {
  identity: [(x) => x, () => 1],
  relu: [(x) => Math.max(x, 0), (x) => (x > 0 ? 1 : 0)],
  leakyRelu: [(x) => (x > 0 ? x : 0.01 * x), (x) => (x > 0 ? 1 : 0.01)],
  elu: [(x) => (x > 0 ? x : Math.exp(x) - 1), (x) => (x > 0 ? 1 : Math.exp(x))],
  softplus: [(x) => Math.log1p(Math.exp(x)), logistic],
  sigmoid: [logistic, (x) => logistic(x) * (1 - logistic(x))],
  tanh: [Math.tanh, (x) => 1 - Math.tanh(x) ** 2],
  silu: [(x) => x * logistic(x), (x) => logistic(x) + x * logistic(x) * (1 - logistic(x))],
  gelu: [
    (x) => 0.5 * x * (1 + geluTanh(x)),
    (x) =>
      0.5 * (1 + geluTanh(x)) +
      0.5 * x * (1 - geluTanh(x) ** 2) * GELU * (1 + 3 * 0.044715 * x * x),
  ],
};

const softmaxRow = (row: number[]) => {
  const top = Math.max(...row);
  const exps = row.map((x) => Math.exp(x - top));
  const total = exps.reduce((a, b) => a + b, 0);
  return exps.map((x) => x / total);
};

const activate = (name: string, a: Matrix): Matrix =>
  name === "softmax"
    ? a.map(softmaxRow)
    : a.map((row) => row.map((elementwise[name] as [Scalar, Scalar])[0]));

/** Error at a from the error δ at φ(a): for softmax by its full Jacobian, yᵢ(1ᵢⱼ − yⱼ). */
function deactivate(name: string, a: Matrix, delta: Matrix): Matrix {
  if (name !== "softmax") {
    const slope = (elementwise[name] as [Scalar, Scalar])[1];
    return a.map((row, i) => row.map((x, j) => slope(x) * (delta[i] as number[])[j]!));
  }
  return a.map((row, i) => {
    const y = softmaxRow(row);
    return y.map((yj, j) =>
      y.reduce((sum, yk, k) => sum + (delta[i] as number[])[k]! * yk * ((j === k ? 1 : 0) - yj), 0),
    );
  });
}

const times = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) =>
    (b[0] as number[]).map((_, j) =>
      row.reduce((sum, x, k) => sum + x * (b[k] as number[])[j]!, 0),
    ),
  );
const flip = (a: Matrix): Matrix => (a[0] as number[]).map((_, j) => a.map((row) => row[j]!));
const columns = (values: ArrayLike<number>, n: number): Matrix =>
  Array.from({ length: values.length / n }, (_, i) =>
    Array.from({ length: n }, (_, j) => values[i * n + j]!),
  );

/** A batch of test data: input rows and either labels or target rows. */
export interface PlainBatch {
  readonly input: number[][];
  readonly labels?: number[];
  readonly values?: number[][];
}

/** What is trained, and how. */
export interface PlainSetup {
  readonly spec: NetworkSpec;
  readonly loss: LossName;
  readonly optimizer: OptimizerSpec;
}

interface PlainPass {
  readonly loss: number;
  /** Gradients by the weights' names. */
  readonly gradients: Record<string, Matrix>;
}

function outputAndError(
  loss: LossName,
  y: Matrix,
  batch: PlainBatch,
): { value: number; error: Matrix } {
  const n = y.length;
  if (loss === "softmaxCrossEntropy") {
    const p = y.map(softmaxRow);
    const labels = batch.labels as number[];
    return {
      value: -p.reduce((sum, row, i) => sum + Math.log(row[labels[i]!]!), 0) / n,
      error: p.map((row, i) => row.map((x, j) => (x - (j === labels[i] ? 1 : 0)) / n)),
    };
  }
  const size = n * (y[0] as number[]).length;
  const difference = y.map((row, i) => row.map((x, j) => x - (batch.values as Matrix)[i]![j]!));
  return {
    value: difference.flat().reduce((sum, d) => sum + (d * d) / 2, 0) / size,
    error: difference.map((row) => row.map((d) => d / size)),
  };
}

/** Loss and gradients of one batch under the spec's rule. */
export function plainPass(
  { spec, loss }: Omit<PlainSetup, "optimizer">,
  weights: Record<string, Matrix>,
  batch: PlainBatch,
): PlainPass {
  const inputs: Matrix[] = [];
  const preactivations: Matrix[] = [];
  let x = batch.input;
  spec.layers.forEach((layer, l) => {
    inputs.push(x);
    const bias = weights[`layers.${l}.bias`]?.[0];
    const a = times(x, weights[`layers.${l}.kernel`] as Matrix).map((row) =>
      row.map((v, j) => v + (bias?.[j] ?? 0)),
    );
    preactivations.push(a);
    x = activate(layer.activation ?? "identity", a);
  });
  const { value, error } = outputAndError(loss, x, batch);
  const gradients: Record<string, Matrix> = {};
  const last = spec.layers.length - 1;
  let delta = error;
  let outputError: Matrix = [];
  for (let l = last; l >= 0; l--) {
    const e = deactivate(
      spec.layers[l]?.activation ?? "identity",
      preactivations[l] as Matrix,
      delta,
    );
    if (l === last) outputError = e;
    const kernelGradient = times(flip(inputs[l] as Matrix), e);
    gradients[`layers.${l}.kernel`] = kernelGradient;
    if (weights[`layers.${l}.bias`])
      gradients[`layers.${l}.bias`] = [flip(e).map((column) => column.reduce((a, b) => a + b, 0))];
    if (spec.rule === "kp") gradients[`layers.${l}.feedback`] = kernelGradient;
    if (l === 0) break;
    if (spec.rule === "bp") delta = times(e, flip(weights[`layers.${l}.kernel`] as Matrix));
    else if (spec.rule === "fa" || spec.rule === "kp")
      delta = times(e, flip(weights[`layers.${l}.feedback`] as Matrix));
    else if (spec.rule === "dfa")
      delta = times(outputError, flip(weights[`layers.${l - 1}.feedback`] as Matrix));
    else
      throw new Error(`The plain reference does not know the rule ${spec.rule satisfies never}.`);
  }
  return { loss: value, gradients };
}

/** Row-major values → matrices; a bias is one row. */
export function plainWeights(spec: NetworkSpec, weights: Weights): Record<string, Matrix> {
  const outputs = spec.layers.at(-1)?.units as number;
  return Object.fromEntries(
    Object.entries(weights).map(([name, values]) => {
      const units = spec.layers[Number(name.split(".")[1])]?.units as number;
      return [
        name,
        columns(values, name.endsWith("feedback") && spec.rule === "dfa" ? outputs : units),
      ];
    }),
  );
}

/** Trains on the batches in order, one step each, and returns each step's loss and the weights after the last. */
export function plainTrain(
  setup: PlainSetup,
  start: Weights,
  batches: readonly PlainBatch[],
): { losses: number[]; weights: Record<string, Matrix> } {
  const { optimizer } = setup;
  const decay = optimizer.weightDecay ?? 0;
  let weights = plainWeights(setup.spec, start);
  const memory: Record<string, [Matrix, Matrix]> = {};
  const losses = batches.map((batch, t) => {
    const { loss, gradients } = plainPass(setup, weights, batch);
    const next = { ...weights };
    for (const [name, gradient] of Object.entries(gradients)) {
      const zeros = gradient.map((row) => row.map(() => 0));
      const [first, second] = memory[name] ?? [zeros, zeros];
      const lambda = name.endsWith("bias") ? 0 : decay;
      memory[name] =
        optimizer.name === "sgd"
          ? [
              gradient.map((row, i) =>
                row.map((g, j) => g + (optimizer.momentum ?? 0) * first[i]![j]!),
              ),
              second,
            ]
          : [
              gradient.map((row, i) => row.map((g, j) => 0.9 * first[i]![j]! + 0.1 * g)),
              gradient.map((row, i) => row.map((g, j) => 0.999 * second[i]![j]! + 0.001 * g * g)),
            ];
      const [m, v] = memory[name] as [Matrix, Matrix];
      next[name] = (weights[name] as Matrix).map((row, i) =>
        row.map((w, j) => {
          const direction =
            optimizer.name === "sgd"
              ? m[i]![j]!
              : m[i]![j]! /
                (1 - 0.9 ** (t + 1)) /
                (Math.sqrt(v[i]![j]! / (1 - 0.999 ** (t + 1))) + 1e-8);
          return w - optimizer.learningRate * direction - lambda * w;
        }),
      );
    }
    weights = next;
    return loss;
  });
  return { losses, weights };
}
