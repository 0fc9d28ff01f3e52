import { type Covariance, meanOfTwo, meanWithOne, weightedBySlope } from "./averages";

/** A two-layer network of one output, y = Σ vₖ g(wₖ·x) with g(x) = erf(x/√2). */
export interface TwoLayers {
  /** A vector of weights a hidden unit: entries of about 1/√N. */
  readonly hidden: readonly Float32Array[];
  /** The weight of each hidden unit's output. */
  readonly output: readonly number[];
}

/** What is known of a student in the limit of many inputs: nothing else of its weights decides how it learns. */
export interface OrderParameters {
  /** Covariance of the hidden units' inputs, the student's first, then the teacher's: Q, R and T of the papers. */
  readonly covariance: Covariance;
  /** The student's output weights v. */
  readonly output: readonly number[];
}

/** How a student learns. */
export interface Learning {
  /** The teacher's output weights. */
  readonly teacherOutput: readonly number[];
  /** The learning rate, η of the papers: weights change by η/N times the gradient. */
  readonly rate: number;
  /** What takes the place of the output weights on the error's way back; these themselves when left out. */
  readonly feedback?: readonly number[] | undefined;
}

const dot = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, x, i) => sum + x * (b[i] as number), 0);

/** The order parameters of a student, for inputs of variance 1. */
export function orderParametersOf(student: TwoLayers, teacher: TwoLayers): OrderParameters {
  const all = [...student.hidden, ...teacher.hidden];
  return { covariance: all.map((a) => all.map((b) => dot(a, b))), output: student.output };
}

/** The output's error as a sum over the hidden units of both: Σ uᵢ g(xᵢ). */
const differenceOf = (output: readonly number[], { teacherOutput }: Learning): number[] => [
  ...output,
  ...teacherOutput.map((weight) => -weight),
];

const sumOver = (weights: readonly number[], term: (index: number) => number): number =>
  weights.reduce((sum, weight, i) => sum + weight * term(i), 0);

/** ½E[(student − teacher)²] over all inputs. */
export function generalisationError(
  { covariance, output }: OrderParameters,
  learning: Pick<Learning, "teacherOutput">,
): number {
  const u = differenceOf(output, learning as Learning);
  return sumOver(u, (i) => sumOver(u, (j) => meanOfTwo(covariance, i, j))) / 2;
}

/**
 * How fast the order parameters change, per N examples.
 *
 * One example changes wₖ by −η/N fₖ g′(λₖ) Δ x and vₖ by −η/N g(λₖ) Δ, where Δ is the output's error and f is v under
 * backpropagation and the fixed feedback under feedback alignment. Refinetti, d'Ascoli, Ohana & Goldt 2021, Align, then
 * memorise.
 */
export function speedOf(
  { covariance, output }: OrderParameters,
  learning: Learning,
): OrderParameters {
  const { rate, feedback = output } = learning;
  const u = differenceOf(output, learning);
  const weighted = output.map((_, k) => weightedBySlope(covariance, k));
  /** fₖ E[g′(λₖ) xᵢ Δ] */
  const pull = (k: number, i: number): number => {
    const { factor, covariance: own } = weighted[k] as (typeof weighted)[number];
    return (feedback[k] as number) * factor * sumOver(u, (j) => meanWithOne(own, i, j));
  };
  /** fₖ fₗ E[g′(λₖ) g′(λₗ) Δ²], for an input's squared length is N. */
  const noise = (k: number, l: number): number => {
    const first = weighted[k] as (typeof weighted)[number];
    const both = weightedBySlope(first.covariance, l);
    const squared = sumOver(u, (i) => sumOver(u, (j) => meanOfTwo(both.covariance, i, j)));
    return (feedback[k] as number) * (feedback[l] as number) * first.factor * both.factor * squared;
  };
  const isStudent = (i: number) => i < output.length;
  return {
    covariance: covariance.map((row, i) =>
      row.map(
        (_, j) =>
          (isStudent(i) && isStudent(j) ? rate * rate * noise(i, j) : 0) -
          (isStudent(i) ? rate * pull(i, j) : 0) -
          (isStudent(j) ? rate * pull(j, i) : 0),
      ),
    ),
    output: output.map((_, k) => -rate * sumOver(u, (i) => meanOfTwo(covariance, k, i))),
  };
}

/** `from` and `step` times `by`. */
function moved(from: OrderParameters, by: OrderParameters, step: number): OrderParameters {
  const sum = (a: readonly number[], b: readonly number[]) =>
    a.map((value, i) => value + step * (b[i] as number));
  return {
    covariance: from.covariance.map((row, i) => sum(row, by.covariance[i] as readonly number[])),
    output: sum(from.output, by.output),
  };
}

/**
 * The order parameters after times, in N examples, by the Runge-Kutta method of fourth order.
 *
 * @param times rising, from 0.
 * @param longest step to take.
 */
export function solve(
  start: OrderParameters,
  learning: Learning,
  times: readonly number[],
  longest = 0.05,
): OrderParameters[] {
  let now = start;
  let time = 0;
  return times.map((until) => {
    const steps = Math.ceil((until - time) / longest);
    const step = (until - time) / steps;
    for (let i = 0; i < steps; i++) {
      const first = speedOf(now, learning);
      const second = speedOf(moved(now, first, step / 2), learning);
      const third = speedOf(moved(now, second, step / 2), learning);
      const fourth = speedOf(moved(now, third, step), learning);
      now = moved(now, first, step / 6);
      now = moved(now, second, step / 3);
      now = moved(now, third, step / 3);
      now = moved(now, fourth, step / 6);
    }
    time = until;
    return now;
  });
}
