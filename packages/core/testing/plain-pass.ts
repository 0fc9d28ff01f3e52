import { type KernelLayerSpec, type LayerSpec, type NetworkSpec, rules } from "@bioflax/core";
import {
  columnSums,
  inRows,
  joined,
  kernelFreeLayer,
  kernelOf,
  partOf,
  type Weighting,
} from "./plain-layers";
import { outputAndError } from "./plain-losses";
import {
  activate,
  columns,
  deactivate,
  each,
  flip,
  length,
  type Matrix,
  times,
} from "./plain-matrices";
import {
  below,
  isRecurrent,
  type PlainSequence,
  plainSequence,
  plainSequenceErrors,
  stepsOf,
  together,
} from "./plain-recurrent";
import { directRule, plainTransport, projectionOf } from "./plain-rules";
import type { PlainBatch, PlainSetup } from "./plain-setup";
import { feedbackTargetOf, isKernelled, lastKernelled, ruleOf, wiringOf } from "./plain-wiring";

/** A network's passes forward and back, for the plain reference. */

/** What one layer makes of a batch. */
interface Seen {
  /** The layer's input, an example a row. */
  readonly x: Matrix;
  readonly y: Matrix;
  /**
   * What its kernel is applied to, and the pre-activations, a row for each place; of layers without a kernel nothing.
   */
  readonly rows: Matrix;
  readonly a: Matrix;
  /** What a recurrent layer has seen, step by step. */
  readonly sequence?: PlainSequence;
}

const kernelled = (spec: NetworkSpec, l: number) => spec.layers[l] as KernelLayerSpec;
const activationOf = (spec: NetworkSpec, l: number) => kernelled(spec, l).activation ?? "identity";

/** The weights of one layer, by role. */
function ownWeights(weights: Weighting, l: number): Weighting {
  const start = `layers.${l}.`;
  const own = Object.entries(weights).filter(([name]) => name.startsWith(start));
  return Object.fromEntries(own.map(([name, values]) => [name.slice(start.length), values]));
}

/**
 * What a network makes of a batch in training or in evaluation, layer by layer; `moved` may change what a layer puts
 * out.
 */
function plainForward(
  spec: NetworkSpec,
  weights: Weighting,
  batch: PlainBatch,
  training: boolean,
  moved: (y: Matrix, l: number) => Matrix = (y) => y,
) {
  const wiring = wiringOf(spec);
  const passing = (l: number) => {
    const mask = batch.noise?.[`layers.${l}.noise.0`];
    return kernelFreeLayer(spec, wiring, l, ownWeights(weights, l), mask, training);
  };
  const seen: Seen[] = [];
  const outputOf = (l: number) => (l < 0 ? batch.input : (seen[l] as Seen).y);
  spec.layers.forEach((layer, l) => {
    const x = joined(layer, wiring, l, (wiring.sources[l] as number[]).map(outputOf));
    if (!isKernelled(layer)) {
      seen.push({ x, y: moved(passing(l).forward(x), l), rows: [], a: [] });
      return;
    }
    const { kernel, bias } = ownWeights(weights, l);
    if (isRecurrent(layer)) {
      const [steps] = wiring.shapeAt(wiring.sources[l]?.[0] as number) as [number];
      const sequence = plainSequence(layer, steps, kernel as Matrix, bias, x);
      const { states } = sequence;
      const y = layer.returnSequences ? together(states) : (states.at(-1) as Matrix);
      seen.push({ x, y, rows: [], a: [], sequence });
      return;
    }
    const own = kernelOf(spec, wiring, l);
    const rows = own.rows(x);
    const a = times(rows, own.spread(kernel as Matrix)).map((row) =>
      row.map((v, j) => v + (bias?.[0]?.[j] ?? 0)),
    );
    const y = inRows(activate(activationOf(spec, l), a), wiring.sizeAt(l));
    seen.push({ x, y: moved(y, l), rows, a });
  });
  return { wiring, passing, seen, output: outputOf(spec.layers.length - 1) };
}

/** The loss of a batch and the network's outputs in evaluation: moving statistics, nothing dropped. */
export function plainEvaluation(
  { spec, loss }: Omit<PlainSetup, "optimizer">,
  weights: Weighting,
  batch: PlainBatch,
): { readonly loss: number; readonly output: Matrix } {
  const { output } = plainForward(spec, weights, batch, false);
  return { loss: outputAndError(loss, output, batch).value, output };
}

/**
 * What Oja's subspace rule takes from P, as a gradient: of each example's own error ê, which is its row of that of the
 * mean loss times the batch, the mean of ẑ·(P·ẑ − ê)ᵀ with ẑ = P·ê; an example may have several rows, one a place.
 */
