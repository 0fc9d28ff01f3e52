import type { Float64Tensor } from "./reference-ops";
import { shapeOps } from "./shape-ops";
import { sizeOf } from "./shapes";
import type { Shape, TensorOps } from "./tensor-ops";
import type { Convolution2d, Window2d } from "./window";

type WindowOps = Pick<
  TensorOps<Float64Tensor>,
  | "conv2d"
  | "conv2dInputGradient"
  | "conv2dKernelGradient"
  | "maxPool"
  | "maxPoolGradient"
  | "averagePool"
  | "averagePoolGradient"
>;
type Extents4 = readonly [number, number, number, number];

const zeros = (shape: Shape): Float64Tensor => ({ shape, data: new Float64Array(sizeOf(shape)) });

/**
 * Visits every element of every window that lies inside the image, window by window.
 *
 * @param output shape of what the windows see, [batch, rows, columns, …].
 * @param visit told the place, as an index without the channel, in the output, the image and the window.
 */
function eachTap(
  input: Shape,
  output: Shape,
  { size, strides, dilations, padding }: Window2d,
  visit: (place: number, pixel: number, tap: number) => void,
): void {
  const [batch, rows, columns] = output as Extents4;
  const [, height, width] = input as Extents4;
  for (let place = 0; place < batch * rows * columns; place++) {
    const image = Math.floor(place / (rows * columns));
    const row = Math.floor(place / columns) % rows;
    const column = place % columns;
    for (let tap = 0; tap < size[0] * size[1]; tap++) {
      const y = row * strides[0] - padding[0][0] + Math.floor(tap / size[1]) * dilations[0];
      const x = column * strides[1] - padding[1][0] + (tap % size[1]) * dilations[1];
      if (y >= 0 && y < height && x >= 0 && x < width)
        visit(place, (image * height + y) * width + x, tap);
    }
  }
}

/** Visits every product a convolution is made of, as indices into output, image and kernel. */
function eachProduct(
  input: Shape,
  output: Shape,
  window: Convolution2d,
  visit: (output: number, input: number, kernel: number) => void,
): void {
  const { groups = 1 } = window;
  const [channels, filters] = [input[3] as number, output[3] as number];
  const [seen, each] = [channels / groups, filters / groups];
  eachTap(input, output, window, (place, pixel, tap) => {
    for (let c = 0; c < seen; c++)
      for (let f = 0; f < filters; f++) {
        const channel = Math.floor(f / each) * seen + c;
        visit(place * filters + f, pixel * channels + channel, (tap * seen + c) * filters + f);
      }
  });
}

/** How many elements of the image each place's window holds. */
function counts(input: Shape, output: Shape, window: Window2d): Float64Array {
  const [batch, rows, columns] = output as Extents4;
  const counted = new Float64Array(batch * rows * columns);
  eachTap(input, output, window, (place) => {
    counted[place] = (counted[place] as number) + 1;
  });
  return counted;
}

/** The float64 interpreter's operations on windows, each written out over the elements it sums. */
export const referenceWindows: WindowOps = {
  conv2d(x, kernel, window) {
    const y = zeros(shapeOps.conv2d(x.shape, kernel.shape, window));
    eachProduct(x.shape, y.shape, window, (o, i, k) => {
      (y.data[o] as number) += (x.data[i] as number) * (kernel.data[k] as number);
    });
    return y;
  },
  conv2dInputGradient(error, kernel, input, window) {
    const result = zeros(shapeOps.conv2dInputGradient(error.shape, kernel.shape, input, window));
    eachProduct(input, error.shape, window, (o, i, k) => {
      (result.data[i] as number) += (error.data[o] as number) * (kernel.data[k] as number);
    });
    return result;
  },
  conv2dKernelGradient(x, error, window) {
    const result = zeros(shapeOps.conv2dKernelGradient(x.shape, error.shape, window));
    eachProduct(x.shape, error.shape, window, (o, i, k) => {
      (result.data[k] as number) += (x.data[i] as number) * (error.data[o] as number);
    });
    return result;
  },
  maxPool(x, window) {
    const y = zeros(shapeOps.maxPool(x.shape, window));
    y.data.fill(Number.NEGATIVE_INFINITY);
    const channels = x.shape[3] as number;
    eachTap(x.shape, y.shape, window, (place, pixel) => {
      for (let c = 0; c < channels; c++) {
        const [o, i] = [place * channels + c, pixel * channels + c];
        y.data[o] = Math.max(y.data[o] as number, x.data[i] as number);
      }
    });
    return y;
  },
  maxPoolGradient(x, y, error, window) {
    const result = zeros(shapeOps.maxPoolGradient(x.shape, y.shape, error.shape, window));
    const channels = x.shape[3] as number;
    const given = new Uint8Array(y.data.length);
    eachTap(x.shape, y.shape, window, (place, pixel) => {
      for (let c = 0; c < channels; c++) {
        const [o, i] = [place * channels + c, pixel * channels + c];
        if (given[o] || x.data[i] !== y.data[o]) continue;
        given[o] = 1;
        (result.data[i] as number) += error.data[o] as number;
      }
    });
    return result;
  },
  averagePool(x, window) {
    const y = zeros(shapeOps.averagePool(x.shape, window));
    const channels = x.shape[3] as number;
    const counted = counts(x.shape, y.shape, window);
    eachTap(x.shape, y.shape, window, (place, pixel) => {
      for (let c = 0; c < channels; c++)
        (y.data[place * channels + c] as number) +=
          (x.data[pixel * channels + c] as number) / (counted[place] as number);
    });
    return y;
  },
  averagePoolGradient(error, input, window) {
    const result = zeros(shapeOps.averagePoolGradient(error.shape, input, window));
    const channels = input[3] as number;
    const counted = counts(input, error.shape, window);
    eachTap(input, error.shape, window, (place, pixel) => {
      for (let c = 0; c < channels; c++)
        (result.data[pixel * channels + c] as number) +=
          (error.data[place * channels + c] as number) / (counted[place] as number);
    });
    return result;
  },
};
