import type { LossName, NetworkSpec, OptimizerSpec, RuleName, Weights } from "@bioflax/core";
import {
  activate,
  columns,
  deactivate,
  each,
  flip,
  length,
  logistic,
  type Matrix,
  softmaxRow,
  times,
} from "./plain-matrices";
import { type Memory, stepOf } from "./plain-optimizers";

/**
 * Training written out in loops, in float64, with nothing of the library in it: what every engine is held against.
 *
 * Deliberately naive and deliberately separate: it names rules and writes their formulas again, from the papers.
 */

/** A batch of test data: input rows, either labels or target rows, and this step's random numbers by name. */
export interface PlainBatch {
  readonly input: number[][];
  readonly labels?: number[];
  readonly values?: number[][];
  readonly noise?: Readonly<Record<string, Float32Array>>;
}

/** What is trained, and how. */
export interface PlainSetup {
  readonly spec: NetworkSpec;
  readonly loss: LossName;
  readonly optimizer: OptimizerSpec;
}

type Weighting = Record<string, Matrix>;

/** Rules whose errors come straight from the output: what it sends, and what carries that to a layer, of its feedback weights B. */
const straight: Partial<
  Record<
    RuleName,
    {
      readonly sends: (output: { error: Matrix; target: Matrix }) => Matrix;
      readonly carriedBy: (B: Matrix) => Matrix;
    }
  >
> = {
  dfa: { sends: ({ error }) => error, carriedBy: (B) => B },
  dkp: { sends: ({ error }) => error, carriedBy: (B) => B },
  sdfa: {
    sends: ({ error }) => each((e) => Math.sign(e) / error.length, error),
    carriedBy: (B) => B,
  },
  drtp: { sends: ({ target }) => target, carriedBy: (B) => B },
};

const ruleOf = (spec: NetworkSpec, l: number): RuleName => spec.layers[l]?.rule ?? spec.rule;

function outputAndError(loss: LossName, y: Matrix, batch: PlainBatch) {
  const n = y.length;
  const oneHot = y.map((row, i) => row.map((_, j) => (j === batch.labels?.[i] ? 1 : 0)));
  switch (loss) {
    case "softmaxCrossEntropy": {
      const p = y.map(softmaxRow);
      return {
        value: -p.reduce((sum, row, i) => sum + Math.log(row[batch.labels?.[i] as number]!), 0) / n,
        error: each((x, t) => (x - t) / n, p, oneHot),
        target: each((t) => -t / n, oneHot),
      };
    }
    case "sigmoidCrossEntropy": {
      const size = y.flat().length;
      const losses = each(
        (z, t) => -(t * Math.log(logistic(z)) + (1 - t) * Math.log(1 - logistic(z))),
        y,
        oneHot,
      );
      return {
        value: losses.flat().reduce((a, b) => a + b, 0) / size,
        error: each((z, t) => (logistic(z) - t) / size, y, oneHot),
        target: each((t) => -t / size, oneHot),
      };
    }
    case "meanSquaredError": {
      const size = y.flat().length;
      const difference = each((x, t) => x - t, y, batch.values as Matrix);
      return {
        value: difference.flat().reduce((sum, d) => sum + (d * d) / 2, 0) / size,
        error: each((d) => d / size, difference),
        target: [],
      };
    }
  }
}

/** The standard deviation of the default feedback initializer, LeCun's normal, for a layer with that many inputs. */
const lecunStddev = (inputs: number) => 1 / Math.sqrt(inputs);

/** The matrix that carries errors down from layer l, or to it straight from the output, by the layer's rule. */
export function plainTransport(
  spec: NetworkSpec,
  weights: Weighting,
  batch: PlainBatch,
  l: number,
): Matrix {
  const kernel = weights[`layers.${l}.kernel`] as Matrix;
  const feedback = weights[`layers.${l}.feedback`] as Matrix;
  const rule = ruleOf(spec, l);
  const direct = straight[rule];
  if (direct !== undefined) return direct.carriedBy(feedback);
  switch (rule) {
    case "bp":
      return kernel;
    case "fa":
    case "kp":
    case "wm":
      return feedback;
    case "usf":
      return each((w) => Math.sign(w) * lecunStddev(kernel.length), kernel);
    case "frsf":
      return each((w, b) => Math.abs(b) * Math.sign(w), kernel, feedback);
    case "brsf": {
      const drawn = batch.noise?.[`layers.${l}.noise.0`] as Float32Array;
      const magnitudes = columns(drawn, (kernel[0] as number[]).length);
      return each((w, u) => Math.abs(u) * Math.sign(w), kernel, magnitudes);
    }
    default:
      throw new Error(`The plain reference does not know the rule ${rule}.`);
  }
}

