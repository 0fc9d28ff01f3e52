import type { LayerSpec, NetworkSpec } from "@bioflax/core";
import { activate, columns, deactivate, each, flip, type Matrix } from "./plain-matrices";
import { ownKernelFreeLayer } from "./plain-own";
import { patches, pooled, unpatched, unpooled } from "./plain-windows";
import { isKernelled, type PlainWiring, windowsFor, zerosAround } from "./plain-wiring";

/** The layers' own maths, for the plain reference: a batch is a matrix with an example, row-major, in each row. */

/** The weights of a network by name; a kernel has a row for each number it is applied to, and a bias is one row. */
export type Weighting = Record<string, Matrix>;

/** The same numbers in rows of another length. */
export const inRows = (matrix: Matrix, length: number): Matrix => columns(matrix.flat(), length);

const sumOf = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
export const columnSums = (matrix: Matrix): number[] => flip(matrix).map(sumOf);

/** What a layer's kernel is multiplied by, and where the errors at that belong. */
export interface PlainKernel {
  /** A row for each time the kernel is applied. */
  rows(x: Matrix): Matrix;
  /** The errors at these rows as errors at x. */
  back(errors: Matrix): Matrix;
}

export function kernelOf(spec: NetworkSpec, wiring: PlainWiring, l: number): PlainKernel {
  const layer = spec.layers[l] as LayerSpec;
  if (layer.type !== "conv2d") return { rows: (x) => x, back: (errors) => errors };
  const source = wiring.sources[l]?.[0] as number;
  const windows = windowsFor(layer, wiring.shapeAt(source));
  const channels = wiring.shapeAt(source)[2] as number;
  return {
    rows: (x) => patches(x, windows, channels),
    back: (errors) => unpatched(errors, windows, channels, wiring.sizeAt(source)),
  };
}

/** A layer without a kernel. */
export interface PlainKernelFreeLayer {
  forward(x: Matrix): Matrix;
  /** The error at x and the gradients of the layer's weights by role, given x and the error at the output. */
  backward(x: Matrix, delta: Matrix): { input: Matrix; gradients?: Weighting };
  /** The weights that a step of training moves without a gradient, by role. */
  moved?(x: Matrix): Weighting;
}

const elementwise = (
  forward: (x: Matrix) => Matrix,
  back: (x: Matrix, delta: Matrix) => Matrix,
): PlainKernelFreeLayer => ({ forward, backward: (x, delta) => ({ input: back(x, delta) }) });

/** Where each element of an image lies in the image with zeros around it. */
function padded(
  layer: Extract<LayerSpec, { type: "zeroPadding2d" }>,
  [height, width, channels]: readonly number[],
  size: number,
): PlainKernelFreeLayer {
  const [[top], [left, right]] = zerosAround(layer) as [[number], [number, number]];
  const places: number[] = [];
  for (let y = 0; y < height!; y++)
    for (let x = 0; x < width!; x++)
      for (let c = 0; c < channels!; c++)
        places.push(((y + top) * (left + width! + right) + x + left) * channels! + c);
  return elementwise(
    (x) =>
      x.map((image) => {
        const larger: number[] = new Array(size).fill(0);
        places.forEach((place, i) => {
          larger[place] = image[i] as number;
        });
        return larger;
      }),
    (_x, delta) => delta.map((image) => places.map((place) => image[place] as number)),
  );
}

