import { differenceName, type ParameterInfo, slotNames } from "@bioflax/core";
import { laidOut, stackOf } from "../../graph/layout";
import { type Model, toModel } from "../../graph/model";
import { cast, gather, onnxOps } from "../../graph/onnx-ops";
import { Scope } from "../../graph/scope";
import { DYNAMIC, type Value } from "../../graph/value";
import { decays } from "../following-feedback";
import { delayedShape } from "../program-context";
import { hasRates, replicaAxis, replicaStepOf } from "../replicas";
import { sourceInputs } from "../source";
import { isCarried, type StepResult, sourceStep, type UpdateTogether } from "../training-step";
import { carriedLayout, carriedLayoutOfReplicas } from "./carried-layout";
import { flatWeights } from "./flat-weights";
import { iterationBatches } from "./iteration-batches";
import { lossesOf } from "./losses";
import { loopNoise, noiseRowsOf, stepNoise } from "./noise";
import type { OnnxContext } from "./onnx-context";
import { declareIn, onnxProgram } from "./program-ops";
import { weightUses } from "./weight-uses";

/** How a training program is laid out. */
export interface TrainingProgramOptions {
  /** How many steps to write out one after another; an ONNX `Loop` of any number of steps when left out. */
  readonly unrolled?: number | undefined;
  /**
   * How many steps each iteration of a loop takes, which has to divide their number; 1 when left out. What a loop
   * carries is copied in every iteration, what passes from step to step within one is changed where it lies.
   */
  readonly perIteration?: number | undefined;
}

type Result = StepResult<Value>;

/**
 * Many training steps in one graph, as an ONNX `Loop` or written out one after another: after the carried values come
 * the losses, [steps], and where a rule needs them the examples' errors, [steps, batch, outputs].
 *
 * Inputs: the source; `rows`, int32 [steps, batch]; `stepsTaken`, how many steps came before, and for a loop
 * `iterations`, int64; where the learning rate has a schedule, `rates`, that of each step, [steps]; the carried values
 * and the fixed feedback weights, by name, or what those that follow their kernels are away from them; where that decays,
 * how much of it is left at each step, `remaining`, [steps]; where a rule needs them the delayed errors, `delayed`, [steps, batch, outputs]; the tables and offsets of noise. Of replicas, all but the source and
 * `stepsTaken` have their axis, behind that of steps where there is one. The source, the rows, the tables and
 * whatever is computed from fixed values alone stay outside the loop, and are computed once where there is none.
 */
