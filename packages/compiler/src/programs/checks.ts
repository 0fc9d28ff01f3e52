import {
  BioflaxError,
  checkInputs,
  checkSampleWeights,
  checkSnapshot,
  type ReplicaStep,
  readTargets,
  showShape,
  showValue,
  sizeOf,
  type TargetForm,
  type Trainable,
  type Weights,
} from "@bioflax/core";
import type { AlignmentSteps } from "./alignment-steps";
import { delayedShape } from "./program-context";
import { rowsOf, type Source, type SourceLayout } from "./source";

/** What {@link checkSetup} looks at. */
interface CheckedSetup {
  readonly batchSize: number;
  readonly weights: Weights;
  readonly slots?: Weights | undefined;
  readonly stepsTaken?: number | undefined;
  readonly seed?: number | undefined;
  readonly layout: SourceLayout;
}

/**
 * @param who the class, for errors.
 * @throws BioflaxError when a network cannot be trained so: it names the setting, the weight or the slot.
 */
export function checkSetup(
  who: string,
  { network, optimizer }: Trainable,
  { batchSize, weights, slots, stepsTaken, seed = 0, layout }: CheckedSetup,
): void {
  if (!Number.isInteger(batchSize) || batchSize < 1)
    throw new BioflaxError(
      `${who}: expected batchSize to be a whole number from 1, received ${batchSize}.`,
    );
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new BioflaxError(
      `${who}: expected seed to be a whole number from 0 to 2^53 − 1, received ${showValue(seed)}.`,
    );
  checkSnapshot(who, { network, optimizer }, { weights, slots, stepsTaken });
  checkNormalization(who, layout);
  const { inputShape } = network.spec;
  const end = layout.inputShape.slice(-inputShape.length);
  if (showShape(end) !== showShape(inputShape)) {
    throw new BioflaxError(
      `${who}: expected examples whose last axes are the network's input ${showShape(inputShape)}, received ${showShape(layout.inputShape)}.`,
    );
  }
}

/** @throws BioflaxError for a normalisation that makes no numbers of inputs. */
function checkNormalization(who: string, { normalization }: SourceLayout): void {
  if (normalization === undefined) return;
  for (const name of ["scale", "mean", "standardDeviation"] as const) {
    const value = normalization[name];
    if (Number.isFinite(value) && (name !== "standardDeviation" || value > 0)) continue;
    throw new BioflaxError(
      `${who}: expected the layout's normalization to have a ${name} that is a finite number${name === "standardDeviation" ? " above 0" : ""}, received ${showValue(value)}.`,
    );
  }
}

/** @throws BioflaxError when alignment is to be measured at steps that there are not. */
export function checkAlignmentSteps(
  who: string,
  { alignmentBatches = 0, alignEvery = 1 }: AlignmentSteps,
): void {
  for (const [name, value, from] of [
    ["alignmentBatches", alignmentBatches, 0],
    ["alignEvery", alignEvery, 1],
  ] as const)
    if (!Number.isInteger(value) || value < from)
      throw new BioflaxError(
        `${who}: expected ${name} to be a whole number from ${from}, received ${showValue(value)}.`,
      );
}

/** What an array is called; of typed arrays of any realm their class, and what subclasses them is one. */
const arrayName = (array: unknown): string =>
  ArrayBuffer.isView(array)
    ? ((array as Partial<Uint8Array>)[Symbol.toStringTag] ?? "DataView")
    : Object(array).constructor.name;

function expectArray(what: string, array: unknown, expected: readonly string[]): void {
  const name = arrayName(array);
  if (expected.includes(name)) return;
  throw new BioflaxError(`${what} of type ${expected.join(" or ")}, received ${name}.`);
}

/**
 * @returns how the loss reads the targets.
 * @throws BioflaxError when the arrays do not hold `count` examples of the layout's shapes, inputs that the network does
 *   not take, or targets or weights that cannot be learnt from.
 */
export function checkSource(
  { inputs, targets, weights, count }: Source,
  { inputShape, targetShape, normalization }: SourceLayout,
  { loss, network }: Pick<Trainable, "loss" | "network">,
): TargetForm {
  if (!Number.isInteger(count) || count < 1)
    throw new BioflaxError(
      `Source: expected count to be a whole number of examples from 1, received ${showValue(count)}.`,
    );
  expectArray("Source: expected inputs", inputs, ["Uint8Array", "Float32Array"]);
  if (weights !== undefined) expectArray("Source: expected weights", weights, ["Float32Array"]);
  for (const [what, array, shape] of [
    ["inputs", inputs, inputShape],
    ["targets", targets, targetShape],
  ] as const) {
    if (array.length !== count * sizeOf(shape)) {
      throw new BioflaxError(
        `Source: expected ${count} × ${showShape(shape)} = ${count * sizeOf(shape)} numbers of ${what}, received ${array.length}.`,
      );
    }
  }
  checkInputs(network, inputs, normalization);
  if (weights !== undefined) checkSampleWeights(weights, count);
  const rows = inputShape.slice(0, inputShape.length - network.spec.inputShape.length);
  return readTargets(
    loss,
    { type: typeOf(targets), shape: [count, ...targetShape], values: targets },
    [count, ...rows, network.outputs],
  );
}

/**
 * Checks that replicas differ in nothing but numbers in what they do with a source's batches.
 *
 * @throws BioflaxError where they do, or the source does not fit the layout.
 */
export function checkAlike(
  step: ReplicaStep,
  trainable: Trainable,
  source: Source,
  { layout, batchSize }: { readonly layout: SourceLayout; readonly batchSize: number },
): void {
  const { network } = trainable;
  const form = checkSource(source, layout, trainable);
  const rows = rowsOf(layout, network, batchSize);
  step.check({
    input: [rows, ...network.spec.inputShape],
    target: form === "labels" ? [rows] : [rows, network.outputs],
    weights: source.weights === undefined ? undefined : [rows, 1],
    delayed: delayedShape({ trainable, source: layout, batch: batchSize }),
  });
}

/**
 * The type of an array's elements as TensorFlow.js calls it; of other arrays than there may be, what JavaScript calls
 * them.
 */
function typeOf(array: Source["targets"]): string {
  const name = arrayName(array);
  return ({ Int32Array: "int32", Float32Array: "float32" } as Record<string, string>)[name] ?? name;
}

/** @throws BioflaxError unless there are rows for each of some networks that train as one, as many of each. */
export function checkRowsOfAll(who: string, rows: readonly Int32Array[], count: number): void {
  if (rows.length === count && rows.every(({ length }) => length === rows[0]?.length)) return;
  throw new BioflaxError(
    `${who}: expected rows for each of ${count} networks, as many of each, received ${rows.map(({ length }) => length).join(", ") || "none"}.`,
  );
}

/** @throws BioflaxError when rows are no Int32Array, or a row number is not one of the source's. */
export function checkRows({ count }: Source, rows: Int32Array): void {
  expectArray("Rows: expected row numbers", rows, ["Int32Array"]);
  // A loop: a run of small networks spends a twentieth of its time in a callback for each row.
  let at = 0;
  while (at < rows.length && (rows[at] as number) >= 0 && (rows[at] as number) < count) at++;
  if (at < rows.length) {
    throw new BioflaxError(
      `Rows: expected row numbers from 0 to ${count - 1}, received ${rows[at]} at position ${at}.`,
    );
  }
}
