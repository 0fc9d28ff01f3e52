import {
  BioflaxError,
  checkInputs,
  checkSampleWeights,
  checkSnapshot,
  type ReplicaStep,
  readTargets,
  showShape,
  sizeOf,
  type TargetForm,
  type Trainable,
  type Weights,
} from "@bioflax/core";
import { delayedShape } from "./program-context";
import { rowsOf, type Source, type SourceLayout } from "./source";

/** What {@link checkSetup} looks at. */
interface CheckedSetup {
  readonly batchSize: number;
  readonly weights: Weights;
  readonly slots?: Weights | undefined;
  readonly stepsTaken?: number | undefined;
  readonly layout: SourceLayout;
}

/**
 * @param who the class, for errors.
 * @throws BioflaxError when a network cannot be trained so: it names the setting, the weight or the slot.
 */
export function checkSetup(
  who: string,
  { network, optimizer }: Trainable,
  { batchSize, weights, slots, stepsTaken, layout }: CheckedSetup,
): void {
  if (!Number.isInteger(batchSize) || batchSize < 1)
    throw new BioflaxError(
      `${who}: expected batchSize to be a whole number from 1, received ${batchSize}.`,
    );
  checkSnapshot(who, { network, optimizer }, { weights, slots, stepsTaken });
  const { inputShape } = network.spec;
  const end = layout.inputShape.slice(-inputShape.length);
  if (showShape(end) !== showShape(inputShape)) {
    throw new BioflaxError(
      `${who}: expected examples whose last axes are the network's input ${showShape(inputShape)}, received ${showShape(layout.inputShape)}.`,
    );
  }
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
  if (array instanceof Int32Array) return "int32";
  return array instanceof Float32Array ? "float32" : Object(array).constructor.name;
}

/** @throws BioflaxError when a row number is not one of the source's. */
export function checkRows({ count }: Source, rows: Int32Array): void {
  // A loop: a run of small networks spends a twentieth of its time in a callback for each row.
  let at = 0;
  while (at < rows.length && (rows[at] as number) >= 0 && (rows[at] as number) < count) at++;
  if (at < rows.length) {
    throw new BioflaxError(
      `Rows: expected row numbers from 0 to ${count - 1}, received ${rows[at]} at position ${at}.`,
    );
  }
}