export function trainingProgram(
  context: OnnxContext,
  { unrolled, perIteration = 1 }: TrainingProgramOptions = {},
): Model {
  const { trainable, replicas, following, source, count, batch, unsupportedOps, blocks } = context;
  const { network, optimizer, learningRate } = trainable;
  const scope = new Scope(undefined, { unsupportedOps, blocks });
  const data = sourceInputs(declareIn(scope), count, source);
  const extent = unrolled ?? DYNAMIC;
  const axis = replicaAxis(context);
  const rows = scope.input("rows", [extent, ...axis, batch], "int32");
  const stepsTaken = scope.input("stepsTaken", []);
  const rates = hasRates(context) ? scope.input("rates", [extent, ...axis]) : undefined;
  const rateAt = (inner: Scope, step: Value) =>
    rates === undefined ? (learningRate as number) : gather(inner, rates, step);
  const remaining = decays(following) ? scope.input("remaining", [extent]) : undefined;
  const remainingAt = (inner: Scope, step: Value) =>
    remaining === undefined ? 1 : gather(inner, remaining, step);
  const errors = delayedShape(context);
  const delayed = errors && scope.input("delayed", [extent, ...axis, ...errors]);
  const delayedAt = (inner: Scope, step: Value) => delayed && gather(inner, delayed, step);
  /** What is kept of some steps beside their losses. */
  const errorsOf = (inner: Scope, results: readonly Result[]) =>
    errors === undefined
      ? []
      : [
          stackOf(
            inner,
            results.map(({ exampleErrors }) => exampleErrors as Value),
          ),
        ];
  const uses = weightUses(context);
  const layoutOf = ({ name, shape }: ParameterInfo) =>
    replicas === undefined ? carriedLayout(blocks, uses.get(name)) : carriedLayoutOfReplicas(shape);
  const parameters = network.parameters.map((info, i) => {
    const pair = following?.pairs.find(({ feedback }) => feedback === i);
    if (pair === undefined) return scope.input(info.name, [...axis, ...info.shape]);
    const kernel = network.parameters[pair.kernel] as ParameterInfo;
    const difference = scope.input(differenceName(info.layer), info.shape);
    return laidOut(scope, difference, layoutOf(kernel));
  });
  const replicaStep = replicaStepOf(context);
  const setup = { trainable, replicas, replicaStep, following, source, data, parameters };
  const carried = network.parameters.flatMap((info, i) => {
    const shape = [...axis, ...info.shape];
    if (!isCarried(trainable, following, i)) return [];
    const slots = slotNames(info, optimizer).map((name) => scope.input(name, shape));
    return [parameters[i] as Value, ...slots].map((value) => laidOut(scope, value, layoutOf(info)));
  });
  const flat = unrolled === undefined ? flatWeights(context, layoutOf) : undefined;
  return unrolled === undefined ? inLoop() : writtenOut(unrolled);

  function inLoop(): Model {
    const noise = loopNoise(scope, network.noise, noiseRowsOf(context), axis);
    const iterations = scope.input("iterations", [], "int64");
    const from = flat?.join(scope, carried) ?? carried;
    const { final, kept } = scope.loop(iterations, from, (inner, iteration, current) => {
      const results: Result[] = [];
      const indices = Array.from({ length: perIteration }, (_, t) =>
        stepIndex(inner, iteration, perIteration, t),
      );
      const batches = iterationBatches(inner, rows, iteration, indices);
      for (const [t, index] of indices.entries()) {
        const inputs = {
          rows: batches.rows[t] as Value,
          stepsTaken: onnxOps(inner).add(cast(inner, index, "float32"), stepsTaken),
          rate: rateAt(inner, index),
          remaining: remainingAt(inner, index),
          noise: noise(inner, index),
          delayed: delayedAt(inner, index),
        };
        const before = results.at(-1)?.next ?? current;
        const given = {
          ...inputs,
          ...(flat && {
            update: (all: Parameters<UpdateTogether<Value>>[0]) =>
              flat.update(inner, onnxOps(inner), before, all),
          }),
        };
        const weights = flat?.cut(inner, before) ?? before;
        results.push(sourceStep(batches.program, setup, given, weights));
      }
      return {
        next: (results.at(-1) as Result).next,
        kept: [
          lossesOf(
            inner,
            results.map(({ loss }) => loss),
          ),
          ...errorsOf(inner, results),
        ],
      };
    });
    const after = flat?.cut(scope, final) ?? final;
    return toModel(scope, [...after, ...kept]);
  }

  function writtenOut(steps: number): Model {
    const noise = stepNoise(scope, network.noise, noiseRowsOf(context), steps, axis);
    const results: Result[] = [];
    for (let t = 0; t < steps; t++) {
      const index = scope.constant([t], [], "int32");
      const inputs = {
        rows: gather(scope, rows, index),
        stepsTaken: onnxOps(scope).add(stepsTaken, t),
        rate: rateAt(scope, index),
        remaining: remainingAt(scope, index),
        noise: noise(t),
        delayed: delayedAt(scope, index),
      };
      const before = results.at(-1)?.next ?? carried;
      results.push(sourceStep(onnxProgram(scope), setup, inputs, before));
    }
    const { next } = results.at(-1) as Result;
    return toModel(scope, [
      ...next,
      stackOf(
        scope,
        results.map(({ loss }) => loss),
      ),
      ...errorsOf(scope, results),
    ]);
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
