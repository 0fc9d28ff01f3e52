import {
  applyGradients,
  groupByLayer,
  lossAndGradients,
  type Operand,
  prepareStep,
  slotNames,
  type Trainable,
} from "@bioflax/core";
import { alignment } from "@bioflax/metrics";
import { orient, TRANSPOSED } from "./graph/layout";
import { type Model, toModel } from "./graph/model";
import { loopNoise, stepNoise } from "./graph/noise";
import { cast, gather, onnxOps, stack } from "./graph/onnx-ops";
import { Scope } from "./graph/scope";
import { OPEN, type Value } from "./graph/value";
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
 * Inputs: the source; `rows`, int32 [steps, batch]; `stepsTaken`, how many steps came before, and for a loop `steps`, int64;
 * where the learning rate has a schedule, `rates`, that of each step, [steps]; the carried values and the fixed feedback
 * weights, by name; the tables and offsets of noise. The source, the rows, the tables and whatever is computed from fixed
 * values alone stay outside the loop, and are computed once where there is none.
 */
export function trainingProgram(
  context: ProgramContext,
  { observe, unrolled }: TrainingProgramOptions,
): TrainingProgram {
  const { trainable, source, count, batch, lacking } = context;
  const { network, optimizer, learningRate } = trainable;
  const scope = new Scope(undefined, { lacking });
  const data = sourceInputs(scope, count, source);
  const extent = unrolled ?? OPEN;
  const rows = scope.input("rows", [extent, batch], "int32");
  const stepsTaken = scope.input("stepsTaken", []);
  const rates = typeof learningRate === "number" ? undefined : scope.input("rates", [extent]);
  const rateAt = (inner: Scope, step: Value) =>
    rates === undefined ? (learningRate as number) : gather(inner, rates, step);
  const parameters = parameterInputs(scope, network);
  const step = stepOf(context, data, parameters, observe);
  const carried = network.parameters.flatMap((info, i) => {
    const { shape, role } = info;
    if (!info.changes) return [];
    const slots = slotNames(info, optimizer).map((name) => scope.input(name, shape));
    // A kernel with more units than the batch has rows is the left factor of h·W, and so best kept as Wᵀ.
    const isTransposed =
      role === "kernel" &&
      shape.length === 2 &&
      (shape[1] as number) > rowsOf(source, network, batch);
    const order = isTransposed ? TRANSPOSED : undefined;
    return [parameters[i] as Value, ...slots].map((value) => orient(scope, value, order));
  });
  return unrolled === undefined ? inLoop() : writtenOut(unrolled);

  function inLoop(): TrainingProgram {
    let names: string[] = [];
    const noise = loopNoise(scope, network.noise, noiseRows(context));
    const iterations = scope.input("steps", [], "int64");
    const { final, kept } = scope.loop(iterations, carried, (inner, iteration, current) => {
      const taken = onnxOps(inner).add(cast(inner, iteration, "float32"), stepsTaken);
      const { next, loss, observed } = step(
        inner,
        {
          rows: gather(inner, rows, iteration),
          stepsTaken: taken,
          rate: rateAt(inner, iteration),
          noise: noise(inner, iteration),
        },
        current,
      );
      names = Object.keys(observed);
      return { next, kept: [loss, ...Object.values(observed)] };
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
    const kept = [
      results.map(({ loss }) => loss),
      ...names.map((name) => results.map((result) => result.observed[name] as Value)),
    ];
    return {
      model: toModel(scope, [...next, ...kept.map((scalars) => stack(scope, scalars))]),
      observed: names,
    };
  }
}

/** How many rows the noise of a network's programs is made for. */
function noiseRows({ trainable, source, batch, largestBatch }: ProgramContext) {
  const { network } = trainable;
  return {
    batch: rowsOf(source, network, batch),
    largestBatch: rowsOf(source, network, largestBatch),
  };
}
