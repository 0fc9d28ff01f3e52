import {
  evaluateBatch,
  gatherBatch,
  predictBatch,
  rowsOf,
  type SourceTypes,
  sourceStep,
} from "@bioflax/compiler";
import {
  groupByLayer,
  lossAndGradients,
  type NoiseInfo,
  noiseShape,
  noiseTableSize,
  prepareStep,
  sizeOf,
  slotNames,
  type Trainable,
} from "@bioflax/core";
import { alignment } from "@bioflax/metrics";
import { programOps, sourceArguments } from "./batch";
import type { Block } from "./stablehlo/block";
import { type Argument, createProgram, type Program } from "./stablehlo/program";
import { convert, reshaped, sliceAt, writeAt } from "./stablehlo/shaping";
import { stablehloOps } from "./stablehlo/stablehlo-ops";
import type { Value } from "./stablehlo/value";

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

/** A program that also says what its scalars are. */
export interface ObservingProgram extends Program {
  /** Names of what it observes, in the order of its results. */
  readonly observed: readonly string[];
}

/** The name of the argument that says where in its table a noise begins. */
export const offsetsName = ({ name }: Pick<NoiseInfo, "name">): string => `${name}.offsets`;

/** Arguments of a program, looked up by name while it is built. */
type Named = (name: string) => Value;

const named = (given: readonly Argument[], inputs: readonly Value[]): Named => {
  const byName = new Map(given.map(({ name }, i) => [name, inputs[i] as Value]));
  return (name) => byName.get(name) as Value;
};

const sourceOf = (value: Named, { isWeighted }: SourceTypes) => ({
  inputs: value("inputs"),
  targets: value("targets"),
  weights: isWeighted ? value("weights") : undefined,
});

const weightArguments = ({ trainable: { network } }: ProgramContext): Argument[] =>
  network.parameters.map(({ name, shape }) => ({ name, shape, type: "float32" }));

/** Tables of noise, and for each where a step's begins, for so many steps. */
function noiseArguments(context: ProgramContext, steps: number): Argument[] {
  const { network } = context.trainable;
  const rows = rowsOf(context.source, network, context.largestBatch);
  return network.noise.flatMap((info): Argument[] => [
    { name: info.name, shape: [noiseTableSize(info, rows)], type: "float32" },
    { name: offsetsName(info), shape: [steps], type: "int32" },
  ]);
}

/** The element of a vector that an int32 scalar names. */
const elementAt = (block: Block, vector: Value, index: Value): Value =>
  reshaped(block, sliceAt(block, vector, index, [1]), []);

/** The noise of a step: a stretch of each table. */
function noiseAt(block: Block, context: ProgramContext, value: Named, step: Value): Value[] {
  const { network } = context.trainable;
  const rows = rowsOf(context.source, network, context.batch);
  return network.noise.map((info) => {
    const shape = noiseShape(info, rows);
    const start = elementAt(block, value(offsetsName(info)), step);
    return reshaped(block, sliceAt(block, value(info.name), start, [sizeOf(shape)]), shape);
  });
}

/**
 * Many training steps as one loop.
 *
 * Arguments: what steps change, each weight followed by its slots, whose memory the results take; the other weights;
 * the source; `rows`, int32 [most, batch]; `steps`, int32, how many of them to take; `stepsTaken`, how many came
 * before; where the learning rate has a schedule `rates`, [most]; the tables and offsets of noise.
 * Results: what was changed, in order, and the losses, [most].
 *
 * @param most the most steps that a call takes.
 */
