import {
  type Batch,
  groupByLayer,
  type Network,
  type NetworkParameters,
  type TensorOps,
  type Trainable,
} from "@bioflax/core";
import { type Model, toModel } from "../../graph/model";
import { onnxOps } from "../../graph/onnx-ops";
import { Scope } from "../../graph/scope";
import type { BlockUse, Value } from "../../graph/value";
import { evaluate, predict } from "../evaluation";
import type { DeclareInput } from "../program-ops";
import { gatherBatch, type SourceTypes, sourceInputs } from "../source";
import { onnxProgram } from "./program-ops";

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
  /** Operators to do without. */
  readonly unsupportedOps: readonly string[];
  /** How matrices lie in blocks while training; none does when left out. */
  readonly blocks?: BlockUse | undefined;
}

/** A program: a model, and the names of what it observes. */
export interface Program {
  readonly model: Model;
  readonly observed?: readonly string[];
  /** How many of its outputs, from the first, are kept for the next call. */
  readonly carried?: number;
}

/** Declares inputs of a graph. */
export const declareIn =
  (scope: Scope): DeclareInput<Value> =>
  (name, shape, type) =>
    scope.input(name, shape, type);

/** Declares a network's weights as inputs of a graph. */
export function parameterInputs(scope: Scope, network: Network): Value[] {
  return network.parameters.map(({ name, shape }) => scope.input(name, shape));
}

/** A program over one batch: the source, `rows`, int32 [batch], and the weights go in. */
function batchProgram(
  { trainable: { network }, source, count, batch, unsupportedOps }: ProgramContext,
  outputs: (
    ops: TensorOps<Value>,
    parameters: NetworkParameters<Value>,
    batch: Batch<Value>,
  ) => Value[],
): Model {
  const scope = new Scope(undefined, { unsupportedOps });
  const data = sourceInputs(declareIn(scope), count, source);
  const rows = scope.input("rows", [batch], "int32");
  const parameters = groupByLayer(network, parameterInputs(scope, network));
  return toModel(
    scope,
    outputs(
      onnxOps(scope),
      parameters,
      gatherBatch(onnxProgram(scope), data, rows, source, network.spec.inputShape),
    ),
  );
}

/** The mean loss of one batch, and after it how much of it is right by each measure of accuracy: `observed`. */
export function evaluationProgram(context: ProgramContext): Program {
  let observed: string[] = [];
  const model = batchProgram(context, (ops, parameters, batch) => {
    const { loss, right } = evaluate(ops, context.trainable, parameters, batch);
    observed = Object.keys(right);
    return [loss, ...Object.values(right)];
  });
  return { model, observed };
}

/** The network's output for one batch, [batch, outputs]. */
export function predictionProgram(context: ProgramContext): Program {
  const model = batchProgram(context, (ops, parameters, batch) => [
    predict(ops, context.trainable, parameters, batch),
  ]);
  return { model };
}