/** Loss, gradients by the weights' names, and the error signal at each layer's output, under the layers' rules. */
export function plainPass(
  { spec, loss }: Omit<PlainSetup, "optimizer">,
  weights: Weighting,
  batch: PlainBatch,
): { readonly loss: number; readonly gradients: Weighting; readonly signals: Matrix[] } {
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
  inputs.push(x);
  const { value, error, target } = outputAndError(loss, x, batch);
  const gradients: Weighting = {};
  const last = spec.layers.length - 1;
  let delta = error;
  let outputError: Matrix = [];
  const signals: Matrix[] = [];
  for (let l = last; l >= 0; l--) {
    const layer = spec.layers[l] as NetworkSpec["layers"][number];
    signals[l] = delta;
    const e = deactivate(layer.activation ?? "identity", preactivations[l] as Matrix, delta);
    if (l === last) outputError = e;
    const kernelGradient = times(flip(inputs[l] as Matrix), e);
    const biasGradient = [flip(e).map((column) => column.reduce((a, b) => a + b, 0))];
    const hasBias = weights[`layers.${l}.bias`] !== undefined;
    const size = length(...[kernelGradient], ...(hasBias ? [biasGradient] : []));
    const clip = layer.clipNorm === undefined ? 1 : Math.min(1, layer.clipNorm / size);
    gradients[`layers.${l}.kernel`] = each((g) => g * clip, kernelGradient);
    if (hasBias) gradients[`layers.${l}.bias`] = each((g) => g * clip, biasGradient);
    const rule = ruleOf(spec, l);
    if (rule === "kp")
      gradients[`layers.${l}.feedback`] = gradients[`layers.${l}.kernel`] as Matrix;
    if (rule === "dkp" && l < last)
      gradients[`layers.${l}.feedback`] = times(flip(inputs[l + 1] as Matrix), outputError);
    if (l === 0) break;
    const direct = straight[ruleOf(spec, l - 1)];
    delta =
      direct === undefined
        ? times(e, flip(plainTransport(spec, weights, batch, l)))
        : times(
            direct.sends({ error: outputError, target }),
            flip(plainTransport(spec, weights, batch, l - 1)),
          );
  }
  return { loss: value, gradients, signals };
}

/** The feedback weights of mirroring layers after this step's mirroring. */
function mirrored(spec: NetworkSpec, weights: Weighting, batch: PlainBatch): Weighting {
  const after = { ...weights };
  spec.layers.forEach((layer, l) => {
    if (ruleOf(spec, l) !== "wm") return;
    const kernel = weights[`layers.${l}.kernel`] as Matrix;
    const { steps = 1, rate = 0.001, stddev = 1 } = layer.mirroring ?? {};
    const decay = layer.mirroring?.decay ?? rate;
    for (let step = 0; step < steps; step++) {
      const x = columns(batch.noise?.[`layers.${l}.noise.${step}`] as Float32Array, kernel.length);
      const a = times(x, kernel);
      const name = layer.activation ?? "identity";
      const y = each(
        (seen, rest) => seen - rest,
        activate(name, a),
        activate(
          name,
          each(() => 0, a),
        ),
      );
      after[`layers.${l}.feedback`] = each(
        (b, seen) => (1 - decay) * b + (rate * seen) / (x.length * stddev * stddev),
        after[`layers.${l}.feedback`] as Matrix,
        times(flip(x), y),
      );
    }
  });
  return after;
}

/** Row-major values → matrices; a bias is one row. */
export function plainWeights(spec: NetworkSpec, weights: Weights): Weighting {
  const outputs = spec.layers.at(-1)?.units as number;
  return Object.fromEntries(
    Object.entries(weights).map(([name, values]) => {
      const l = Number(name.split(".")[1]);
      const isDirect = name.endsWith("feedback") && ruleOf(spec, l) in straight;
      return [name, columns(values, isDirect ? outputs : (spec.layers[l]?.units as number))];
    }),
  );
}

/** Trains on the batches in order, one step each, and returns each step's loss and the weights after the last. */
export function plainTrain(
  setup: PlainSetup,
  start: Weights,
  batches: readonly PlainBatch[],
): { losses: number[]; weights: Weighting } {
  const { optimizer, spec } = setup;
  const decay = optimizer.weightDecay ?? 0;
  let weights = plainWeights(spec, start);
  const memory: Record<string, Memory> = {};
  const losses = batches.map((batch, t) => {
    weights = mirrored(spec, weights, batch);
    const { loss, gradients } = plainPass(setup, weights, batch);
    const next = { ...weights };
    for (const [name, gradient] of Object.entries(gradients)) {
      const zeros = each(() => 0, gradient);
      const before = weights[name] as Matrix;
      const lambda = name.endsWith("bias") ? 0 : decay;
      const step = stepOf(optimizer, gradient, memory[name] ?? [zeros, zeros], t + 1);
      memory[name] = step.memory;
      const shrink = optimizer.name === "adamw" ? optimizer.learningRate * lambda : lambda;
      const after = each(
        (w, d) => w - optimizer.learningRate * d - shrink * w,
        before,
        step.direction,
      );
      const isConstrained =
        name.endsWith("kernel") && spec.layers[Number(name.split(".")[1])]?.constrainNorm;
      next[name] = isConstrained ? each((w) => (w * length(before)) / length(after), after) : after;
    }
    weights = next;
    return loss;
  });
  return { losses, weights };
}
