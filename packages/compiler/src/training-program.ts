import {
  applyGradients,
  groupByLayer,
  lossAndGradients,
  type Network,
  type Operand,
  prepareStep,
  type Shape,
  slotNames,
  type Trainable,
} from "@bioflax/core";
import { alignment } from "@bioflax/metrics";
import { paysInBlocks } from "./graph/blocked-products";
import { LONG_REDUCTION } from "./graph/fused-products";
import { laidOut } from "./graph/layout";
import { type Model, toModel } from "./graph/model";
import { loopNoise, stepNoise } from "./graph/noise";
import { cast, gather, onnxOps, stack } from "./graph/onnx-ops";
import { Scope } from "./graph/scope";
import { type BlockUse, DYNAMIC, type Layout, TRANSPOSED, type Value } from "./graph/value";
import { type ProgramContext, parameterInputs, rowsOf } from "./programs";
import { gatherBatch, type SourceInputs, sourceInputs } from "./source";

/** Names of what a training program carries from step to step: weights that change, each followed by its slots. */
export function carriedNames({
  network,
  optimizer,
}: Pick<Trainable, "network" | "optimizer">): string[] {
  return network.parameters.flatMap((info) =>
    info.changes ? [info.name, ...slotNames(info, optimizer)] : [],
  );
}

/** A training program: after the carried values come the losses and the observed scalars, each [steps]. */
export interface TrainingProgram {
  readonly model: Model;
  /** Names of the scalars observed at every step. */
  readonly observed: readonly string[];
}

/** How a training program is laid out. */
export interface TrainingProgramOptions {
  /** Whether every step also measures its alignment with backpropagation. */
  readonly observe: boolean;
  /** How many steps to write out one after another; an ONNX `Loop` of any number of steps when left out. */
  readonly unrolled?: number | undefined;
  /**
   * How many steps each iteration of a loop takes, which has to divide their number; 1 when left out. What a loop carries is copied
   * in every iteration, what passes from step to step within one is changed where it lies.
   */
  readonly perIteration?: number | undefined;
}

/** What one step has of its own. */
interface StepInputs {
  /** Row numbers of its batch, int32 [batch]. */
  readonly rows: Value;
  /** How many steps came before it. */
  readonly stepsTaken: Value;
  readonly rate: Operand<Value>;
  readonly noise: readonly Value[];
}

/** What a step leaves: the carried values after it, its loss, and what was observed, by name. */
interface StepResult {
  readonly next: readonly Value[];
  readonly loss: Value;
  readonly observed: Readonly<Record<string, Value>>;
}

/** One training step in a graph or in the body of a loop. */
type Step = (scope: Scope, inputs: StepInputs, carried: readonly Value[]) => StepResult;

/** What every step of a program shares: the network's definition and the values outside. */
function stepOf(
  { trainable, source }: ProgramContext,
  data: SourceInputs,
  parameters: readonly Value[],
  observe: boolean,
): Step {
  const { network, optimizer } = trainable;
  return (scope, { rows, stepsTaken, rate, noise }, carried) => {
    const ops = onnxOps(scope);
    const left = [...carried];
    const weights = network.parameters.map((info, i) =>
      info.changes
        ? left.splice(0, 1 + slotNames(info, optimizer).length)
        : [parameters[i] as Value],
    );
    const before = groupByLayer(
      network,
      weights.map(([weight]) => weight as Value),
    );
    const state = {
      parameters: prepareStep(ops, network, before, noise),
      slots: weights.map(([, ...slots]) => slots),
    };
    const batch = gatherBatch(scope, data, rows, source, network.spec.inputShape);
    const pass = lossAndGradients(ops, trainable, state.parameters, batch);
    const after = applyGradients(ops, trainable, state, pass, ops.add(stepsTaken, 1), rate);
    return {
      next: network.parameters.flatMap(({ changes, layer, role }, i) =>
        changes ? [after.parameters[layer]?.[role] as Value, ...(after.slots[i] as Value[])] : [],
      ),
      loss: pass.loss,
      observed: observe ? alignment(ops, network, state.parameters, pass) : {},
    };
  };
}

/**
 * Many training steps in one graph, as an ONNX `Loop` or written out one after another.
 *
 * Inputs: the source; `rows`, int32 [steps, batch]; `stepsTaken`, how many steps came before, and for a loop `iterations`, int64;
 * where the learning rate has a schedule, `rates`, that of each step, [steps]; the carried values and the fixed feedback
 * weights, by name; the tables and offsets of noise. The source, the rows, the tables and whatever is computed from fixed
 * values alone stay outside the loop, and are computed once where there is none.
 */