export function trainingProgram(context: ProgramContext, most: number): Program {
  const { trainable, source, count, batch } = context;
  const { network, optimizer, learningRate } = trainable;
  const isScheduled = typeof learningRate !== "number";
  const carriedArguments = network.parameters.flatMap((info): Argument[] =>
    info.changes
      ? [info.name, ...slotNames(info, optimizer)].map((name) => ({
          ...{ name, shape: info.shape, type: "float32", isDonated: true },
        }))
      : [],
  );
  const fixed = network.parameters.filter(({ changes }) => !changes);
  const given: Argument[] = [
    ...carriedArguments,
    ...fixed.map(({ name, shape }): Argument => ({ name, shape, type: "float32" })),
    ...sourceArguments(count, source),
    { name: "rows", shape: [most, batch], type: "int32" },
    { name: "steps", shape: [], type: "int32" },
    { name: "stepsTaken", shape: [], type: "float32" },
    ...(isScheduled ? [{ name: "rates", shape: [most], type: "float32" } satisfies Argument] : []),
    ...noiseArguments(context, most),
  ];
  return createProgram("training", given, (block, inputs) => {
    const value = named(given, inputs);
    const carried = inputs.slice(0, carriedArguments.length);
    const losses = block.constant(0, [most]);
    return block.loop(value("steps"), [...carried, losses], (body, t, current) => {
      const program = programOps(body);
      const { ops } = program;
      const setup = {
        ...{ trainable, source, observe: false },
        data: sourceOf(value, source),
        parameters: network.parameters.map(({ name }) => value(name)),
      };
      const step = {
        rows: reshaped(body, sliceAt(body, value("rows"), t, [1, batch]), [batch]),
        stepsTaken: ops.add(convert(body, t, "float32"), value("stepsTaken")),
        rate: isScheduled ? elementAt(body, value("rates"), t) : learningRate,
        noise: noiseAt(body, context, value, t),
      };
      const { next, loss } = sourceStep(program, setup, step, current.slice(0, -1));
      return [...next, writeAt(body, current.at(-1) as Value, ops.reshape(loss, [1]), t)];
    });
  });
}

/** A program over one batch: the weights, the source, `rows`, int32 [batch], and perhaps the step's noise go in. */
function batchProgram(
  context: ProgramContext,
  name: string,
  extra: readonly Argument[],
  results: (
    block: Block,
    given: { readonly value: Named; readonly rows: Value },
  ) => readonly Value[],
): Program {
  const given: Argument[] = [
    ...weightArguments(context),
    ...sourceArguments(context.count, context.source),
    { name: "rows", shape: [context.batch], type: "int32" },
    ...extra,
  ];
  return createProgram(name, given, (block, inputs) => {
    const value = named(given, inputs);
    return results(block, { value, rows: value("rows") });
  });
}

/** The weights and the batch of a program over one batch. */
function batchOf(
  block: Block,
  { trainable: { network }, source }: ProgramContext,
  { value, rows }: { readonly value: Named; readonly rows: Value },
) {
  return {
    parameters: groupByLayer(
      network,
      network.parameters.map(({ name }) => value(name)),
    ),
    batch: gatherBatch(
      programOps(block),
      sourceOf(value, source),
      rows,
      source,
      network.spec.inputShape,
    ),
  };
}

/** The mean loss of one batch, and how much of it is right by each measure of accuracy. */
export function evaluationProgram(context: ProgramContext): ObservingProgram {
  let observed: string[] = [];
  const program = batchProgram(context, "evaluation", [], (block, given) => {
    const { parameters, batch } = batchOf(block, context, given);
    const { loss, right } = evaluateBatch(
      stablehloOps(block),
      context.trainable,
      parameters,
      batch,
    );
    observed = Object.keys(right);
    return [loss, ...Object.values(right)];
  });
  return { ...program, observed };
}

/** The network's output for one batch, [batch, outputs]. */
export function predictionProgram(context: ProgramContext): ObservingProgram {
  const program = batchProgram(context, "prediction", [], (block, given) => {
    const { parameters, batch } = batchOf(block, context, given);
    return [predictBatch(stablehloOps(block), context.trainable, parameters, batch)];
  });
  return { ...program, observed: [] };
}

/** How the step of a batch is aligned with backpropagation, before it is taken: scalars by name. */
export function alignmentProgram(context: ProgramContext): ObservingProgram {
  const { trainable } = context;
  const { network } = trainable;
  let observed: string[] = [];
  const noise = noiseArguments(context, 1);
  const program = batchProgram(context, "alignment", noise, (block, given) => {
    const { parameters, batch } = batchOf(block, context, given);
    const ops = stablehloOps(block);
    const first = block.constant(0, [], "int32");
    const prepared = prepareStep(
      ops,
      network,
      parameters,
      noiseAt(block, context, given.value, first),
    );
    const pass = lossAndGradients(ops, trainable, prepared, batch);
    const measures = alignment(ops, network, prepared, pass);
    observed = Object.keys(measures);
    return Object.values(measures);
  });
  return { ...program, observed };
}
