import {
  createLayer,
  createNetwork,
  createOptimizer,
  type Float64Tensor,
  firstErrors,
  float64Tensor,
  getActivation,
  getLoss,
  type KernelFreeLayer,
  type KernelLayer,
  type KernelParameters,
  type LayerContext,
  type LayerParameters,
  type LayerSpec,
  type LossSpec,
  type NetworkSpec,
  type OptimizerSpec,
  type Rule,
  referenceOps,
  rules,
  type Shape,
} from "@bioflax/core";
import type { PlainKernelFreeLayer, Weighting } from "./plain-layers";
import { columns, type Matrix } from "./plain-matrices";
import type { PlainBatch } from "./plain-setup";

/**
 * Definitions that the plain reference does not write out again, by their own maths in float64, which their contracts
 * judge: engines are held against that.
 */

const tensorOf = (matrix: Matrix): Float64Tensor =>
  float64Tensor(matrix.flat(), [matrix.length, matrix[0]?.length ?? 0]);

const matrixOf = ({ data }: Float64Tensor, rows: number): Matrix =>
  columns(data, data.length / rows);

/** φ(a). */
export const ownActivation = (name: string, a: Matrix): Matrix =>
  matrixOf(getActivation(name).forward(referenceOps, tensorOf(a)), a.length);

/** The error at a from the error δ at φ(a). */
export function ownActivationError(name: string, a: Matrix, delta: Matrix): Matrix {
  const { forward, backward } = getActivation(name);
  const at = { a: tensorOf(a), y: forward(referenceOps, tensorOf(a)) };
  return matrixOf(backward(referenceOps, at, tensorOf(delta)), a.length);
}

/**
 * A loss where examples are not weighted: what each example adds, the error at the output, and the target's part of
 * that.
 */
export function ownLoss(spec: LossSpec, y: Matrix, { labels, values }: PlainBatch) {
  const loss = getLoss(spec);
  const target =
    values === undefined ? float64Tensor(labels as number[], [y.length]) : tensorOf(values);
  const each = loss.perExample(referenceOps, tensorOf(y), target);
  const mean = (rows: Matrix): Matrix => rows.map((row) => row.map((x) => x / y.length));
  const signal = loss.targetSignal?.(referenceOps, tensorOf(y), target);
  return {
    value: mean(matrixOf(each.values, y.length)),
    error: mean(matrixOf(each.errors, y.length)),
    target: signal === undefined ? [] : matrixOf(signal, y.length),
    first: matrixOf(firstErrors(referenceOps, loss, tensorOf(y), target), y.length),
  };
}

/** A weight W before a step, and all that the step is made of. */
export interface PlainStep {
  readonly weight: Matrix;
  readonly gradient: Matrix;
  /** What the optimizer remembers of it, one matrix a slot; zeros at first. */
  readonly memory: readonly Matrix[];
  /** From 1. */
  readonly step: number;
  readonly rate: number;
  readonly weightDecay: number;
}

/** One step: where the weight is afterwards, and what the optimizer remembers of it. */
export function ownStep(
  spec: OptimizerSpec,
  { weight, gradient, memory, step, rate, weightDecay }: PlainStep,
): { after: Matrix; memory: Matrix[] } {
  const optimizer = createOptimizer(spec);
  const { parameter, slots } = optimizer.update(referenceOps, {
    parameter: tensorOf(weight),
    gradient: tensorOf(gradient),
    slots: optimizer.slots.map((_, i) => tensorOf(memory[i] as Matrix)),
    step: float64Tensor([step], []),
    rate,
    weightDecay,
  });
  return {
    after: matrixOf(parameter, weight.length),
    memory: slots.map((slot) => matrixOf(slot, weight.length)),
  };
}

/** A layer's context under a rule, as far as a rule that draws no noise reads it. */
function contextOf(
  spec: NetworkSpec,
  l: number,
  {
    kernel,
    feedback,
  }: { readonly kernel?: Matrix | undefined; readonly feedback?: Matrix | undefined },
): LayerContext<Float64Tensor> {
  const network = createNetwork(spec);
  return {
    layer: network.layers[l] as KernelLayer,
    rule: network.rules[l] as Rule,
    parameters: {
      kernel: kernel && tensorOf(kernel),
      ...(feedback && { feedback: tensorOf(feedback) }),
    } as KernelParameters<Float64Tensor>,
  };
}

/** The matrix that carries errors down from layer l. */
export function ownTransport(
  spec: NetworkSpec,
  l: number,
  name: string,
  weights: { readonly kernel: Matrix; readonly feedback?: Matrix | undefined },
): Matrix {
  const { transport } = rules.get(name) as Rule;
  const context = contextOf(spec, l, weights);
  return matrixOf(transport(referenceOps, context), weights.kernel.length);
}

/** How errors come straight from the output, under a rule by which they do. */
export function ownDirectRule(spec: NetworkSpec, l: number, name: string) {
  const { route, transport, outputSignal } = rules.get(name) as Rule;
  if (route.source !== "output") return undefined;
  return {
    sends({
      error,
      target,
      delayed,
      weights,
    }: {
      error: Matrix;
      target: Matrix;
      delayed: Matrix;
      weights: readonly number[] | undefined;
    }): Matrix {
      if (outputSignal === undefined) return error;
      const sent = outputSignal(referenceOps, {
        error: tensorOf(error),
        target: target.length === 0 ? undefined : tensorOf(target),
        delayed: tensorOf(delayed),
        weights: weights && float64Tensor(weights, [weights.length, 1]),
      });
      return matrixOf(sent, error.length);
    },
    carriedBy: (feedback: Matrix): Matrix =>
      matrixOf(transport(referenceOps, contextOf(spec, l, { feedback })), feedback.length),
  };
}

/** A layer without a kernel, for inputs of a shape. */
export function ownKernelFreeLayer(
  spec: LayerSpec,
  shape: Shape,
  weights: Weighting,
  noise: ArrayLike<number> | undefined,
  training: boolean,
): PlainKernelFreeLayer {
  const layer = createLayer(spec, shape) as KernelFreeLayer;
  const batched = (x: Matrix, example: Shape) => float64Tensor(x.flat(), [x.length, ...example]);
  const parametersFor = (batch: number): LayerParameters<Float64Tensor> => ({
    ...Object.fromEntries(
      layer.weights.map(({ role, shape: own }) => [
        role,
        float64Tensor((weights[role] as Matrix).flat(), own),
      ]),
    ),
    ...(noise !== undefined && {
      noise: [float64Tensor(noise, [batch, ...(layer.noise?.[0]?.shape ?? [])])],
    }),
  });
  const forward = (x: Matrix) =>
    layer.forward(referenceOps, parametersFor(x.length), batched(x, shape), training);
  return {
    forward: (x) => matrixOf(forward(x).output, x.length),
    backward(x, delta) {
      const { input, gradients = {} } = layer.backward(
        referenceOps,
        parametersFor(x.length),
        forward(x),
        batched(delta, layer.outputShape),
      );
      const rows = Object.entries(gradients).map(([role, gradient]) => [
        role,
        matrixOf(gradient as Float64Tensor, (weights[role] as Matrix).length),
      ]);
      return { input: matrixOf(input, x.length), gradients: Object.fromEntries(rows) };
    },
    moved(x) {
      const { updates = {} } = forward(x);
      const rows = Object.entries(updates).map(([role, value]) => [
        role,
        matrixOf(value as Float64Tensor, (weights[role] as Matrix).length),
      ]);
      return Object.fromEntries(rows);
    },
  };
}
