import type { Conv2dSpec, NetworkSpec, OptimizerSpec, Weights } from "@bioflax/core";
import { kernelColumns, type Weighting } from "./plain-layers";
import { columns, each, length, type Matrix } from "./plain-matrices";
import { type Memory, stepOf } from "./plain-optimizers";
import { ownStep, type PlainStep } from "./plain-own";
import { plainPass } from "./plain-pass";
import { gatesOf } from "./plain-recurrent";
import { directRule, mirrored } from "./plain-rules";
import { plainRate } from "./plain-schedules";
import type { PlainBatch, PlainSetup } from "./plain-setup";
import { isKernelled, ruleOf, wiringOf } from "./plain-wiring";

/**
 * Training written out in loops, in float64, with nothing of the library in it: what every engine is held against.
 *
 * Deliberately naive and deliberately separate: it names rules and writes their formulas again, from the papers.
 */

/**
 * Row-major values → matrices: a kernel's rows are what it is applied to, and what is one number a channel is one row.
 */
export function plainWeights(spec: NetworkSpec, weights: Weights): Weighting {
  const wiring = wiringOf(spec);
  const outputs = wiring.sizeAt(spec.layers.length - 1);
  /** How many columns a kernel has, or what stands for it: its last axis. */
  const columnsOf = (name: string, l: number): number => {
    const layer = spec.layers[l] as Conv2dSpec;
    const isTransposed = (layer.type as string) === "conv2dTranspose";
    const kernel = kernelColumns(spec, wiring, l);
    const projection = weights[`layers.${l}.errorProjection`];
    if (projection === undefined) return kernel;
    // Through units of its own go the errors of all of a layer's units, or of each of its groups.
    const { groups = 1 } = layer;
    const units = isTransposed ? (wiring.shapeAt(l).at(-1) as number) : kernel / groups;
    if (name.endsWith("errorProjection")) return units;
    const isShared = name.endsWith("feedback") && !isTransposed;
    return isShared ? (groups * projection.length) / units : kernel;
  };
  return Object.fromEntries(
    Object.entries(weights).map(([name, values]) => {
      const l = Number(name.split(".")[1]);
      const isFeedback = name.endsWith("feedback");
      const isDirect =
        isFeedback && (directRule(spec, l) !== undefined || ruleOf(spec, l) === "pepita");
      const channels = gatesOf(spec.layers[l]) * (wiring.shapeAt(l).at(-1) as number);
      const isKernel = isKernelled(spec.layers[l]) && !name.endsWith("bias");
      const own = isKernel ? columnsOf(name, l) : channels;
      return [name, columns(values, isDirect ? outputs : own)];
    }),
  );
}

/** One step of a weight: where it is afterwards, and what the optimizer remembers of it. */
function stepped(optimizer: OptimizerSpec, at: PlainStep): { after: Matrix; memory: Memory } {
  const { weight, gradient, memory, step, rate, weightDecay } = at;
  const written = stepOf(optimizer, gradient, memory, step);
  if (written === undefined) return ownStep(optimizer, at);
  const shrink =
    optimizer.name === "adamw" || optimizer.name === "sgdw" ? rate * weightDecay : weightDecay;
  return {
    after: each((w, d) => w - rate * d - shrink * w, weight, written.direction),
    memory: written.memory,
  };
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
  /** The error each example had when it was last trained on, where a rule asks for it. */
  const errors = new Map<number, readonly number[]>();
  const losses = batches.map((batch, t) => {
    weights = mirrored(spec, weights, batch);
    const rate = plainRate(optimizer, t);
    const delayed = batch.input.map((_, i) => errors.get(batch.examples?.[i] ?? -1));
    const pass = plainPass(setup, weights, { ...batch, delayed });
    const { loss, gradients, moved, exampleErrors } = pass;
    batch.examples?.forEach((example, i) => {
      if (exampleErrors !== undefined) errors.set(example, exampleErrors[i] as readonly number[]);
    });
    const next = { ...weights, ...moved };
    for (const [name, gradient] of Object.entries(gradients)) {
      const zeros = each(() => 0, gradient);
      const before = weights[name] as Matrix;
      const [, l, role] = name.split(".");
      const lambda = role === "kernel" || role === "feedback" ? decay : 0;
      const remembered = memory[name] ?? Array.from({ length: 4 }, () => zeros);
      const { after, memory: kept } = stepped(optimizer, {
        weight: before,
        gradient,
        memory: remembered,
        step: t + 1,
        rate,
        weightDecay: lambda,
      });
      memory[name] = kept;
      const layer = spec.layers[Number(l)];
      const isConstrained = role === "kernel" && isKernelled(layer) && layer.constrainNorm;
      next[name] = isConstrained ? each((w) => (w * length(before)) / length(after), after) : after;
    }
    weights = next;
    return loss;
  });
  return { losses, weights };
}