function ojaGradient(P: Matrix, e: Matrix, batch: number): Matrix {
  const gradient = P.map((row) => row.map(() => 0));
  for (const row of e) {
    const own = row.map((value) => value * batch);
    const z = P.map((weights) => weights.reduce((sum, p, j) => sum + p * (own[j] as number), 0));
    const seen = own.map((_, j) => z.reduce((sum, zk, k) => sum + zk * (P[k]?.[j] as number), 0));
    z.forEach((zk, k) => {
      own.forEach((value, j) => {
        const at = gradient[k] as number[];
        at[j] = (at[j] as number) + (zk * ((seen[j] as number) - value)) / batch;
      });
    });
  }
  return gradient;
}

/** What a step of training computes before its update. */
export interface PlainPass {
  readonly loss: number;
  /** By the weights' names, of those that learn. */
  readonly gradients: Weighting;
  /** The moving statistics after the step, by name. */
  readonly moved: Weighting;
  /** The error signal at each layer's output, an example a row; empty where none arrives. */
  readonly signals: Matrix[];
  /** Each example's own error at the output, for the next time, where a rule asks for it. */
  readonly exampleErrors?: Matrix | undefined;
}

/** A batch as adversarial training sees it, x + ε·sign ∂L/∂x, by what the loss changes by. */
function adversarialBatch(
  { spec, loss }: Omit<PlainSetup, "optimizer">,
  weights: Weighting,
  given: PlainBatch,
): PlainBatch {
  const eps = typeof loss === "string" ? 0 : (loss.adversarialEps ?? 0);
  if (eps === 0) return given;
  const { weights: _weights, ...batch } = given;
  const h = 1e-5;
  const lossWith = (row: number, column: number, by: number): number => {
    const input = batch.input.map((own, i) =>
      own.map((x, j) => (i === row && j === column ? x + by : x)),
    );
    const moved = { ...batch, input };
    return outputAndError(loss, plainForward(spec, weights, moved, true).output, moved).value;
  };
  const input = batch.input.map((own, i) =>
    own.map((x, j) => x + eps * Math.sign(lossWith(i, j, h) - lossWith(i, j, -h))),
  );
  return { ...given, input };
}

