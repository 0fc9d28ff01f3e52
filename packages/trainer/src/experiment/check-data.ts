import { BioflaxError, showShape, showValue, sizeOf } from "@bioflax/core";
import { classCount, type Dataset, type Examples, type Split, tasks } from "@bioflax/datasets";

const isWhole = (value: unknown, from: number): value is number =>
  Number.isInteger(value) && (value as number) >= from;

const isShape = (shape: unknown) =>
  Array.isArray(shape) && shape.every((extent) => isWhole(extent, 1));

/** What a value is, for an error. */
const kindOf = (value: unknown) =>
  ArrayBuffer.isView(value)
    ? `a ${value.constructor.name} of ${(value as Float32Array).length}`
    : showValue(value);

/** An error for one part of a data set. */
type Refuse = (expected: string, received: unknown) => never;

/** @throws BioflaxError for examples that no network can be shown. */
function checkExamples(examples: Examples, { inputShape, targetShape }: Dataset, refuse: Refuse) {
  const { inputs, targets, weights, count } = examples;
  if (!isWhole(count, 1)) refuse('a "count" of its examples, a whole number from 1', kindOf(count));
  if (!(inputs instanceof Uint8Array || inputs instanceof Float32Array))
    refuse('"inputs", a Uint8Array or Float32Array', kindOf(inputs));
  if (!(targets instanceof Int32Array || targets instanceof Float32Array))
    refuse('"targets", an Int32Array or Float32Array', kindOf(targets));
  if (weights !== undefined && !(weights instanceof Float32Array && weights.length === count))
    refuse(`"weights", a Float32Array of ${count} numbers`, kindOf(weights));
  const lengths = [
    ["inputs", inputs, inputShape],
    ["targets", targets, targetShape],
  ] as const;
  for (const [name, values, shape] of lengths)
    if (values.length !== count * sizeOf(shape))
      refuse(
        `${count} × ${showShape(shape)} = ${count * sizeOf(shape)} numbers of "${name}"`,
        values.length,
      );
  for (const [name, values, shape] of lengths) {
    if (!(values instanceof Float32Array)) continue;
    const strange = values.findIndex((x) => !Number.isFinite(x));
    if (strange >= 0)
      refuse(
        `finite numbers alone as ${name}`,
        `${values[strange]} in example ${Math.floor(strange / sizeOf(shape))}`,
      );
  }
}

/** @throws BioflaxError for parts of a data set that no network can be shown. */
function checkSplits(who: string, data: Dataset): void {
  const { train, validation, test } = data;
  const checked = new Set<Examples>();
  for (const [part, split] of Object.entries({ train, validation, test })) {
    if (part === "validation" && split === undefined) continue;
    const refuse: Refuse = (expected, received) => {
      throw new BioflaxError(
        `${who}: expected its ${part} part to have ${expected}, received ${received}.`,
      );
    };
    const { examples, indices } = (split ?? {}) as Partial<Split>;
    if (!(indices instanceof Int32Array)) refuse('"indices", an Int32Array', kindOf(indices));
    if (indices.length === 0) refuse("at least one example", "none");
    if (typeof examples !== "object" || examples === null)
      refuse('"examples", an object', kindOf(examples));
    // What is set aside for validation is of the training examples: all of them are looked at once.
    if (!checked.has(examples)) checkExamples(examples, data, refuse);
    checked.add(examples);
    const outside = indices.find((row) => row < 0 || row >= examples.count);
    if (outside !== undefined) refuse(`indices from 0 to ${examples.count - 1}`, outside);
  }
}

/**
 * Checks what a data set's `load` has come to, before any engine sees it: a definition of one's own may give anything.
 *
 * @throws BioflaxError naming the part that is wrong, what it is, and what it should be.
 */
export function checkData(name: string, data: Dataset): Dataset {
  const who = `Data set "${name}"`;
  const refuse = (expected: string, received: unknown) => {
    throw new BioflaxError(`${who}: expected ${expected}, received ${kindOf(received)}.`);
  };
  if (typeof data !== "object" || data === null) refuse("its load to return a data set", data);
  const { task, inputShape, targetShape, outputs, classNames } = data;
  if (!tasks.includes(task)) refuse(`its "task" to be one of ${tasks.join(", ")}`, task);
  if (!isShape(inputShape) || inputShape.length === 0)
    refuse('its "inputShape" to be a list of whole numbers from 1, such as [784]', inputShape);
  if (!isShape(targetShape))
    refuse('its "targetShape" to be a list of whole numbers from 1, [] for a label', targetShape);
  if (!isWhole(outputs, 1)) refuse('its "outputs" to be a whole number from 1', outputs);
  const labels = task === "multi-label" ? outputs : classCount(data);
  if (classNames !== undefined && classNames.length !== labels)
    refuse(`its "classNames" to be ${labels} names`, classNames);
  checkSplits(who, data);
  return data;
}