/** Batch normalisation, its errors by the chain rule as Ioffe & Szegedy 2015 write it out (section 3). */
function normalization(
  layer: Extract<LayerSpec, { type: "batchNormalization" }>,
  weights: Weighting,
  channels: number,
  training: boolean,
): PlainKernelFreeLayer {
  const { momentum = 0.99, epsilon = 1e-3 } = layer;
  const row = (role: string) => weights[role]?.[0];
  const gamma = (c: number) => row("gamma")?.[c] ?? 1;
  /** The values of each channel, with their mean and variance. */
  const channelsOf = (x: Matrix) =>
    flip(inRows(x, channels)).map((values, c) => {
      const m = values.length;
      const mean = training ? sumOf(values) / m : (row("movingMean")?.[c] as number);
      const variance = training
        ? sumOf(values.map((v) => (v - mean) ** 2)) / m
        : (row("movingVariance")?.[c] as number);
      return { values, mean, variance };
    });
  const back = (byChannel: Matrix, x: Matrix) => inRows(flip(byChannel), (x[0] as number[]).length);
  return {
    forward: (x) =>
      back(
        channelsOf(x).map(({ values, mean, variance }, c) =>
          values.map(
            (v) =>
              (gamma(c) * (v - mean)) / Math.sqrt(variance + epsilon) + (row("beta")?.[c] ?? 0),
          ),
        ),
        x,
      ),
    backward(x, delta) {
      const errors = flip(inRows(delta, channels));
      const gammas: number[] = [];
      const input = channelsOf(x).map(({ values, mean, variance }, c) => {
        const m = values.length;
        const root = Math.sqrt(variance + epsilon);
        const own = errors[c] as number[];
        gammas.push(sumOf(values.map((v, i) => (own[i]! * (v - mean)) / root)));
        const normal = own.map((d) => d * gamma(c));
        const atVariance =
          sumOf(values.map((v, i) => normal[i]! * (v - mean))) * (-0.5 / root ** 3);
        const atMean =
          -sumOf(normal) / root + (atVariance * sumOf(values.map((v) => -2 * (v - mean)))) / m;
        return values.map(
          (v, i) => normal[i]! / root + (atVariance * 2 * (v - mean)) / m + atMean / m,
        );
      });
      const gradients = { gamma: [gammas], beta: [errors.map(sumOf)] };
      return {
        input: back(input, x),
        gradients: Object.fromEntries(
          Object.entries(gradients).filter(([role]) => weights[role] !== undefined),
        ),
      };
    },
    moved(x) {
      const move = (role: string, value: "mean" | "variance") => [
        channelsOf(x).map(
          (seen, c) => momentum * (row(role)?.[c] as number) + (1 - momentum) * seen[value],
        ),
      ];
      return {
        movingMean: move("movingMean", "mean"),
        movingVariance: move("movingVariance", "variance"),
      };
    },
  };
}

/**
 * A layer without a kernel.
 *
 * @param weights its own, by role.
 * @param mask what dropout multiplies by, [batch, ...], where it does.
 */
export function kernelFreeLayer(
  spec: NetworkSpec,
  wiring: PlainWiring,
  l: number,
  weights: Weighting,
  mask: ArrayLike<number> | undefined,
  training: boolean,
): PlainKernelFreeLayer {
  const layer = spec.layers[l] as LayerSpec;
  if (isKernelled(layer)) throw new Error(`Layer ${l} has a kernel.`);
  const shape = wiring.shapeAt(wiring.sources[l]?.[0] as number);
  const channels = shape.at(-1) as number;
  switch (layer.type) {
    case "maxPooling2d":
    case "averagePooling2d": {
      const windows = windowsFor(layer, shape);
      return elementwise(
        (x) => pooled(layer.type, x, windows, channels),
        (x, delta) => unpooled(layer.type, x, delta, windows, channels),
      );
    }
    case "globalMaxPooling2d":
    case "globalAveragePooling2d": {
      const type = layer.type === "globalMaxPooling2d" ? "maxPooling2d" : "averagePooling2d";
      const whole = windowsFor({ type, poolSize: [shape[0] as number, shape[1] as number] }, shape);
      return elementwise(
        (x) => pooled(type, x, whole, channels),
        (x, delta) => unpooled(type, x, delta, whole, channels),
      );
    }
    case "flatten":
    case "reshape":
    case "add":
      return elementwise(
        (x) => x,
        (_x, delta) => delta,
      );
    case "activation":
      return elementwise(
        (x) => inRows(activate(layer.activation, inRows(x, channels)), wiring.sizeAt(l)),
        (x, delta) =>
          inRows(
            deactivate(layer.activation, inRows(x, channels), inRows(delta, channels)),
            wiring.sizeAt(l),
          ),
      );
    case "zeroPadding2d":
      return padded(layer, shape, wiring.sizeAt(l));
    case "dropout": {
      const masked = (x: Matrix) =>
        mask === undefined || !training
          ? x
          : each((value, kept) => value * kept, x, columns(mask, wiring.sizeAt(l)));
      return elementwise(masked, (_x, delta) => masked(delta));
    }
    case "batchNormalization":
      return normalization(layer, weights, channels, training);
    default:
      return ownKernelFreeLayer(layer, shape, weights, mask, training);
  }
}
