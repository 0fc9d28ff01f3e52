import { BioflaxError } from "../errors";
import { showValue } from "../show-value";
import type { MatMulOptions, Shape } from "./tensor-ops";

/** How many elements a tensor of this shape holds. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** Whether two shapes are the same. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((extent, axis) => extent === b[axis]);
}

/** A shape as a person reads it: `[32, 784]`. */
export function showShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/**
 * The shape of an elementwise result under NumPy's broadcasting.
 *
 * @throws BioflaxError when the shapes do not broadcast.
 */
export function broadcastShape(op: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const m = a[axis - rank + a.length] ?? 1;
    const n = b[axis - rank + b.length] ?? 1;
    if (m !== n && m !== 1 && n !== 1) {
      throw new BioflaxError(`${op}: shapes ${showShape(a)} and ${showShape(b)} do not broadcast.`);
    }
    return m === 1 ? n : m;
  });
}

/**
 * The shape α·x + β·y has: that of both.
 *
 * @throws BioflaxError when they differ.
 */
export function axpbyShape(x: Shape, y: Shape): Shape {
  if (!sameShape(x, y)) {
    throw new BioflaxError(
      `axpby: expected two tensors of one shape, received ${showShape(x)} and ${showShape(y)}.`,
    );
  }
  return x;
}

/**
 * The shape of a matrix product.
 *
 * @throws BioflaxError unless both are matrices whose inner extents agree.
 */
export function matMulShape(
  a: Shape,
  b: Shape,
  { transposeA, transposeB }: MatMulOptions = {},
): Shape {
  const [m, k] = transposeA ? [a[1], a[0]] : [a[0], a[1]];
  const [l, n] = transposeB ? [b[1], b[0]] : [b[0], b[1]];
  if (a.length !== 2 || b.length !== 2 || k !== l) {
    const name = (shape: Shape, transposed?: boolean) =>
      `${showShape(shape)}${transposed ? "ᵀ" : ""}`;
    throw new BioflaxError(
      `matMul: expected matrices with equal inner extents, received ${name(a, transposeA)} · ${name(b, transposeB)}.`,
    );
  }
  return [m as number, n as number];
}

/**
 * The shape of products of matrices pair by pair.
 *
 * @throws BioflaxError unless the factors are stacks of as many matrices, or one of them a single matrix, whose inner
 *   extents agree.
 */
export function batchMatMulShape(a: Shape, b: Shape, options: MatMulOptions = {}): Shape {
  const counts = [a, b].flatMap(({ length, 0: count }) => (length === 3 ? [count as number] : []));
  const areMatrices = [a, b].every(({ length }) => length === 2 || length === 3);
  if (!areMatrices || counts.length === 0 || new Set(counts).size > 1)
    throw new BioflaxError(
      `batchMatMul: expected stacks of as many matrices, or one and a single matrix, received ${showShape(a)} and ${showShape(b)}.`,
    );
  return [counts[0] as number, ...matMulShape(a.slice(-2), b.slice(-2), options)];
}

/**
 * The shape of tensors behind each other along a new first axis.
 *
 * @throws BioflaxError for none, or tensors of several shapes.
 */
export function stackShape(shapes: readonly Shape[]): Shape {
  const [first] = shapes;
  if (first === undefined || !shapes.every((shape) => sameShape(shape, first)))
    throw new BioflaxError(
      `stack: expected tensors of one shape, received ${shapes.length === 0 ? "none" : shapes.map(showShape).join(", ")}.`,
    );
  return [shapes.length, ...first];
}

/**
 * The shape of tensors behind each other along an axis they have.
 *
 * @throws BioflaxError for none, an axis they have not, or extents along the other axes that differ.
 */
export function concatShape(shapes: readonly Shape[], axis: number): Shape {
  const [first] = shapes;
  const others = (shape: Shape) => shape.toSpliced(axis, 1);
  const fits = (shape: Shape) =>
    shape.length === first?.length && sameShape(others(shape), others(first));
  if (first === undefined || !(axis >= 0 && axis < first.length) || !shapes.every(fits))
    throw new BioflaxError(
      `concat: expected tensors that differ along their axis ${axis} alone, received ${shapes.length === 0 ? "none" : shapes.map(showShape).join(", ")}.`,
    );
  return first.with(
    axis,
    shapes.reduce((total, shape) => total + (shape[axis] as number), 0),
  );
}

