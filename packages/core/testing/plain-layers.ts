import type { ConcatenateSpec, KernelLayerSpec, LayerSpec, NetworkSpec } from "@bioflax/core";
import { plainAttention } from "./plain-attention";
import { activate, columns, deactivate, each, flip, type Matrix } from "./plain-matrices";
import { ownKernelFreeLayer } from "./plain-own";
import { gatesOf, isRecurrent } from "./plain-recurrent";
import { patches, pooled, unpatched, unpooled } from "./plain-windows";
import {
  cropped,
  isKernelled,
  joinedAxis,
  type PlainWiring,
  windowsFor,
  zerosAround,
} from "./plain-wiring";

/** The layers' own maths, for the plain reference: a batch is a matrix with an example, row-major, in each row. */

/** The weights of a network by name; a kernel has a row for each number it is applied to, and a bias is one row. */
export type Weighting = Record<string, Matrix>;

/** The same numbers in rows of another length. */
export const inRows = (matrix: Matrix, length: number): Matrix => columns(matrix.flat(), length);

const sumOf = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
export const columnSums = (matrix: Matrix): number[] => flip(matrix).map(sumOf);

/** What a layer's kernel is multiplied by, and where the errors at that belong. */
export interface PlainKernel {
  /** A row for each place of the output. */
  rows(x: Matrix): Matrix;
  /** The errors at these rows as errors at x. */
  back(errors: Matrix): Matrix;
  /** The matrix that rows are multiplied by, of a kernel, or what stands for it, as it is stored. */
  spread(stored: Matrix): Matrix;
  /** The other way: a gradient of that matrix as one of the kernel. */
  gathered(matrix: Matrix): Matrix;
  /** How many numbers go into a unit. */
  readonly inputs: number;
  /** How many times the kernel is applied to an example. */
  readonly places: number;
}

const zeros = (rows: number, width: number): Matrix =>
  Array.from({ length: rows }, () => new Array<number>(width).fill(0));

/**
 * How the elements of a stored kernel lie in the matrix that rows are multiplied by, zeros between them.
 *
 * @param lies where an element is.
 * @param widthOf how many columns the matrix has, of a stored kernel.
 * @param storedLike a kernel as it is stored, of the matrix; its values are of no matter.
 */
function spreading(
  rows: number,
  lies: (row: number, column: number, stored: Matrix) => readonly [row: number, column: number],
  widthOf: (stored: Matrix) => number,
  storedLike: (matrix: Matrix) => Matrix,
): Pick<PlainKernel, "spread" | "gathered"> {
  return {
    spread(stored) {
      const matrix = zeros(rows, widthOf(stored));
      stored.forEach((values, i) =>
        values.forEach((value, j) => {
          const [row, column] = lies(i, j, stored);
          (matrix[row] as number[])[column] = value;
        }),
      );
      return matrix;
    },
    gathered(matrix) {
      const like = storedLike(matrix);
      return like.map((values, i) =>
        values.map((_, j) => {
          const [row, column] = lies(i, j, like);
          return (matrix[row] as number[])[column] as number;
        }),
      );
    },
  };
}

const width = (matrix: Matrix) => (matrix[0] as number[]).length;

/** How a kernel as it is stored, with a column for each element of its last axis, becomes the matrix of its layer. */
function storage(
  layer: KernelLayerSpec,
  taps: number,
  channels: number,
): Pick<PlainKernel, "spread" | "gathered"> {
  const rows = taps * channels;
  switch (layer.type) {
    // [taps, channels, multiplier]: a column for each filter of a channel.
    case "depthwiseConv2d":
      return spreading(
        rows,
        (i, j, stored) => [i, (i % channels) * width(stored) + j],
        (stored) => channels * width(stored),
        (matrix) => zeros(rows, width(matrix) / channels),
      );
    // [taps, filters, channels].
    case "conv2dTranspose":
      return spreading(
        rows,
        (i, j, stored) => {
          const filters = stored.length / taps;
          return [Math.floor(i / filters) * channels + j, i % filters];
        },
        (stored) => stored.length / taps,
        (matrix) => zeros(taps * width(matrix), channels),
      );
    // [taps, channels of a group, filters].
    case "conv2d": {
      const { groups = 1 } = layer;
      const seen = channels / groups;
      return spreading(
        rows,
        (i, j, stored) => {
          const group = Math.floor(j / (width(stored) / groups));
          return [Math.floor(i / seen) * channels + group * seen + (i % seen), j];
        },
        width,
        (matrix) => zeros(taps * seen, width(matrix)),
      );
    }
    default:
      return { spread: (stored) => stored, gathered: (matrix) => matrix };
  }
}

