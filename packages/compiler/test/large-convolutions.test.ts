import { Random, type Shape, sizeOf, type TensorOps, type Window2d } from "@bioflax/core";
import { describe, expect, test } from "@jest/globals";
import { blockedInterpreter, compiledInterpreter } from "./compiled-interpreter";

/**
 * Large enough for columns of windows to be left unmade, with whole blocks of channels, and nothing in it the same in
 * both directions.
 */
const input: Shape = [300, 16, 16, 16];
const window: Window2d = {
  size: [3, 5],
  strides: [1, 1],
  dilations: [2, 1],
  padding: [
    [2, 2],
    [2, 1],
  ],
};
const kernelShape: Shape = [3, 5, 16, 32];
const output: Shape = [300, 16, 15, 32];

const random = new Random(5, "large-convolutions");
const normals = (shape: Shape) => ({
  shape,
  data: Array.from({ length: sizeOf(shape) }, () => random.normal()),
});
const [x, kernel, error] = [normals(input), normals(kernelShape), normals(output)];

/** An element, by its place; 0 outside. */
const at = ({ shape, data }: ReturnType<typeof normals>, place: readonly number[]): number =>
  place.some((index, axis) => index < 0 || index >= (shape[axis] as number))
    ? 0
    : (data[
        place.reduce((flat, index, axis) => flat * (shape[axis] as number) + index, 0)
      ] as number);

/** The sum over so many of each. */
function sumOver(extents: readonly number[], term: (...indices: number[]) => number): number {
  let total = 0;
  for (let flat = 0; flat < sizeOf(extents); flat++) {
    let rest = flat;
    const indices = extents
      .toReversed()
      .map((extent) => {
        const index = rest % extent;
        rest = Math.floor(rest / extent);
        return index;
      })
      .reverse();
    total += term(...indices);
  }
  return total;
}

/** Where the window's element sees the image. */
const seen = (y: number, column: number, row: number, across: number) =>
  [y + 2 * row - 2, column + across - 2] as const;

interface Operation {
  readonly run: <T>(ops: TensorOps<T>, values: readonly [T, T, T]) => T;
  readonly shape: Shape;
  /** An element by its definition, in float64. */
  readonly element: (...place: number[]) => number;
  /** How large elements are. */
  readonly magnitude: number;
}

const operations: Readonly<Record<string, Operation>> = {
  convolution: {
    run: (ops, [images, weights]) => ops.conv2d(images, weights, window),
    shape: output,
    element: (n = 0, y = 0, column = 0, filter = 0) =>
      sumOver([3, 5, 16], (row = 0, across = 0, channel = 0) => {
        const place = seen(y, column, row, across);
        return at(x, [n, ...place, channel]) * at(kernel, [row, across, channel, filter]);
      }),
    magnitude: 15,
  },
  "error at the input": {
    run: (ops, [, weights, errors]) => ops.conv2dInputGradient(errors, weights, input, window),
    shape: input,
    element: (n = 0, y = 0, column = 0, channel = 0) =>
      sumOver(
        [3, 5, 32],
        (row = 0, across = 0, filter = 0) =>
          at(error, [n, y + 2 - 2 * row, column + 2 - across, filter]) *
          at(kernel, [row, across, channel, filter]),
      ),
    magnitude: 22,
  },
  "gradient of the kernel": {
    run: (ops, [images, , errors]) =>
      ops.conv2dKernelGradient(images, ops.mul(errors, 0.5), window),
    shape: kernelShape,
    element: (row = 0, across = 0, channel = 0, filter = 0) =>
      sumOver([300, 16, 15], (n = 0, y = 0, column = 0) => {
        const place = seen(y, column, row, across);
        return 0.5 * at(x, [n, ...place, channel]) * at(error, [n, y, column, filter]);
      }),
    magnitude: 135,
  },
};

describe.each([compiledInterpreter(), blockedInterpreter()])("$name", (interpreter) => {
  test.each(Object.entries(operations))("%s", async (_name, { run, shape, element, magnitude }) => {
    const [result] = await interpreter.run(
      (ops, [images, weights, errors]) => [run(ops, [images, weights, errors] as never)],
      [x, kernel, error],
    );
    expect(result?.shape).toEqual(shape);
    const places = Array.from({ length: 40 }, () => shape.map((extent) => random.below(extent)));
    // Corners, where the window sees beyond the image.
    const corners = [shape.map(() => 0), shape.map((extent) => extent - 1)];
    for (const place of [...corners, ...places]) {
      const found = at({ shape, data: result?.data as number[] }, place);
      expect(Math.abs(found - element(...place))).toBeLessThan(3e-6 * magnitude);
    }
  });
});
