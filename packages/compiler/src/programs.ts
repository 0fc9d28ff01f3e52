import {
  applyGradients,
  forward,
  groupByLayer,
  type LearningRate,
  lossAndGradients,
  type Network,
  type NetworkParameters,
  type Operand,
  type Optimizer,
  outputOf,
  type ParameterInfo,
  prepareStep,
  sizeOf,
  type Trainable,
} from "@bioflax/core";
import { alignment, countCorrect } from "@bioflax/metrics";
import { orient, TRANSPOSED } from "./graph/layout";
import { type Model, toModel } from "./graph/model";
import { noiseAt, noiseInputs } from "./graph/noise";
import { cast, gather, onnxOps } from "./graph/onnx-ops";
import { Scope } from "./graph/scope";
import { OPEN, type Value } from "./graph/value";
import { gatherBatch, type SourceTypes, sourceInputs } from "./source";

/** What all programs of one network share. */
export interface ProgramContext {
  readonly trainable: Trainable;
  readonly source: SourceTypes;
  /** How many examples the source has. */
  readonly count: number;
  /** Examples in a batch. */
  readonly batch: number;
  /** Examples in the largest batch there is. */
  readonly largestBatch: number;
}

/** The name a weight's optimizer slot has: `layers.0.kernel/momentum`. */
function slotName(parameter: string, slot: string): string {
  return `${parameter}/${slot}`;
}

/** The optimizer's slots of a weight, by name. */
export function slotNames(
  { name, learns }: Pick<ParameterInfo, "name" | "learns">,
  { slots }: Optimizer,
): string[] {
  return learns ? slots.map((slot) => slotName(name, slot)) : [];
}

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

/**
 * Many training steps as one ONNX `Loop`.
 *
 * Inputs: the source; `rows`, int32 [steps, batch]; `steps`, int64; `stepsTaken`, how many steps came before;
 * where the learning rate has a schedule, `rates`, that of each step, [steps]; the carried values and the fixed feedback
 * weights, by name; the tables and offsets of noise. The source, the rows, the tables and whatever is computed from fixed
 * values alone stay outside the loop.
 *
 * @param observe whether every step also measures its alignment with backpropagation.
 */
export function trainingProgram(
  { trainable, source, count, batch, largestBatch }: ProgramContext,
  observe: boolean,
): TrainingProgram {
  const { network, optimizer } = trainable;
  const scope = new Scope();
  const data = sourceInputs(scope, count, source);
  const rows = scope.input("rows", [OPEN, batch], "int32");
  const steps = scope.input("steps", [], "int64");
  const stepsTaken = scope.input("stepsTaken", []);
  const rateOf = rateInput(scope, trainable.learningRate);
  const inputs = parameterInputs(scope, network);
  const noise = network.noise.map((info) =>
    noiseInputs(scope, info, rowsOf(source, network, largestBatch)),
  );
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
    return [inputs[i] as Value, ...slots].map((value) => orient(scope, value, order));
  });
  let observed: string[] = [];
  const { final, kept } = scope.loop(steps, carried, (inner, iteration, current) => {
    const ops = onnxOps(inner);
    const left = [...current];
    const weights = network.parameters.map((info, i) =>
      info.changes ? left.splice(0, 1 + slotNames(info, optimizer).length) : [inputs[i] as Value],
    );
    const before = groupByLayer(
      network,
      weights.map(([weight]) => weight as Value),
    );
    const drawn = noise.map((one) =>
      noiseAt(inner, one, iteration, rowsOf(source, network, batch)),
    );
    const state = {
      parameters: prepareStep(ops, network, before, drawn),
      slots: weights.map(([, ...slots]) => slots),
    };
    const input = gatherBatch(
      inner,
      data,
      gather(inner, rows, iteration),
      source,
      network.spec.inputShape,
    );
    const pass = lossAndGradients(ops, trainable, state.parameters, input);
    const step = ops.add(ops.add(cast(inner, iteration, "float32"), stepsTaken), 1);
    const rate = rateOf(inner, iteration);
    const after = applyGradients(ops, trainable, state, pass, step, rate);
    const values = observe ? alignment(ops, network, state.parameters, pass) : {};
    observed = Object.keys(values);
    return {
      next: network.parameters.flatMap(({ changes, layer, role }, i) =>
        changes ? [after.parameters[layer]?.[role] as Value, ...(after.slots[i] as Value[])] : [],
      ),
      kept: [pass.loss, ...Object.values(values)],
    };
  });
  return { model: toModel(scope, [...final, ...kept]), observed };
}

/** Declares the learning rates of a call's steps, where they have a schedule. @returns the rate of one iteration. */
function rateInput(
  scope: Scope,
  learningRate: LearningRate,
): (inner: Scope, iteration: Value) => Operand<Value> {
  if (typeof learningRate === "number") return () => learningRate;
  const rates = scope.input("rates", [OPEN]);
  return (inner, iteration) => gather(inner, rates, iteration);
}

/** How many rows a batch has once examples of several rows are flattened. */
function rowsOf({ inputShape }: SourceTypes, network: Network, batch: number): number {
  return (batch * sizeOf(inputShape)) / sizeOf(network.spec.inputShape);
}

function parameterInputs(scope: Scope, network: Network): Value[] {
  return network.parameters.map(({ name, shape }) => scope.input(name, shape));
}

/** A program over one batch: the source, `rows`, int32 [batch], and the weights go in. */
function batchProgram(
  { trainable: { network }, source, count, batch }: ProgramContext,
  outputs: (
    scope: Scope,
    parameters: NetworkParameters<Value>,
    batch: { input: Value; target: Value },
  ) => Value[],
): Model {
  const scope = new Scope();
  const data = sourceInputs(scope, count, source);
  const rows = scope.input("rows", [batch], "int32");
  const parameters = groupByLayer(network, parameterInputs(scope, network));
  return toModel(
    scope,
    outputs(scope, parameters, gatherBatch(scope, data, rows, source, network.spec.inputShape)),
  );
}

/** The mean loss of one batch and, where the targets are labels, how many are classified right. */
export function evaluationProgram(context: ProgramContext): Model {
  const { network, loss } = context.trainable;
  return batchProgram(context, (scope, parameters, { input, target }) => {
    const ops = onnxOps(scope);
    const output = outputOf(forward(ops, network, parameters, input));
    const { value } = loss.evaluate(ops, output, target);
    return loss.targets === "labels" ? [value, countCorrect(ops, output, target)] : [value];
  });
}

/** The network's output for one batch, [batch, outputs]. */
export function predictionProgram(context: ProgramContext): Model {
  const { network } = context.trainable;
  return batchProgram(context, (scope, parameters, { input }) => [
    outputOf(forward(onnxOps(scope), network, parameters, input)),
  ]);
}
