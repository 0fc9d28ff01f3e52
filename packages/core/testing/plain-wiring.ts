import type {
  ConcatenateSpec,
  Cropping1dSpec,
  DenseSpec,
  EmbeddingSpec,
  GRUSpec,
  KernelLayerSpec,
  LayerSpec,
  NetworkSpec,
  Pooling2dSpec,
  RuleName,
  SimpleRNNSpec,
} from "@bioflax/core";
import { isRecurrent } from "./plain-recurrent";
import { turnedWindowsOf, type Windows, windowsOf } from "./plain-windows";

/** How the layers of a network hang together, for the plain reference; layers by index, −1 for the network's input. */

const KERNELLED: readonly string[] = [
  ...["dense", "conv2d", "conv1d", "depthwiseConv2d", "conv2dTranspose"],
  ...["simpleRNN", "gru", "embedding"],
];

export const isKernelled = (layer: LayerSpec | undefined): layer is KernelLayerSpec =>
  layer !== undefined && KERNELLED.includes(layer.type);

export function ruleOf(spec: NetworkSpec, l: number): RuleName | undefined {
  const layer = spec.layers[l];
  return isKernelled(layer) ? ((layer.rule ?? spec.rule) as RuleName) : undefined;
}

const product = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** The windows of a convolution or a pooling. */
export function windowsFor(
  layer:
    | Exclude<KernelLayerSpec, DenseSpec | SimpleRNNSpec | GRUSpec | EmbeddingSpec>
    | Pooling2dSpec,
  image: readonly number[],
): Windows {
  if (layer.type === "conv2d" || layer.type === "depthwiseConv2d") {
    const { kernelSize, strides = 1, padding, dilationRate } = layer;
    return windowsOf(image, { size: kernelSize, strides, padding, dilationRate });
  }
  if (layer.type === "conv1d") {
    const { kernelSize, strides = 1, padding, dilationRate = 1 } = layer;
    const [size, stride, dilation] = [kernelSize, strides, dilationRate].map(
      (one): [number, number] => [[one].flat()[0] as number, 1],
    ) as [[number, number], [number, number], [number, number]];
    const sequence = [image[0] as number, 1];
    return windowsOf(sequence, { size, strides: stride, padding, dilationRate: dilation });
  }
  if (layer.type === "conv2dTranspose") {
    const { kernelSize, strides = 1, padding } = layer;
    return turnedWindowsOf(image, { size: kernelSize, strides, padding });
  }
  const { poolSize = 2, strides = poolSize, padding } = layer;
  return windowsOf(image, { size: poolSize, strides, padding });
}

/** Rows of zeros above and below, and columns left and right. */
export function zerosAround(layer: Extract<LayerSpec, { type: "zeroPadding2d" }>): number[][] {
  const { padding = 1 } = layer;
  if (typeof padding === "number") return [Array(2).fill(padding), Array(2).fill(padding)];
  return padding.map((side) => (typeof side === "number" ? [side, side] : [...side]));
}

/** How many steps are left out of the first and of the last. */
export const cropped = ({ cropping = 1 }: Cropping1dSpec): readonly [number, number] =>
  typeof cropping === "number" ? [cropping, cropping] : cropping;

function shapeAfter(layer: LayerSpec, shape: readonly number[]): readonly number[] {
  const channels = shape.at(-1) as number;
  switch (layer.type) {
    case "dense":
      return [layer.units];
    case "simpleRNN":
    case "gru":
      return layer.returnSequences ? [shape[0] as number, layer.units] : [layer.units];
    case "embedding":
      return [shape[0] as number, layer.outputDim];
    case "attention":
      return [shape[0] as number, channels / 3];
    case "cropping1d":
      return [(shape[0] as number) - cropped(layer).reduce((a, b) => a + b), channels];
    case "conv1d":
      return [windowsFor(layer, shape).rows, layer.filters];
    case "conv2d":
    case "depthwiseConv2d":
    case "conv2dTranspose":
    case "maxPooling2d":
    case "averagePooling2d": {
      const { rows, columns } = windowsFor(layer, shape);
      const { filters = channels, depthMultiplier = 1 } = layer as {
        readonly filters?: number;
        readonly depthMultiplier?: number;
      };
      return [rows, columns, filters * depthMultiplier];
    }
    case "globalMaxPooling2d":
    case "globalAveragePooling2d":
      return [channels];
    case "flatten":
      return [product(shape)];
    case "reshape":
      return layer.targetShape;
    case "zeroPadding2d": {
      const [rows, columns] = zerosAround(layer) as [number[], number[]];
      const [height, width] = shape as [number, number];
      return [rows[0]! + height + rows[1]!, columns[0]! + width + columns[1]!, channels];
    }
    default:
      return shape;
  }
}