/** In how many groups a layer's channels are. */
const groupsOf = (layer: KernelLayerSpec, channels: number): number => {
  if (layer.type === "depthwiseConv2d") return channels;
  return layer.type === "conv2d" ? (layer.groups ?? 1) : 1;
};

export function kernelOf(spec: NetworkSpec, wiring: PlainWiring, l: number): PlainKernel {
  const layer = spec.layers[l] as KernelLayerSpec;
  const source = wiring.sources[l]?.[0] as number;
  const shape = wiring.shapeAt(source);
  const channels = shape.at(-1) as number;
  // To its kernel, a step is a dense layer of its input beside the state before.
  if (isRecurrent(layer))
    return {
      rows: (x) => x,
      back: (errors) => errors,
      spread: (stored) => stored,
      gathered: (matrix) => matrix,
      inputs: channels + layer.units,
      places: 1,
    };
  if (layer.type === "dense")
    return {
      ...storage(layer, 1, channels),
      rows: (x) => x,
      back: (errors) => errors,
      inputs: channels,
      places: 1,
    };
  // To its kernel, a step is a dense layer of a row that is 1 where the symbol's number is.
  if (layer.type === "embedding")
    return {
      ...storage(layer, 1, layer.inputDim),
      rows: (x) =>
        x.flat().map((symbol) => Array.from({ length: layer.inputDim }, (_, i) => +(i === symbol))),
      back: (errors) => zeros(errors.length / wiring.sizeAt(source), wiring.sizeAt(source)),
      inputs: layer.inputDim,
      places: 1,
    };
  const windows = windowsFor(layer, shape);
  const taps = (windows.pixels[0] as readonly number[]).length;
  return {
    ...storage(layer, taps, channels),
    rows: (x) => patches(x, windows, channels),
    back: (errors) => unpatched(errors, windows, channels, wiring.sizeAt(source)),
    inputs: (taps * channels) / groupsOf(layer, channels),
    places:
      layer.type === "conv2dTranspose" ? shape[0]! * shape[1]! : windows.rows * windows.columns,
  };
}

/** How many columns a layer's stored kernel has: its last axis. */
export function kernelColumns(spec: NetworkSpec, wiring: PlainWiring, l: number): number {
  const layer = spec.layers[l] as KernelLayerSpec;
  if (layer.type === "depthwiseConv2d") return layer.depthMultiplier ?? 1;
  const at = layer.type === "conv2dTranspose" ? (wiring.sources[l]?.[0] as number) : l;
  return gatesOf(layer) * (wiring.shapeAt(at).at(-1) as number);
}

/** A matrix from units to others, for each of so many groups of units: along the diagonal, zeros elsewhere. */
export const forEachGroup = (matrix: Matrix, groups: number): Matrix =>
  Array.from({ length: groups }, (_, group) =>
    matrix.map((row) =>
      Array.from({ length: groups }, (_, at) => (at === group ? row : row.map(() => 0))).flat(),
    ),
  ).flat();

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

/** Layer normalisation, its errors by the chain rule through each row's mean and variance. */
function layerNormalization(
  { epsilon = 1e-3 }: Extract<LayerSpec, { type: "layerNormalization" }>,
  weights: Weighting,
  units: number,
): PlainKernelFreeLayer {
  const gamma = weights.gamma?.[0];
  const normal = (row: readonly number[]) => {
    const mean = sumOf(row) / units;
    const root = Math.sqrt(sumOf(row.map((v) => (v - mean) ** 2)) / units + epsilon);
    return { root, values: row.map((v) => (v - mean) / root) };
  };
  const size = (x: Matrix) => (x[0] as number[]).length;
  return {
    forward: (x) =>
      inRows(
        inRows(x, units).map((row) =>
          normal(row).values.map((v, j) => v * (gamma?.[j] ?? 1) + (weights.beta?.[0]?.[j] ?? 0)),
        ),
        size(x),
      ),
    backward(x, delta) {
      const rows = inRows(x, units);
      const errors = inRows(delta, units);
      const input = rows.map((row, i) => {
        const { root, values } = normal(row);
        const error = (errors[i] as number[]).map((d, j) => d * (gamma?.[j] ?? 1));
        // ∂x̂ₖ/∂xⱼ = (1ⱼₖ − 1/n − x̂ⱼ·x̂ₖ/n) / root.
        return values.map((own, j) =>
          sumOf(
            error.map(
              (e, k) => (e * (Number(j === k) - 1 / units - (own * values[k]!) / units)) / root,
            ),
          ),
        );
      });
      const along = rows.map((row, i) =>
        normal(row).values.map((v, j) => v * (errors[i] as number[])[j]!),
      );
      const gradients = { gamma: [columnSums(along)], beta: [columnSums(errors)] };
      return {
        input: inRows(input, size(x)),
        gradients: Object.fromEntries(
          Object.entries(gradients).filter(([role]) => weights[role] !== undefined),
        ),
      };
    },
  };
}

