import type { KernelOptions, NetworkSpec, RuleName } from "@bioflax/core";
import { forEachGroup, kernelOf, type Weighting } from "./plain-layers";
import { weighted } from "./plain-losses";
import { activate, columns, each, flip, type Matrix, times } from "./plain-matrices";
import { ownDirectRule, ownTransport } from "./plain-own";
import { gatesOf, isRecurrent, plainResponse } from "./plain-recurrent";
import type { PlainBatch } from "./plain-setup";
import { isKernelled, ruleOf, wiringOf } from "./plain-wiring";

/** The rules, for the plain reference: what carries errors, and what becomes of feedback weights before a step. */

/**
 * How errors come straight from the output: what it sends, and what carries that to a layer, of its feedback weights B.
 */
interface Direct {
  sends(output: {
    error: Matrix;
    target: Matrix;
    delayed: Matrix;
    weights: readonly number[] | undefined;
  }): Matrix;
  carriedBy(B: Matrix): Matrix;
}

/** The rules by which they do. The authors of sdfa and drtp send both alike, so much an example, whatever the loss. */
const straight: Partial<Record<RuleName, Direct>> = {
  dfa: { sends: ({ error }) => error, carriedBy: (B) => B },
  dkp: { sends: ({ error }) => error, carriedBy: (B) => B },
  fdfa: { sends: ({ error }) => error, carriedBy: (B) => B },
  sdfa: {
    sends: ({ error, weights }) =>
      weighted(
        each((e) => Math.sign(e) / error.length, error),
        weights,
      ),
    carriedBy: (B) => B,
  },
  drtp: { sends: ({ target }) => target, carriedBy: (B) => B },
  f3: { sends: ({ delayed }) => delayed, carriedBy: (B) => B },
};

/** How errors come to a layer straight from the output, if they do. */
export function directRule(spec: NetworkSpec, l: number): Direct | undefined {
  const rule = ruleOf(spec, l);
  return rule === undefined ? undefined : (straight[rule] ?? ownDirectRule(spec, l, rule));
}

/** The standard deviation of a layer's feedback initializer: a normal's own, or 1/√inputs, LeCun's. */
function stddevOf(spec: NetworkSpec, l: number, inputs: number): number {
  const { feedbackInitializer: given = "lecunNormal" } = spec.layers[l] as KernelOptions;
  if (given === "lecunNormal" || given === "lecunUniform") return 1 / Math.sqrt(inputs);
  if (typeof given === "object" && given.name === "normal") return given.stddev ?? 1;
  throw new Error(`The plain reference does not know the deviation of ${JSON.stringify(given)}.`);
}

/** P of a layer as a matrix from all of its units: each group of them goes through the same. */
export function projectionOf(spec: NetworkSpec, weights: Weighting, l: number): Matrix {
  const P = weights[`layers.${l}.errorProjection`] as Matrix;
  const units = gatesOf(spec.layers[l]) * (wiringOf(spec).shapeAt(l).at(-1) as number);
  return forEachGroup(P, units / (P[0] as number[]).length);
}

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
  const direct = directRule(spec, l);
  if (direct !== undefined) return direct.carriedBy(feedback);
  const { spread, inputs } = kernelOf(spec, wiringOf(spec), l);
  switch (rule) {
    case "bp":
      return spread(kernel);
    case "fa":
    case "kp":
    case "wm":
      return spread(feedback);
    case "pfa":
    case "ldfa":
      return times(spread(feedback), projectionOf(spec, weights, l));
    case "usf":
      return spread(each((w) => Math.sign(w) * stddevOf(spec, l, inputs), kernel));
    case "frsf":
      return spread(each((w, b) => Math.abs(b) * Math.sign(w), kernel, feedback));
    case "brsf": {
      const drawn = batch.noise?.[`layers.${l}.noise.0`] as Float32Array;
      const magnitudes = columns(drawn, (kernel[0] as number[]).length);
      return spread(each((w, u) => Math.abs(u) * Math.sign(w), kernel, magnitudes));
    }
    default:
      return spread(ownTransport(spec, l, rule as string, { kernel, feedback }));
  }
}

/** The feedback weights of mirroring layers after this step's mirroring. */
export function mirrored(spec: NetworkSpec, weights: Weighting, batch: PlainBatch): Weighting {
  const after = { ...weights };
  const wiring = wiringOf(spec);
  spec.layers.forEach((layer, l) => {
    if (!isKernelled(layer) || ruleOf(spec, l) !== "wm") return;
    const kernel = weights[`layers.${l}.kernel`] as Matrix;
    const { steps = 1, rate = 0.001, stddev = 1 } = layer.mirroring ?? {};
    const decay = layer.mirroring?.decay ?? rate;
    for (let step = 0; step < steps; step++) {
      const drawn = batch.noise?.[`layers.${l}.noise.${step}`] as Float32Array;
      const { rows, spread, gathered, places } = kernelOf(spec, wiring, l);
      const size = wiring.sizeAt(wiring.sources[l]?.[0] as number);
      // Some are shown what their kernel is applied to, in the place of what they make that of.
      const isShownRows = isRecurrent(layer) || layer.type === "embedding";
      const inputs = columns(drawn, isShownRows ? kernel.length : size);
      const x = isShownRows ? inputs : rows(inputs);
      const a = times(x, spread(kernel));
      const name = layer.activation ?? "identity";
      const y = isRecurrent(layer)
        ? plainResponse(layer, a)
        : each(
            (seen, rest) => seen - rest,
            activate(name, a),
            activate(
              name,
              each(() => 0, a),
            ),
          );
      after[`layers.${l}.feedback`] = each(
        (b, seen) => (1 - decay) * b + (rate * seen) / (inputs.length * places * stddev * stddev),
        after[`layers.${l}.feedback`] as Matrix,
        gathered(times(flip(x), y)),
      );
    }
  });
  return after;
}
