import {
  type BatchProgramKind,
  batchInputs,
  batchProgram,
  offsetsName,
  type ProgramContext,
  type ProgramOps,
  rowsOf,
  sourceInputs,
  sourceStep,
} from "@bioflax/compiler";
import {
  lossAndGradients,
  noiseShape,
  noiseTableSize,
  prepareStep,
  sizeOf,
  slotNames,
} from "@bioflax/core";
import { alignment } from "@bioflax/metrics";
import type { Block } from "./stablehlo/block";
import { createProgram, type DeclareArgument, type Program } from "./stablehlo/program";
import { convert, gather, reshaped, sliceAt, writeAt } from "./stablehlo/shaping";
import { stablehloOps } from "./stablehlo/stablehlo-ops";
import type { Value } from "./stablehlo/value";

/** The most steps of a call, and the most row numbers: they are copied to the device. */
const MOST_STEPS = 4096;
const MOST_ROWS = 2 ** 20;

/** The most steps that a call of batches of a size may take: what its program is made for. */
export const mostSteps = (batch: number): number =>
  Math.max(1, Math.min(MOST_STEPS, Math.floor(MOST_ROWS / batch)));

/** A program that also says what its last results are, which are scalars. */
export interface ObservingProgram extends Program {
  readonly observed: readonly string[];
}

/** What the compiler's programs need of what they are traced into. */
const programOps = (block: Block): ProgramOps<Value> => ({
  ops: stablehloOps(block),
  gather: (data, indices) => gather(block, data, indices),
  cast: (x, type) => convert(block, x, type),
});

/** The element of a vector that an int32 scalar names. */
const elementAt = (block: Block, vector: Value, index: Value): Value =>
  reshaped(block, sliceAt(block, vector, index, [1]), []);

/**
 * Declares the tables of noise and, int32 [steps], where each begins at each step.
 *
 * @returns the noise of the step that an int32 scalar names.
 */
function noiseInputs(declare: DeclareArgument, context: ProgramContext, steps: number) {
  const { trainable, source, batch, largestBatch } = context;
  const { network } = trainable;
  const inputs = network.noise.map((info) => ({
    shape: noiseShape(info, rowsOf(source, network, batch)),
    table: declare(info.name, [noiseTableSize(info, rowsOf(source, network, largestBatch))]),
    offsets: declare(offsetsName(info), [steps], "int32"),
  }));
  return (block: Block, step: Value): Value[] =>
    inputs.map(({ shape, table, offsets }) => {
      const start = elementAt(block, offsets, step);
      return reshaped(block, sliceAt(block, table, start, [sizeOf(shape)]), shape);
    });
}

/**
 * Many training steps as one loop.
 *
 * Arguments: the weights, each that changes followed by its slots, whose memory the results take; the source; `rows`,
 * int32 [most, batch]; `steps`, int32, how many of them to take; `stepsTaken`, how many came before; where the learning
 * rate has a schedule `rates`, [most]; the tables and offsets of noise. Results: what was changed, in order, and the
 * losses, [most].
 *
 * @param most the most steps that a call takes.
 */
export function trainingProgram(context: ProgramContext, most: number): Program {
  const { trainable, source, count, batch } = context;
  const { network, optimizer, learningRate } = trainable;
  return createProgram("training", (block, declare) => {
    const carried: Value[] = [];
    const parameters = network.parameters.map((info) => {
      if (!info.changes) return declare(info.name, info.shape);
      const own = [info.name, ...slotNames(info, optimizer)].map((name) =>
        declare(name, info.shape, "float32", { isDonated: true }),
      );
      carried.push(...own);
      return own[0] as Value;
    });
    const data = sourceInputs(declare, count, source);
    const rows = declare("rows", [most, batch], "int32");
    const steps = declare("steps", [], "int32");
    const stepsTaken = declare("stepsTaken", []);
    const rates = typeof learningRate === "number" ? undefined : declare("rates", [most]);
    const noiseAt = noiseInputs(declare, context, most);
    const setup = { trainable, source, data, parameters, observe: false };
    const losses = block.constant(0, [most]);
    return block.loop(steps, [...carried, losses], (body, t, current) => {
      const program = programOps(body);
      const { ops } = program;
      const step = {
        rows: reshaped(body, sliceAt(body, rows, t, [1, batch]), [batch]),
        stepsTaken: ops.add(convert(body, t, "float32"), stepsTaken),
        rate: rates === undefined ? (learningRate as number) : elementAt(body, rates, t),
        noise: noiseAt(body, t),
      };
      const { next, loss } = sourceStep(program, setup, step, current.slice(0, -1));
      return [...next, writeAt(body, current.at(-1) as Value, ops.reshape(loss, [1]), t)];
    });
  });
}

/** A program that evaluates one batch, or gives the network's outputs for it. */
export function answeringProgram(
  kind: BatchProgramKind,
  context: ProgramContext,
): ObservingProgram {
  let observed: readonly string[] = [];
  const program = createProgram(kind, (block, declare) => {
    const results = batchProgram(kind, programOps(block), declare, context);
    observed = results.observed;
    return results.outputs;
  });
  return { ...program, observed };
}

/** How the step of a batch is aligned with backpropagation, before it is taken: scalars by name. */
export function alignmentProgram(context: ProgramContext): ObservingProgram {
  const { trainable } = context;
  let observed: readonly string[] = [];
  const program = createProgram("alignment", (block, declare) => {
    const { parameters, batch } = batchInputs(programOps(block), declare, context);
    const ops = stablehloOps(block);
    const noiseAt = noiseInputs(declare, context, 1);
    const noise = noiseAt(block, block.constant(0, [], "int32"));
    const prepared = prepareStep(ops, trainable.network, parameters, noise);
    const pass = lossAndGradients(ops, trainable, prepared, batch);
    const measures = alignment(ops, trainable.network, prepared, pass);
    observed = Object.keys(measures);
    return Object.values(measures);
  });
  return { ...program, observed };
}
