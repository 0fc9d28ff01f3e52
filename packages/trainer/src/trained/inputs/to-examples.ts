import { type Shape, sameShape, showShape, sizeOf } from "@bioflax/core";
import type { Examples } from "@bioflax/datasets";
import { type InputArray, inputError } from "@bioflax/datasets/node";
import type { DataDescription } from "@bioflax/runs";

/** The shapes one example may come in: as the network has it, and as an image, with or without an axis for grey. */
function shapesOf({ inputShape, imageShape }: DataDescription): Shape[] {
  const shapes: Shape[] = [inputShape];
  if (inputShape.length > 1) shapes.push([sizeOf(inputShape)]);
  if (imageShape !== undefined) {
    shapes.push(imageShape);
    if (imageShape[2] === 1) shapes.push(imageShape.slice(0, 2));
  }
  return shapes.filter((shape, i) => shapes.findIndex((other) => sameShape(other, shape)) === i);
}

/** How many examples an array holds; undefined when its shape is not that of any number of them. */
function countOf(shape: Shape, shapes: readonly Shape[]): number | undefined {
  if (shapes.some((one) => sameShape(one, shape))) return 1;
  const [count, ...rest] = shape;
  return shapes.some((one) => sameShape(one, rest)) ? count : undefined;
}

function hint(shape: Shape, data: DataDescription): string {
  const { inputShape, imageShape } = data;
  if (shape.at(-1) === sizeOf(inputShape) + 1)
    return " One number too many: leave out a column of labels.";
  const [height, width, channels] = imageShape ?? [];
  const channelsFirst = [channels, height, width] as Shape;
  return imageShape !== undefined && sameShape(shape.slice(-3), channelsFirst)
    ? " Put the channels last."
    : "";
}

/**
 * Raw inputs as examples of the run's data set, without targets.
 *
 * @param name where they come from, for errors.
 * @throws BioflaxError for a shape that is not the network's, none at all, numbers that are not finite, and pixels that
 *   are none.
 */
export function toExamples(array: InputArray, name: string, data: DataDescription): Examples {
  const { shape, values } = array;
  const shapes = shapesOf(data);
  const count = countOf(shape, shapes);
  if (count === undefined) {
    const [one, ...others] = shapes.map(showShape);
    throw inputError(
      name,
      `expected one example of shape ${[one, ...others].join(" or ")}, or several, [n, …], ` +
        `received ${showShape(shape)}.${hint(shape, data)}`,
    );
  }
  if (count === 0) throw inputError(name, "expected at least one example, received none.");
  const perExample = sizeOf(data.inputShape);
  const wrong = values.findIndex((value) =>
    data.imageShape === undefined ? !Number.isFinite(value) : !(value >= 0 && value <= 255),
  );
  if (wrong >= 0) {
    const what = data.imageShape === undefined ? "finite numbers" : "pixels from 0 to 255";
    const why =
      data.imageShape === undefined
        ? ""
        : ` Give them as the images of ${data.name} are; they are normalised here as the run's were.`;
    throw inputError(
      name,
      `expected ${what}, received ${values[wrong]} in example ${Math.floor(wrong / perExample)}.${why}`,
    );
  }
  const outputs = count * Math.max(1, sizeOf(data.targetShape));
  return {
    inputs: values,
    targets: data.task === "classification" ? new Int32Array(count) : new Float32Array(outputs),
    count,
  };
}

/** Examples of several inputs as one, in their order; bytes stay bytes where all are. */
export function joined(parts: readonly Examples[]): Examples {
  const isBytes = parts.every(({ inputs }) => inputs instanceof Uint8Array);
  const size = (key: "inputs" | "targets") =>
    parts.reduce((sum, part) => sum + part[key].length, 0);
  const inputs = isBytes ? new Uint8Array(size("inputs")) : new Float32Array(size("inputs"));
  let at = 0;
  for (const part of parts) {
    inputs.set(part.inputs, at);
    at += part.inputs.length;
  }
  const isLabelled = parts[0]?.targets instanceof Int32Array;
  return {
    inputs,
    targets: isLabelled ? new Int32Array(size("targets")) : new Float32Array(size("targets")),
    count: parts.reduce((sum, { count }) => sum + count, 0),
  };
}