/**
 * The shape that is left after reducing the given axes (all when left out).
 *
 * @throws BioflaxError when an axis is not one of the tensor's.
 */
export function reduceShape(
  op: string,
  shape: Shape,
  axes?: readonly number[],
  keepDims = false,
): Shape {
  const reduced = new Set(axes ?? shape.keys());
  for (const axis of reduced) {
    if (!Number.isInteger(axis) || axis < 0 || axis >= shape.length) {
      throw new BioflaxError(`${op}: ${showShape(shape)} has no axis ${axis}; axes count from 0.`);
    }
  }
  return keepDims
    ? shape.map((extent, axis) => (reduced.has(axis) ? 1 : extent))
    : shape.filter((_, axis) => !reduced.has(axis));
}

/**
 * The shape of a reshaped tensor: the requested one.
 *
 * @throws BioflaxError when it holds another number of elements.
 */
export function reshapeShape(from: Shape, to: Shape): Shape {
  if (sizeOf(from) !== sizeOf(to)) {
    throw new BioflaxError(
      `reshape: ${showShape(from)} has ${sizeOf(from)} elements, ${showShape(to)} has ${sizeOf(to)}.`,
    );
  }
  return to;
}

/**
 * The shape of one-hot rows.
 *
 * @throws BioflaxError unless the labels are a vector.
 */
export function oneHotShape(labels: Shape, depth: number): Shape {
  if (labels.length !== 1) {
    throw new BioflaxError(
      `oneHot: expected labels of shape [batch], received ${showShape(labels)}.`,
    );
  }
  return [labels[0] as number, depth];
}

/**
 * The shape a tensor is broadcast to: the requested one.
 *
 * @throws BioflaxError unless every axis has that extent already, or the extent 1.
 */
export function broadcastToShape(from: Shape, to: Shape): Shape {
  if (from.length !== to.length || !sameShape(broadcastShape("broadcastTo", from, to), to)) {
    throw new BioflaxError(
      `broadcastTo: expected extents of 1 where ${showShape(to)} has others, received ${showShape(from)}.`,
    );
  }
  return to;
}

/** @throws BioflaxError unless there are as many entries as axes. */
function expectOnePerAxis(op: string, shape: Shape, entries: readonly unknown[]): void {
  if (entries.length !== shape.length)
    throw new BioflaxError(
      `${op}: expected an entry for each axis of ${showShape(shape)}, received ${entries.length}.`,
    );
}

/**
 * The shape with padding around it.
 *
 * @throws BioflaxError unless there are two whole numbers from 0 for each axis.
 */
export function padShape(shape: Shape, padding: readonly (readonly [number, number])[]): Shape {
  expectOnePerAxis("pad", shape, padding);
  if (!padding.flat().every((count) => Number.isInteger(count) && count >= 0))
    throw new BioflaxError(`pad: expected whole numbers from 0, received ${showValue(padding)}.`);
  return shape.map((extent, axis) => {
    const [before, after] = padding[axis] as readonly [number, number];
    return before + extent + after;
  });
}

/**
 * The shape of a block of a tensor: the requested one.
 *
 * @throws BioflaxError when the block does not lie inside the tensor.
 */
export function sliceShape(shape: Shape, begin: readonly number[], size: Shape): Shape {
  expectOnePerAxis("slice", shape, begin);
  expectOnePerAxis("slice", shape, size);
  const inside = shape.every((extent, axis) => {
    const [from, count] = [begin[axis] as number, size[axis] as number];
    return from >= 0 && count >= 0 && from + count <= extent;
  });
  if (!inside)
    throw new BioflaxError(
      `slice: expected a block inside ${showShape(shape)}, received ${showShape(size)} from ${showShape(begin)}.`,
    );
  return size;
}

/** @throws BioflaxError unless a tensor has the shape that goes with the others. */
export function expectShape(op: string, received: Shape, expected: Shape): void {
  if (!sameShape(received, expected))
    throw new BioflaxError(
      `${op}: expected a tensor of shape ${showShape(expected)}, received ${showShape(received)}.`,
    );
}
