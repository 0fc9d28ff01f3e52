import {
  alignmentProgram,
  type BatchProgramKind,
  batchProgram,
  delayedShape,
  hasRates,
  offsetsName,
  type ProgramContext,
  type ProgramOps,
  replicaAxis,
  replicaStepOf,
  rowsOf,
  sourceInputs,
  sourceStep,
} from "@bioflax/compiler";
import { noiseShape, noiseTableSize, sizeOf, slotNames } from "@bioflax/core";
import type { AlignmentPlace } from "@bioflax/metrics";
import type { Block, ProgramTarget } from "./stablehlo/block";
import { createProgram, type DeclareArgument, type Program } from "./stablehlo/program";
import { convert, gather, reshaped, sliceAt, writeAt } from "./stablehlo/shaping";
import { stablehloOps } from "./stablehlo/stablehlo-ops";
import type { Value } from "./stablehlo/value";

/** The most steps of a call, and the most row numbers: so many are copied to the device, however few it takes. */
const MOST_STEPS = 4096;
const MOST_ROWS = 2 ** 20;
/** The most numbers of delayed errors, which are copied there and back. */
const MOST_ERRORS = 2 ** 22;
/** What a program holds where no more steps are asked for at a time: an epoch of a small source. */
const FEW_STEPS = 256;

/**
 * The most steps that a call may take: what its program is made for.
 *
 * @param wanted how many there have been to take at a time.
 * @param errors how many delayed errors a step is given; none when left out.
 */
export function mostSteps(
  { batch, largestBatch }: Pick<ProgramContext, "batch" | "largestBatch">,
  wanted: number,
  errors = 0,
): number {
  // The last, smaller batch is one step.
  if (batch < largestBatch) return 1;
  const held = wanted > FEW_STEPS ? MOST_STEPS : FEW_STEPS;
  const fitting = Math.min(MOST_ROWS / batch, errors === 0 ? held : MOST_ERRORS / errors);
  return Math.max(1, Math.min(held, Math.floor(fitting)));
}

/** A program that also says what its last results are, which are scalars. */
export interface ObservingProgram extends Program {
  readonly observed: readonly string[];
}

/** What the compiler's programs need of what they are traced into. */
const programOps = (block: Block): ProgramOps<Value> => ({
  ops: stablehloOps(block),
  gather: (data, indices) => gather(block, data, indices),
  cast: (x, type) => convert(block, x, type),
  vector: (values) => block.constants(Float32Array.from(values), [values.length]),
});

/** The part of a tensor that an int32 scalar names along its first axis. */
function partAt(block: Block, x: Value, index: Value): Value {
  const part = x.shape.slice(1);
  return reshaped(block, sliceAt(block, x, index, [1, ...part]), part);
}

/**
 * Declares the tables of noise and, int32 [steps], where each begins at each step; of replicas as many tables, and where
 * in all of them each one's begins, [steps, replicas].
 *
 * @returns the noise of the step that an int32 scalar names.
 */
function noiseInputs(declare: DeclareArgument, context: ProgramContext, steps: number) {
  const { trainable, source, batch, largestBatch } = context;
  const { network } = trainable;
  const axis = replicaAxis(context);
  const inputs = network.noise.map((info) => {
    const size = noiseTableSize(info, rowsOf(source, network, largestBatch));
    return {
      shape: noiseShape(info, rowsOf(source, network, batch)),
      tables: declare(info.name, [...axis, size]),
      offsets: declare(offsetsName(info), [steps, ...axis], "int32"),
    };
  });
  return (block: Block, step: Value): Value[] =>
    inputs.map(({ shape, tables, offsets }) => {
      const numbers = reshaped(block, tables, [sizeOf(tables.shape)]);
      const starts = partAt(block, offsets, step);
      const stretchAt = (start: Value) =>
        reshaped(block, sliceAt(block, numbers, start, [sizeOf(shape)]), shape);
      if (axis.length === 0) return stretchAt(starts);
      const each = Array.from({ length: sizeOf(axis) }, (_, replica) =>
        stretchAt(partAt(block, starts, block.constant(replica, [], "int32"))),
      );
      return stablehloOps(block).stack(each);
    });
}

