import { ownActivation, ownActivationError } from "./plain-own";

/** Float64 matrices and activations written out in loops, for the plain reference. */
export type Matrix = number[][];
type Scalar = (x: number) => number;

export const logistic: Scalar = (x) => 1 / (1 + Math.exp(-x));
const GELU = Math.sqrt(2 / Math.PI);
const geluTanh: Scalar = (x) => Math.tanh(GELU * (x + 0.044715 * x ** 3));

/** The error function by Simpson's rule; beyond 6 it is 1 to the last digit. */
const erf: Scalar = (x) => {
  const intervals = 2000;
  const step = Math.min(Math.abs(x), 6) / intervals;
  let sum = 0;
  for (let i = 0; i <= intervals; i++) {
    const weight = i === 0 || i === intervals ? 1 : i % 2 === 0 ? 2 : 4;
    sum += weight * Math.exp(-((i * step) ** 2));
  }
  return (Math.sign(x) * 2 * sum * step) / 3 / Math.sqrt(Math.PI);
};

/** φ and φ′ of the elementwise activations. */
const elementwise: Record<string, [Scalar, Scalar]> = {
  identity: [(x) => x, () => 1],
  relu: [(x) => Math.max(x, 0), (x) => (x > 0 ? 1 : 0)],
  relu6: [(x) => Math.min(Math.max(x, 0), 6), (x) => (x > 0 && x < 6 ? 1 : 0)],
  leakyRelu: [(x) => (x > 0 ? x : 0.01 * x), (x) => (x > 0 ? 1 : 0.01)],
  elu: [(x) => (x > 0 ? x : Math.exp(x) - 1), (x) => (x > 0 ? 1 : Math.exp(x))],
  softplus: [(x) => Math.log1p(Math.exp(x)), logistic],
  sigmoid: [logistic, (x) => logistic(x) * (1 - logistic(x))],
  tanh: [Math.tanh, (x) => 1 - Math.tanh(x) ** 2],
  erf: [erf, (x) => (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x)],
  silu: [(x) => x * logistic(x), (x) => logistic(x) + x * logistic(x) * (1 - logistic(x))],
  gelu: [
    (x) => 0.5 * x * (1 + geluTanh(x)),
    (x) =>
      0.5 * (1 + geluTanh(x)) +
      0.5 * x * (1 - geluTanh(x) ** 2) * GELU * (1 + 3 * 0.044715 * x * x),
  ],
};

export const softmaxRow = (row: number[]) => {
  const top = Math.max(...row);
  const exps = row.map((x) => Math.exp(x - top));
  const total = exps.reduce((a, b) => a + b, 0);
  return exps.map((x) => x / total);
};

export function activate(name: string, a: Matrix): Matrix {
  if (name === "softmax") return a.map(softmaxRow);
  const [phi] = elementwise[name] ?? [];
  return phi === undefined ? ownActivation(name, a) : a.map((row) => row.map(phi));
}

/** Error at a from the error δ at φ(a): for softmax by its full Jacobian, yᵢ(1ᵢⱼ − yⱼ). */
export function deactivate(name: string, a: Matrix, delta: Matrix): Matrix {
  if (name !== "softmax") {
    const [, slope] = elementwise[name] ?? [];
    if (slope === undefined) return ownActivationError(name, a, delta);
    return a.map((row, i) => row.map((x, j) => slope(x) * (delta[i] as number[])[j]!));
  }
  return a.map((row, i) => {
    const y = softmaxRow(row);
    return y.map((yj, j) =>
      y.reduce((sum, yk, k) => sum + (delta[i] as number[])[k]! * yk * ((j === k ? 1 : 0) - yj), 0),
    );
  });
}

export const times = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) =>
    (b[0] as number[]).map((_, j) =>
      row.reduce((sum, x, k) => sum + x * (b[k] as number[])[j]!, 0),
    ),
  );
export const flip = (a: Matrix): Matrix =>
  (a[0] as number[]).map((_, j) => a.map((row) => row[j]!));
export const columns = (values: ArrayLike<number>, n: number): Matrix =>
  Array.from({ length: values.length / n }, (_, i) =>
    Array.from({ length: n }, (_, j) => values[i * n + j]!),
  );
export const each = (f: (...x: number[]) => number, ...all: [Matrix, ...Matrix[]]): Matrix =>
  all[0].map((row, i) => row.map((_, j) => f(...all.map((m) => (m[i] as number[])[j] as number))));
export const length = (...all: Matrix[]) =>
  Math.sqrt(all.flat(2).reduce((sum, x) => sum + x * x, 0));
