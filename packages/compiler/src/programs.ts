import {
  type Batch,
  forward,
  groupByLayer,
  type Network,
  type NetworkParameters,
  outputOf,
  sizeOf,
  type Trainable,
} from "@bioflax/core";
import { countRight } from "@bioflax/metrics";
import { type Model, toModel } from "./graph/model";
import { onnxOps } from "./graph/onnx-ops";
import { Scope } from "./graph/scope";
import type { BlockUse, Value } from "./graph/value";
import { gatherBatch, type SourceLayout, type SourceTypes, sourceInputs } from "./source";

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

/** How many rows a batch has once examples of several rows are flattened. */
export function rowsOf({ inputShape }: SourceLayout, network: Network, batch: number): number {
  return (batch * sizeOf(inputShape)) / sizeOf(network.spec.inputShape);
}

/** Declares a network's weights as inputs of a graph. */
export function parameterInputs(scope: Scope, network: Network): Value[] {
  return network.parameters.map(({ name, shape }) => scope.input(name, shape));
}

/** A program over one batch: the source, `rows`, int32 [batch], and the weights go in. */
function batchProgram(
  { trainable: { network }, source, count, batch, unsupportedOps }: ProgramContext,
  outputs: (scope: Scope, parameters: NetworkParameters<Value>, batch: Batch<Value>) => Value[],
): Model {
  const scope = new Scope(undefined, { unsupportedOps });
  const data = sourceInputs(scope, count, source);
  const rows = scope.input("rows", [batch], "int32");
  const parameters = groupByLayer(network, parameterInputs(scope, network));
  return toModel(
    scope,
    outputs(scope, parameters, gatherBatch(scope, data, rows, source, network.spec.inputShape)),
  );
}

/** The mean loss of one batch, and after it how much of it is right by each measure of accuracy: `observed`. */
export function evaluationProgram(context: ProgramContext): Program {
  const { network, loss } = context.trainable;
  let observed: string[] = [];
  const model = batchProgram(context, (scope, parameters, { input, target }) => {
    const ops = onnxOps(scope);
    const output = outputOf(forward(ops, network, parameters, input));
    const { value } = loss.evaluate(ops, output, target);
    const right = countRight(ops, loss, output, target);
    observed = Object.keys(right);
    return [value, ...Object.values(right)];
  });
  return { model, observed };
}

/** The network's output for one batch, [batch, outputs]. */
export function predictionProgram(context: ProgramContext): Program {
  const { network } = context.trainable;
  const model = batchProgram(context, (scope, parameters, { input }) => [
    outputOf(forward(onnxOps(scope), network, parameters, input)),
  ]);
  return { model };
}