/** Loss, gradients and the error signal at each layer's output, under the layers' rules. */
export function plainPass(
  setup: Omit<PlainSetup, "optimizer">,
  weights: Weighting,
  given: PlainBatch,
): PlainPass {
  const { spec, loss } = setup;
  const batch = adversarialBatch(setup, weights, given);
  const { wiring, passing, seen, output } = plainForward(spec, weights, batch, true);
  const { value, error, target, first } = outputAndError(loss, output, batch);
  const last = spec.layers.length - 1;
  const layers = [...spec.layers.keys()];
  const top = lastKernelled(spec, wiring);
  const feedbackTargets = new Map(
    layers
      .filter((l) => l !== top && directRule(spec, l) !== undefined)
      .map((l) => [feedbackTargetOf(spec, wiring, l), l]),
  );

  /** The error at a layer's pre-activations, a row for each place, given that at its output. */
  const preActivationGradient = (l: number, delta: Matrix): Matrix => {
    const { a } = seen[l] as Seen;
    const units = (a[0] as number[]).length;
    return deactivate(activationOf(spec, l), a, inRows(delta, units));
  };

  /** What errors make of a recurrent layer's steps, given those at its output or at each of its states. */
  const throughTime = (l: number, delta: Matrix) => {
    const layer = spec.layers[l] as Parameters<typeof plainSequenceErrors>[0];
    const { sequence } = seen[l] as Required<Seen>;
    const { kernel, bias } = ownWeights(weights, l);
    const count = sequence.states.length;
    const isLast = (delta[0] as number[]).length === layer.units && count > 1;
    const arriving = isLast
      ? sequence.states.map((state, t) => (t === count - 1 ? delta : each(() => 0, state)))
      : stepsOf(delta, count);
    const transport =
      directRule(spec, l) === undefined ? plainTransport(spec, weights, batch, l) : undefined;
    return plainSequenceErrors(layer, kernel as Matrix, bias, sequence, arriving, transport);
  };

  /** The error a layer sends to what it takes its input from, if it sends one. */
  const sent = (l: number): Matrix | undefined => {
    const delta = signalAt(l);
    const keeps = directRule(spec, l) !== undefined || ruleOf(spec, l) === "pepita";
    if (delta === undefined || keeps) return undefined;
    if (!isKernelled(spec.layers[l])) return passing(l).backward((seen[l] as Seen).x, delta).input;
    if (isRecurrent(spec.layers[l])) return together(throughTime(l, delta).input);
    const carried = times(
      preActivationGradient(l, delta),
      flip(plainTransport(spec, weights, batch, l)),
    );
    return kernelOf(spec, wiring, l).back(carried);
  };

  /** What the output sends to a layer, where that receives it. */
  const received = (l: number, end: number): Matrix => {
    const message = directRule(spec, l)?.sends({
      error: outputError(),
      target,
      delayed: first.map((row, i) => (batch.delayed?.[i] ?? row).map((e) => e / first.length)),
      weights: batch.weights,
    }) as Matrix;
    const arriving = times(message, flip(plainTransport(spec, weights, batch, l)));
    const { sequence } = seen[end] as Seen;
    const size =
      sequence === undefined
        ? wiring.sizeAt(end)
        : (wiring.shapeAt(end).at(-1) as number) * sequence.states.length;
    const places = size / (arriving[0] as number[]).length;
    return arriving.map((row) => Array.from({ length: places }, () => row).flat());
  };

  /** The error at a layer's output, asked of the layers that take it, and so on up to the loss. */
  const signalAt = (l: number): Matrix | undefined => {
    if (!known.has(l)) known.set(l, findSignal(l));
    return known.get(l);
  };
  const known = new Map<number, Matrix | undefined>();
  const findSignal = (l: number): Matrix | undefined => {
    if (l === last) return error;
    const layer = feedbackTargets.get(l);
    if (layer !== undefined) return received(layer, l);
    const [first, ...others] = wiring
      .uses(l)
      .map(([taker, input]) => {
        const signal = sent(taker);
        return signal && partOf(spec.layers[taker] as LayerSpec, wiring, taker, input, signal);
      })
      .filter((signal) => signal !== undefined);
    return first && others.reduce((sum, signal) => each((a, b) => a + b, sum, signal), first);
  };

  const isOutput =
    spec.layers[top ?? -1]?.type === "dense" &&
    wiring.sizeAt(top as number) === wiring.sizeAt(last);
  /** The error that direct rules send: at the pre-activations of the output layer where its units are the outputs. */
  const outputError = (): Matrix => {
    return isOutput
      ? preActivationGradient(top as number, signalAt(top as number) as Matrix)
      : error;
  };

  /** A layer's noise under fdfa, an example a row; of a smaller batch the first rows of a whole one's. */
  const noiseAt = (l: number): Matrix =>
    columns(
      batch.noise?.[`layers.${l}.noise.0`] as Float32Array,
      wiring.sizeAt(feedbackTargetOf(spec, wiring, l)),
    ).slice(0, batch.input.length);
  /** What the noise of all layers does to where that error is, by how much it differs with a little of it either way. */
  const outputTangent = (): Matrix => {
    const h = 1e-6;
    const [after, before] = [h, -h].map((by) => {
      const run = plainForward(spec, weights, batch, true, (y, end) => {
        const l = feedbackTargets.get(end);
        if (l === undefined || ruleOf(spec, l) !== "fdfa") return y;
        return each((own, v) => own + by * v, y, noiseAt(l));
      });
      return isOutput ? (run.seen[top as number] as Seen).a : run.output;
    }) as [Matrix, Matrix];
    return each((x, y) => (x - y) / (2 * h), after, before);
  };

  /** What the second pass of PEPITA sees, and the errors it makes of that, an example a row; undefined without it. */
  const again = (() => {
    const first = layers.find((l) => isKernelled(spec.layers[l])) as number;
    if (ruleOf(spec, first) !== "pepita") return undefined;
    const n = batch.input.length;
    const F = weights[`layers.${first}.feedback`] as Matrix;
    const brought = times(
      each((e) => e * n, outputError()),
      flip(F),
    );
    const channels = batch.input.map((row, i) =>
      row.map((_, j) => (brought[i] as number[])[j % F.length] as number),
    );
    const input = each((x, f) => x + 0.05 * f, batch.input, channels);
    const second = plainForward(spec, weights, { ...batch, input }, true).seen;
    const errorAt = (l: number) => {
      const { places } = kernelOf(spec, wiring, l);
      return each(
        (y, after) => (y - after) / (n * places),
        (seen[l] as Seen).y,
        (second[l] as Seen).y,
      );
    };
    return { second, errorAt };
  })();

  /** What a layer's kernel was applied to, and the error there, a row for each place. */
  const placesOf = (l: number, delta: Matrix) => {
    const { rows } = (again?.second ?? seen)[l] as Seen;
    const units = ((seen[l] as Seen).a[0] as number[]).length;
    const e =
      again !== undefined && signalAt(l) === undefined
        ? inRows(delta, units)
        : preActivationGradient(l, delta);
    return { rows, e, biasErrors: e };
  };

  const gradientsOf = (l: number, delta: Matrix): Weighting => {
    const { x } = seen[l] as Seen;
    if (!isKernelled(spec.layers[l])) return passing(l).backward(x, delta).gradients ?? {};
    const sequence = isRecurrent(spec.layers[l]) ? throughTime(l, delta).uses : undefined;
    const { rows, e, biasErrors } =
      sequence === undefined
        ? placesOf(l, delta)
        : {
            rows: below(...sequence.map((use) => use.rows)),
            e: below(...sequence.map((use) => use.error)),
            biasErrors: below(...sequence.flatMap((use) => (use.isInput ? [use.error] : []))),
          };
    const { gathered } = kernelOf(spec, wiring, l);
    const kernel = gathered(times(flip(rows), e));
    const bias = [columnSums(biasErrors)];
    const hasBias = weights[`layers.${l}.bias`] !== undefined;
    const { clipNorm, feedbackProjection } = kernelled(spec, l);
    const size = length(...[kernel], ...(hasBias ? [bias] : []));
    const clip = clipNorm === undefined ? 1 : Math.min(1, clipNorm / size);
    const gradients: Weighting = { kernel: each((g) => g * clip, kernel) };
    if (hasBias) gradients.bias = each((g) => g * clip, bias);
    const rule = ruleOf(spec, l);
    if (rule === "kp") gradients.feedback = gradients.kernel as Matrix;
    if (rule === "pfa" || rule === "ldfa") {
      const P = weights[`layers.${l}.errorProjection`] as Matrix;
      const projected = times(e, flip(projectionOf(spec, weights, l)));
      gradients.feedback = gathered(times(flip(rows), projected));
      const units = (P[0] as number[]).length;
      // Nothing is sent on from an embedding.
      if (rule === "ldfa" && spec.layers[l]?.type !== "embedding")
        gradients.errorProjection = ojaGradient(P, inRows(e, units), x.length);
    }
    if (rule === "fdfa" && l !== top) {
      const B = weights[`layers.${l}.feedback`] as Matrix;
      // One weight a channel learns from each of its places.
      const v = inRows(noiseAt(l), B.length);
      const places = v.length / x.length;
      const caused = outputTangent().flatMap((row) => Array.from({ length: places }, () => row));
      gradients.feedback = each((b, seen) => b - seen / v.length, B, times(flip(v), caused));
    }
    if (rule === "dkp" && l !== top) {
      const end = feedbackTargetOf(spec, wiring, l);
      const { y: output, sequence: states } = seen[end] as Seen;
      const y = states === undefined ? output : together(states.states);
      const channels = wiring.shapeAt(end).at(-1) as number;
      const usual = isRecurrent(spec.layers[l]) ? "broadcast" : "dense";
      const hasPlaces = wiring.shapeAt(end).length > 1 || states !== undefined;
      const taught =
        (feedbackProjection ?? usual) === "broadcast" && hasPlaces
          ? y.map((image) => columnSums(inRows([image], channels)))
          : y;
      gradients.feedback = times(flip(taught), outputError());
    }
    return gradients;
  };

  const signals = layers.map((l) =>
    again !== undefined && isKernelled(spec.layers[l]) && signalAt(l) === undefined
      ? again.errorAt(l)
      : signalAt(l),
  );
  const isDelayed = layers.some((l) => {
    const rule = ruleOf(spec, l);
    return rule !== undefined && rules.get(rule as string).needsDelayedError;
  });
  const allAt = (l: number, signal: Matrix) =>
    isRecurrent(spec.layers[l]) ? together(throughTime(l, signal).signals) : signal;
  const named = (l: number, own: Weighting) =>
    Object.entries(own).map(([role, values]) => [`layers.${l}.${role}`, values] as const);
  const movedAt = (l: number) =>
    isKernelled(spec.layers[l]) ? {} : (passing(l).moved?.((seen[l] as Seen).x) ?? {});
  return {
    loss: value,
    gradients: Object.fromEntries(
      layers.flatMap((l) => {
        const signal = signals[l];
        return signal === undefined ? [] : named(l, gradientsOf(l, signal));
      }),
    ),
    moved: Object.fromEntries(layers.flatMap((l) => named(l, movedAt(l)))),
    exampleErrors: isDelayed ? each((e) => e * first.length, outputError()) : undefined,
    signals: signals.map((signal, l) => (signal === undefined ? [] : allAt(l, signal))),
  };
}
