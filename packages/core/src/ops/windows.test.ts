import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  type Float64Tensor,
  float64Tensor,
  Random,
  referenceOps,
  type Shape,
  sizeOf,
} from "../index";
import { type Window2d, windowShape } from "./window";

type Image = number[][][];

/** Images of any shape with random values. */
function images(
  shape: Shape,
  seed: number,
  draw = (random: Random) => random.normal(),
): Float64Tensor {
  const random = new Random(seed, "windows-test");
  return float64Tensor(
    Float64Array.from({ length: sizeOf(shape) }, () => draw(random)),
    shape,
  );
}

/** One image as nested arrays with a border written around it. */
function bordered(x: Float64Tensor, n: number, { padding }: Window2d, border: number): Image {
  const [, height, width, channels] = x.shape as [number, number, number, number];
  const [[top, bottom], [left, right]] = padding;
  const image: Image = [];
  for (let row = 0; row < top + height + bottom; row++) {
    image.push([]);
    for (let column = 0; column < left + width + right; column++) {
      const pixel: number[] = [];
      for (let channel = 0; channel < channels; channel++) {
        const [y, z] = [row - top, column - left];
        const isInside = y >= 0 && y < height && z >= 0 && z < width;
        const at = ((n * height + y) * width + z) * channels + channel;
        pixel.push(isInside ? x.data[at]! : border);
      }
      image[row]!.push(pixel);
    }
  }
  return image;
}

/** For each place, in order, what the window over it sees: [place][row of the window][column][channel]. */
function views(x: Float64Tensor, window: Window2d, border: number): Image[] {
  const [batch, rows, columns] = windowShape("test", x.shape, window) as [number, number, number];
  const { size, strides, dilations } = window;
  const found: Image[] = [];
  for (let n = 0; n < batch; n++) {
    const image = bordered(x, n, window, border);
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        const view: Image = [];
        for (let i = 0; i < size[0]; i++) {
          view.push([]);
          for (let j = 0; j < size[1]; j++)
            view[i]!.push(
              image[row * strides[0] + i * dilations[0]]![column * strides[1] + j * dilations[1]]!,
            );
        }
        found.push(view);
      }
  }
  return found;
}

/** The sum of products over what each window sees. */
function convolve(x: Float64Tensor, kernel: Float64Tensor, window: Window2d): number[] {
  const [height, width, channels, filters] = kernel.shape as [number, number, number, number];
  const result: number[] = [];
  for (const view of views(x, window, 0))
    for (let f = 0; f < filters; f++) {
      let total = 0;
      for (let i = 0; i < height; i++)
        for (let j = 0; j < width; j++)
          for (let c = 0; c < channels; c++)
            total +=
              view[i]![j]![c]! * kernel.data[((i * width + j) * channels + c) * filters + f]!;
      result.push(total);
    }
  return result;
}

/** What each window sees of each channel, NaN where it hangs over. */
function channelViews(x: Float64Tensor, window: Window2d): number[][] {
  const channels = x.shape[3] as number;
  return views(x, window, Number.NaN).flatMap((view) =>
    Array.from({ length: channels }, (_, c) => view.flat().map((pixel) => pixel[c]!)),
  );
}

/** Each element's place, in a tensor of the shape: what windows see of it is where the elements lie. */
const indices = (shape: Shape) =>
  float64Tensor(
    Float64Array.from({ length: sizeOf(shape) }, (_, i) => i),
    shape,
  );

/** Sends each place's error to the elements its window sees, by a share of each. */
function spread(
  shape: Shape,
  window: Window2d,
  error: Float64Tensor,
  share: (elements: number[], element: number) => number,
): number[] {
  const result: number[] = new Array(sizeOf(shape)).fill(0);
  channelViews(indices(shape), window).forEach((view, place) => {
    const elements = view.filter((element) => !Number.isNaN(element));
    for (const element of elements)
      result[element]! += share(elements, element) * error.data[place]!;
  });
  return result;
}

/** The gradient Σ e ⊙ f of a linear f, from f of every unit vector. */
const adjoint = (shape: Shape, f: (unit: Float64Tensor) => number[], error: Float64Tensor) =>
  Array.from({ length: sizeOf(shape) }, (_, at) => {
    const unit = float64Tensor(new Float64Array(sizeOf(shape)).fill(1, at, at + 1), shape);
    return f(unit).reduce((sum, value, i) => sum + value * error.data[i]!, 0);
  });

function expectClose({ data }: Float64Tensor, expected: readonly number[]): void {
  expect(data).toHaveLength(expected.length);
  expected.forEach((value, i) => expect(data[i]).toBeCloseTo(value, 10));
}

const small = (max: number, min = 1) => fc.integer({ min, max });
const pairOf = (max: number, min = 1) => fc.tuple(small(max, min), small(max, min));

/**
 * Images and a window that fits into them; with dilation and any padding for kernels, for poolings never wholly
 * outside.
 */