/** A rectifier with a slope for each element that may be that of others, too. */
function prelu(
  { sharedAxes = [] }: Extract<LayerSpec, { type: "prelu" }>,
  alpha: Matrix,
  shape: readonly number[],
): PlainKernelFreeLayer {
  const slopes = alpha.flat();
  /** Which slope an element of an example has. */
  const slopeAt = (element: number) => {
    let [rest, at, stride] = [element, 0, 1];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const extent = shape[axis] as number;
      if (!sharedAxes.includes(axis + 1)) {
        at += (rest % extent) * stride;
        stride *= extent;
      }
      rest = Math.floor(rest / extent);
    }
    return at;
  };
  return {
    forward: (x) => x.map((row) => row.map((v, i) => (v > 0 ? v : v * slopes[slopeAt(i)]!))),
    backward(x, delta) {
      const gradient = slopes.map(() => 0);
      const input = x.map((row, n) =>
        row.map((v, i) => {
          const d = (delta[n] as number[])[i]!;
          if (v <= 0) gradient[slopeAt(i)]! += d * v;
          return v > 0 ? d : d * slopes[slopeAt(i)]!;
        }),
      );
      return { input, gradients: { alpha: inRows([gradient], (alpha[0] as number[]).length) } };
    },
  };
}

/** For each element of what inputs of these shapes are together, the input that it comes from. */
function origins(layer: ConcatenateSpec, shapes: readonly (readonly number[])[]): number[] {
  const [first] = shapes as readonly [readonly number[]];
  const along = joinedAxis(layer, first.length);
  const outer = first.slice(0, along).reduce((a, b) => a * b, 1);
  const stretches = shapes.map((shape) => shape.slice(along).reduce((a, b) => a * b, 1));
  return Array.from({ length: outer }, () =>
    stretches.flatMap((stretch, i) => Array.from({ length: stretch }, () => i)),
  ).flat();
}

/** What a layer is handed of its inputs: them one after another, or their sum. */
export function joined(layer: LayerSpec, wiring: PlainWiring, l: number, all: Matrix[]): Matrix {
  if (layer.type !== "concatenate")
    return all.reduce((one, other) => each((a, b) => a + b, one, other));
  const shapes = (wiring.sources[l] as readonly number[]).map((s) => wiring.shapeAt(s));
  const order = origins(layer, shapes);
  return (all[0] as Matrix).map((_, n) => {
    const next = all.map(() => 0);
    return order.map((i) => (all[i] as Matrix)[n]![next[i]!++]!);
  });
}

/** The error at one of a layer's inputs, of that at what it is handed. */
export function partOf(
  layer: LayerSpec,
  wiring: PlainWiring,
  l: number,
  input: number,
  error: Matrix,
): Matrix {
  if (layer.type !== "concatenate") return error;
  const shapes = (wiring.sources[l] as readonly number[]).map((s) => wiring.shapeAt(s));
  const order = origins(layer, shapes);
  return error.map((row) => row.filter((_, at) => order[at] === input));
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
    case "concatenate":
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
    case "leakyReLU": {
      const { alpha = 0.3 } = layer;
      return elementwise(
        (x) => x.map((row) => row.map((v) => (v > 0 ? v : alpha * v))),
        (x, delta) => each((v, d) => (v > 0 ? d : alpha * d), x, delta),
      );
    }
    case "prelu":
      return prelu(layer, weights.alpha as Matrix, shape);
    case "layerNormalization":
      return layerNormalization(layer, weights, channels);
    case "attention":
      return plainAttention(layer, shape);
    case "positionEmbedding":
      return {
        forward: (x) =>
          x.map((row) => row.map((v, i) => v + (weights.positions as Matrix).flat()[i]!)),
        backward: (_x, delta) => ({
          input: delta,
          gradients: { positions: inRows([columnSums(delta)], channels) },
        }),
      };
    case "cropping1d": {
      const [before, after] = cropped(layer);
      const [first, last] = [before * channels, (shape[0]! - after) * channels];
      return elementwise(
        (x) => x.map((row) => row.slice(first, last)),
        (x, delta) =>
          x.map((row, n) =>
            row.map((_, i) => (i < first || i >= last ? 0 : delta[n]![i - first]!)),
          ),
      );
    }
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