/**
 * Many training steps as one loop.
 *
 * Arguments: the weights, each that changes followed by its slots, whose memory the results take; so does that of the
 * delayed errors where a rule needs them, `delayed`, [most, batch, outputs]; the source; `rows`,
 * int32 [most, batch]; `steps`, int32, how many of them to take; `stepsTaken`, how many came before; where the learning
 * rate has a schedule `rates`, [most]; the tables and offsets of noise. Results: what was changed, in order, in
 * place of the delayed errors those of the steps, and the losses, [most]. Of replicas, all but the source, `steps` and `stepsTaken` have their axis, behind that of steps.
 *
 * @param most the most steps that a call takes.
 */
export function trainingProgram(
  context: ProgramContext,
  target: ProgramTarget,
  most: number,
): Program {
  const { trainable, replicas, source, count, batch } = context;
  const { network, optimizer, learningRate } = trainable;
  const axis = replicaAxis(context);
  const replicaStep = replicaStepOf(context);
  const build = (block: Block, declare: DeclareArgument) => {
    const carried: Value[] = [];
    const parameters = network.parameters.map((info) => {
      const shape = [...axis, ...info.shape];
      if (!info.changes) return declare(info.name, shape);
      const own = [info.name, ...slotNames(info, optimizer)].map((name) =>
        declare(name, shape, "float32", { isDonated: true }),
      );
      carried.push(...own);
      return own[0] as Value;
    });
    const errors = delayedShape(context);
    const delayed =
      errors && declare("delayed", [most, ...axis, ...errors], "float32", { isDonated: true });
    const kept = delayed === undefined ? [] : [delayed];
    const data = sourceInputs(declare, count, source);
    const rows = declare("rows", [most, ...axis, batch], "int32");
    const steps = declare("steps", [], "int32");
    const stepsTaken = declare("stepsTaken", []);
    const rates = hasRates(context) ? declare("rates", [most, ...axis]) : undefined;
    const noiseAt = noiseInputs(declare, context, most);
    const setup = { trainable, replicas, replicaStep, source, data, parameters };
    const losses = block.constant(0, [most, ...axis]);
    return block.loop(steps, [...carried, ...kept, losses], (body, t, current) => {
      const program = programOps(body);
      const { ops } = program;
      const ownErrors = kept.length === 0 ? undefined : (current.at(-2) as Value);
      const step = {
        rows: partAt(body, rows, t),
        stepsTaken: ops.add(convert(body, t, "float32"), stepsTaken),
        rate: rates === undefined ? (learningRate as number) : partAt(body, rates, t),
        noise: noiseAt(body, t),
        delayed: ownErrors && partAt(body, ownErrors, t),
      };
      const before = current.slice(0, carried.length);
      const { next, loss, exampleErrors } = sourceStep(program, setup, step, before);
      /** With what the step has come to in its place. */
      const written = (all: Value, value: Value) =>
        writeAt(body, all, ops.reshape(value, [1, ...all.shape.slice(1)]), t);
      return [
        ...next,
        ...(ownErrors === undefined ? [] : [written(ownErrors, exampleErrors as Value)]),
        written(current.at(-1) as Value, loss),
      ];
    });
  };
  return createProgram("training", build, target);
}

/** A program that evaluates one batch, or gives the network's outputs for it. */
export function answeringProgram(
  kind: BatchProgramKind,
  context: ProgramContext,
  target: ProgramTarget,
): ObservingProgram {
  let observed: readonly string[] = [];
  const build = (block: Block, declare: DeclareArgument) => {
    const results = batchProgram(kind, programOps(block), declare, context);
    observed = results.observed;
    return results.outputs;
  };
  const program = createProgram(kind, build, target);
  return { ...program, observed };
}

/** A program that also says where in its results, vectors, the values of alignment are. */
export interface AligningProgram extends Program {
  readonly places: readonly AlignmentPlace[];
}

/** How the step of a batch is aligned with backpropagation, before it is taken. */
export function aligningProgram(context: ProgramContext, target: ProgramTarget): AligningProgram {
  let places: readonly AlignmentPlace[] = [];
  const build = (block: Block, declare: DeclareArgument) => {
    const noise = () => noiseInputs(declare, context, 1)(block, block.constant(0, [], "int32"));
    const results = alignmentProgram(programOps(block), declare, context, noise);
    places = results.places;
    return [...results.outputs];
  };
  const program = createProgram("alignment", build, target);
  return { ...program, places };
}