const settings = (kind: "kernel" | "pool") =>
  fc
    .record({
      batch: small(3),
      extents: pairOf(7),
      channels: small(3),
      size: pairOf(4),
      strides: pairOf(3),
      dilations: kind === "kernel" ? pairOf(3) : fc.constant([1, 1] as const),
      padding: fc.tuple(pairOf(3, 0), pairOf(3, 0)),
      seed: fc.nat(1000),
    })
    .filter(({ extents, size, dilations, padding }) =>
      [0, 1].every((axis) => {
        const [before, after] = padding[axis]!;
        const span = (size[axis]! - 1) * dilations[axis]! + 1;
        const fits = extents[axis]! + before + after >= span;
        return fits && (kind === "kernel" || (before < span && after < span));
      }),
    )
    .map(({ batch, extents, channels, seed, ...window }) => ({
      shape: [batch, ...extents, channels] as const,
      window: window as Window2d,
      seed,
    }));

describe("the reference's windows are loops over nested arrays", () => {
  test("convolutions and both their transposes", () => {
    fc.assert(
      fc.property(settings("kernel"), small(3), ({ shape, window, seed }, filters) => {
        const x = images(shape, seed);
        const kernel = images([...window.size, shape[3], filters], seed + 1);
        const y = referenceOps.conv2d(x, kernel, window);
        expectClose(y, convolve(x, kernel, window));
        const error = images(y.shape, seed + 2);
        expectClose(
          referenceOps.conv2dInputGradient(error, kernel, shape, window),
          adjoint(shape, (unit) => convolve(unit, kernel, window), error),
        );
        expectClose(
          referenceOps.conv2dKernelGradient(x, error, window),
          adjoint(kernel.shape, (unit) => convolve(x, unit, window), error),
        );
      }),
    );
  });

  test("maxima, of numbers below 0 too, whose errors go to the first of equals", () => {
    fc.assert(
      fc.property(settings("pool"), small(4), ({ shape, window, seed }, kinds) => {
        const x = images(shape, seed, (random) => random.below(kinds) - 3);
        const y = referenceOps.maxPool(x, window);
        const seen = channelViews(x, window).map((view) => view.filter((v) => !Number.isNaN(v)));
        expectClose(
          y,
          seen.map((values) => Math.max(...values)),
        );
        const error = images(y.shape, seed + 1);
        const first = (elements: number[]) => {
          const sorted = [...elements].sort((a, b) => x.data[b]! - x.data[a]! || a - b);
          return sorted[0];
        };
        expectClose(
          referenceOps.maxPoolGradient(x, y, error, window),
          spread(shape, window, error, (elements, element) => Number(element === first(elements))),
        );
      }),
    );
  });

  test("means, which leave out what hangs over", () => {
    fc.assert(
      fc.property(settings("pool"), ({ shape, window, seed }) => {
        const x = images(shape, seed);
        const y = referenceOps.averagePool(x, window);
        const seen = channelViews(x, window).map((view) => view.filter((v) => !Number.isNaN(v)));
        expectClose(
          y,
          seen.map((values) => values.reduce((a, b) => a + b) / values.length),
        );
        const error = images(y.shape, seed + 1);
        expectClose(
          referenceOps.averagePoolGradient(error, shape, window),
          spread(shape, window, error, (elements) => 1 / elements.length),
        );
      }),
    );
  });
});

test("a convolution by hand: a 2×2 kernel over a 3×3 image, with a column of zeros on the right", () => {
  const window: Window2d = {
    size: [2, 2],
    strides: [1, 2],
    dilations: [1, 1],
    padding: [
      [0, 0],
      [0, 1],
    ],
  };
  const x = float64Tensor([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]);
  const kernel = float64Tensor([1, 10, 100, 1000], [2, 2, 1, 1]);
  expect([...referenceOps.conv2d(x, kernel, window).data]).toEqual([5421, 603, 8754, 906]);
});

describe("blocks", () => {
  const x = float64Tensor([1, 2, 3, 4, 5, 6], [2, 3]);
  test("are taken out from where they begin", () => {
    expect([...referenceOps.slice(x, [0, 1], [2, 2]).data]).toEqual([2, 3, 5, 6]);
    expect([...referenceOps.slice(x, [1, 0], [1, 3]).data]).toEqual([4, 5, 6]);
  });
  test("have zeros before and after them", () => {
    const padded = referenceOps.pad(x, [
      [1, 0],
      [0, 2],
    ]);
    expect([...padded.data]).toEqual([0, 0, 0, 0, 0, 1, 2, 3, 0, 0, 4, 5, 6, 0, 0]);
  });
  test("are repeated along axes of extent 1", () => {
    const column = float64Tensor([1, 2], [2, 1]);
    expect([...referenceOps.broadcastTo(column, [2, 3]).data]).toEqual([1, 1, 1, 2, 2, 2]);
    const row = float64Tensor([1, 2], [1, 2]);
    expect([...referenceOps.broadcastTo(row, [3, 2]).data]).toEqual([1, 2, 1, 2, 1, 2]);
  });
});
