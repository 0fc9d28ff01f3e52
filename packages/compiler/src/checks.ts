import { BioflaxError, type Network, showShape, sizeOf, type Weights } from "@bioflax/core";
import type { Source, SourceLayout } from "./source";

function expectWholeNumber(what: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) {
    throw new BioflaxError(
      `CompiledNetwork: expected ${what} to be a whole number from 1, received ${value}.`,
    );
  }
}

/** @throws BioflaxError when a network cannot be trained so: it names the setting or the weight. */
export function checkSetup(
  network: Network,
  { batchSize, weights, layout }: { batchSize: number; weights: Weights; layout: SourceLayout },
): void {
  expectWholeNumber("batchSize", batchSize);
  for (const { name, shape } of network.parameters) {
    const length = weights[name]?.length;
    if (length !== sizeOf(shape)) {
      throw new BioflaxError(
        `CompiledNetwork: expected the weight "${name}" to hold ${showShape(shape)} = ${sizeOf(shape)} numbers, received ${length ?? "none"}.`,
      );
    }
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
