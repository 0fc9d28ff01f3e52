import {
  BioflaxError,
  missingFeedback,
  type Shape,
  showShape,
  sizeOf,
  slotNames,
  type Trainable,
  type Weights,
} from "@bioflax/core";
import type { Source, SourceLayout } from "./source";

function expectWholeNumber(what: string, value: number, from = 1): void {
  if (!Number.isInteger(value) || value < from) {
    throw new BioflaxError(
      `CompiledNetwork: expected ${what} to be a whole number from ${from}, received ${value}.`,
    );
  }
}

function expectNumbers(
  what: string,
  name: string,
  values: Float32Array | undefined,
  shape: Shape,
): void {
  if (values?.length === sizeOf(shape)) return;
  throw new BioflaxError(
    `CompiledNetwork: expected the ${what} "${name}" to hold ${showShape(shape)} = ${sizeOf(shape)} numbers, received ${values?.length ?? "none"}.` +
      (values === undefined && name.endsWith(".feedback") ? missingFeedback : ""),
  );
}

/** What {@link checkSetup} looks at. */
interface CheckedSetup {
  readonly batchSize: number;
  readonly weights: Weights;
  readonly slots?: Weights | undefined;
  readonly stepsTaken?: number | undefined;
  readonly layout: SourceLayout;
}

/** @throws BioflaxError when a network cannot be trained so: it names the setting, the weight or the slot. */
export function checkSetup(
  { network, optimizer }: Trainable,
  { batchSize, weights, slots, stepsTaken = 0, layout }: CheckedSetup,
): void {
  expectWholeNumber("batchSize", batchSize);
  expectWholeNumber("stepsTaken", stepsTaken, 0);
  for (const info of network.parameters) {
    expectNumbers("weight", info.name, weights[info.name], info.shape);
    if (slots === undefined) continue;
    for (const name of slotNames(info, optimizer))
      expectNumbers("slot", name, slots[name], info.shape);
  }
  const { inputShape } = network.spec;
  const end = layout.inputShape.slice(-inputShape.length);
  if (showShape(end) !== showShape(inputShape)) {
    throw new BioflaxError(
      `CompiledNetwork: expected examples whose last axes are the network's input ${showShape(inputShape)}, received ${showShape(layout.inputShape)}.`,
    );
  }
}

/**
 * @param outputs how many outputs the network has, and so which labels there may be.
 * @throws BioflaxError when the arrays do not hold `count` examples of the layout's shapes, or a label has no output.
 */
export function checkSource(
  { inputs, targets, count }: Source,
  { inputShape, targetShape }: SourceLayout,
  outputs: number,
): void {
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
  if (targets instanceof Int32Array) {
    const row = targets.findIndex((label) => label < 0 || label >= outputs);
    if (row >= 0) {
      throw new BioflaxError(
        `Source: expected labels from 0 to ${outputs - 1}, one for each output of the network, received ${targets[row]} in row ${row}.`,
      );
    }
  }
}

/** @throws BioflaxError when a row number is not one of the source's. */
export function checkRows({ count }: Source, rows: Int32Array): void {
  const at = rows.findIndex((row) => row < 0 || row >= count);
  if (at >= 0) {
    throw new BioflaxError(
      `Rows: expected row numbers from 0 to ${count - 1}, received ${rows[at]} at position ${at}.`,
    );
  }
}