export function trainingProgram(
  context: ProgramContext,
  { observe, unrolled, perIteration = 1 }: TrainingProgramOptions,
): TrainingProgram {
  const { trainable, source, count, batch, unsupportedOps, blocks } = context;
  const { network, optimizer, learningRate } = trainable;
  const scope = new Scope(undefined, { unsupportedOps, blocks });
  const data = sourceInputs(scope, count, source);
  const extent = unrolled ?? DYNAMIC;
  const rows = scope.input("rows", [extent, batch], "int32");
  const stepsTaken = scope.input("stepsTaken", []);
  const rates = typeof learningRate === "number" ? undefined : scope.input("rates", [extent]);
  const rateAt = (inner: Scope, step: Value) =>
    rates === undefined ? (learningRate as number) : gather(inner, rates, step);
  const parameters = parameterInputs(scope, network);
  const step = stepOf(context, data, parameters, observe);
  const carried = network.parameters.flatMap((info, i) => {
    const { shape } = info;
    if (!info.changes) return [];
    const slots = slotNames(info, optimizer).map((name) => scope.input(name, shape));
    const layout = carriedLayout(scope, network, info, rowsOf(source, network, batch));
    return [parameters[i] as Value, ...slots].map((value) => laidOut(scope, value, layout));
  });
  return unrolled === undefined ? inLoop() : writtenOut(unrolled);

  function inLoop(): TrainingProgram {
    let names: string[] = [];
    const noise = loopNoise(scope, network.noise, noiseRows(context));
    const iterations = scope.input("iterations", [], "int64");
    const { final, kept } = scope.loop(iterations, carried, (inner, iteration, current) => {
      const results: StepResult[] = [];
      for (let t = 0; t < perIteration; t++) {
        const index = stepIndex(inner, iteration, perIteration, t);
        const inputs = {
          rows: gather(inner, rows, index),
          stepsTaken: onnxOps(inner).add(cast(inner, index, "float32"), stepsTaken),
          rate: rateAt(inner, index),
          noise: noise(inner, index),
        };
        results.push(step(inner, inputs, results.at(-1)?.next ?? current));
      }
      names = Object.keys((results[0] as StepResult).observed);
      return { next: (results.at(-1) as StepResult).next, kept: scalarsOf(inner, results, names) };
    });
    return { model: toModel(scope, [...final, ...kept]), observed: names };
  }

  function writtenOut(steps: number): TrainingProgram {
    const noise = stepNoise(scope, network.noise, noiseRows(context), steps);
    const results: StepResult[] = [];
    for (let t = 0; t < steps; t++) {
      const index = scope.constant([t], [], "int32");
      const inputs = {
        rows: gather(scope, rows, index),
        stepsTaken: onnxOps(scope).add(stepsTaken, t),
        rate: rateAt(scope, index),
        noise: noise(t),
      };
      results.push(step(scope, inputs, results.at(-1)?.next ?? carried));
    }
    const { next, observed } = results.at(-1) as StepResult;
    const names = Object.keys(observed);
    return {
      model: toModel(scope, [...next, ...scalarsOf(scope, results, names)]),
      observed: names,
    };
  }
}

/** The number of a step within its call, int64. */
function stepIndex(inner: Scope, iteration: Value, perIteration: number, t: number): Value {
  if (perIteration === 1) return iteration;
  const [factor, offset] = [perIteration, t].map((n) => inner.constant([n], [], "int64")) as [
    Value,
    Value,
  ];
  const scalar = { shape: [], type: "int64" } as const;
  return inner.node("Add", [inner.node("Mul", [iteration, factor], scalar), offset], scalar);
}

/** The losses of some steps, and what was observed in them: a number a step each. */
function scalarsOf(
  scope: Scope,
  results: readonly StepResult[],
  names: readonly string[],
): Value[] {
  return [
    results.map(({ loss }) => loss),
    ...names.map((name) => results.map(({ observed }) => observed[name] as Value)),
  ].map((scalars) => stack(scope, scalars));
}

/**
 * How a weight and its slots lie while steps carry them on, so that the step's products find them as they read them.
 *
 * @param rows of a batch, examples of several rows flattened.
 */
function carriedLayout(
  { blocks: use }: Scope,
  { layers }: Network,
  { role, shape, layer: index }: Network["parameters"][number],
  rows: number,
): Layout {
  const layer = layers[index];
  const pays = (kernel: Shape) =>
    kernel.length === 2 && paysInBlocks(use, [rows, ...(kernel as [number, number])]);
  const blocks = (axis: 0 | 1): Layout => ({
    blocks: { axis, size: (use as BlockUse).size, padding: "zeros" },
  });
  if (role === "bias" && layer?.hasKernel && pays(layer.kernelShape)) return blocks(0);
  if (role === "kernel" && pays(shape)) return blocks(1);
  // e·Bᵀ reads rows of feedback weights; but where they learn by the kernel's own gradient and share it, they lie as the kernel does.
  if (role === "feedback" && pays(shape.toReversed())) return blocks(rows < LONG_REDUCTION ? 0 : 1);
  // A kernel with more units than the batch has rows is the left factor of h·W, and so best kept as Wᵀ.
  const isWide = role === "kernel" && shape.length === 2 && (shape[1] as number) > rows;
  return { order: isWide ? TRANSPOSED : undefined };
}

/** How many rows the noise of a network's programs is made for. */
function noiseRows({ trainable, source, batch, largestBatch }: ProgramContext) {
  const { network } = trainable;
  return {
    batch: rowsOf(source, network, batch),
    largestBatch: rowsOf(source, network, largestBatch),
  };
}