/** The axis along which inputs are one after another, from 0 for the first after the batch. */
export const joinedAxis = ({ axis = -1 }: ConcatenateSpec, rank: number): number =>
  axis < 0 ? rank + axis : axis - 1;

const joinedShape = (layer: ConcatenateSpec, shapes: readonly (readonly number[])[]) => {
  const [first] = shapes as readonly [readonly number[]];
  const along = joinedAxis(layer, first.length);
  return first.map((extent, at) =>
    at === along ? shapes.reduce((sum, shape) => sum + (shape[at] as number), 0) : extent,
  );
};

/** What the plain reference knows of a network beside its weights. */
export interface PlainWiring {
  readonly sources: readonly (readonly number[])[];
  /** The layers that take a layer's output, one entry for each time they do. */
  consumers(l: number): number[];
  /** The same with which of their inputs it is. */
  uses(l: number): (readonly [layer: number, input: number])[];
  /** Shape of one example at a layer's output; of the network's input for −1. */
  shapeAt(l: number): readonly number[];
  /** How many numbers one example has there. */
  sizeAt(l: number): number;
}

export function wiringOf({ inputShape, layers }: NetworkSpec): PlainWiring {
  const sources = layers.map(({ inputs }, l) => inputs ?? [l - 1]);
  const shapes: (readonly number[])[] = [];
  const shapeAt = (l: number) => (l < 0 ? inputShape : (shapes[l] as readonly number[]));
  layers.forEach((layer, l) => {
    const from = (sources[l] as readonly number[]).map(shapeAt);
    shapes.push(
      layer.type === "concatenate"
        ? joinedShape(layer, from)
        : shapeAfter(layer, from[0] as readonly number[]),
    );
  });
  return {
    sources,
    uses: (l) =>
      sources.flatMap((from, c) => from.flatMap((s, i) => (s === l ? [[c, i] as const] : []))),
    consumers: (l) => sources.flatMap((from, c) => from.filter((s) => s === l).map(() => c)),
    shapeAt,
    sizeAt: (l) => product(shapeAt(l)),
  };
}

/** The one layer that a layer goes into, where it is alone in doing so and has no kernel. */
function follower({ layers }: NetworkSpec, wiring: PlainWiring, l: number): number | undefined {
  const [next, ...others] = wiring.consumers(l);
  const follows =
    next !== undefined &&
    others.length === 0 &&
    !isKernelled(layers[next]) &&
    wiring.sources[next]?.length === 1;
  return follows ? next : undefined;
}

/** Where errors that come straight from the output arrive for a layer. */
export function feedbackTargetOf(spec: NetworkSpec, wiring: PlainWiring, l: number): number {
  const own = spec.layers[l];
  // Of a recurrent layer that puts out its last state, they arrive at all of them.
  if (isRecurrent(own) && !own.returnSequences) return l;
  const next = follower(spec, wiring, l);
  const sameAxes = next !== undefined && wiring.shapeAt(next).length === wiring.shapeAt(l).length;
  return sameAxes ? feedbackTargetOf(spec, wiring, next) : l;
}

/** The layer with a kernel that nothing but layers without one stand between and the output, if there is one. */
export function lastKernelled(spec: NetworkSpec, wiring: PlainWiring): number | undefined {
  const leadsOut = (l: number): boolean => {
    const next = follower(spec, wiring, l);
    return l === spec.layers.length - 1 || (next !== undefined && leadsOut(next));
  };
  const found = spec.layers.findIndex((layer, l) => isKernelled(layer) && leadsOut(l));
  return found < 0 ? undefined : found;
}
