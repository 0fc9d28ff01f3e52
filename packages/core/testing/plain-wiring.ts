import type { Conv2dSpec, LayerSpec, NetworkSpec, Pooling2dSpec, RuleName } from "@bioflax/core";
import { isRecurrent } from "./plain-recurrent";
import { type Windows, windowsOf } from "./plain-windows";

/** How the layers of a network hang together, for the plain reference; layers by index, −1 for the network's input. */

export const isKernelled = (
  layer: LayerSpec | undefined,
): layer is Extract<LayerSpec, { type: "dense" | "conv2d" | "simpleRNN" | "gru" }> =>
  layer?.type === "dense" || layer?.type === "conv2d" || isRecurrent(layer);

export function ruleOf(spec: NetworkSpec, l: number): RuleName | undefined {
  const layer = spec.layers[l];
  return isKernelled(layer) ? ((layer.rule ?? spec.rule) as RuleName) : undefined;
}

const product = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** The windows of a convolution or a pooling. */
export function windowsFor(layer: Conv2dSpec | Pooling2dSpec, image: readonly number[]): Windows {
  if (layer.type === "conv2d") {
    const { kernelSize, strides = 1, padding, dilationRate } = layer;
    return windowsOf(image, { size: kernelSize, strides, padding, dilationRate });
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

function shapeAfter(layer: LayerSpec, shape: readonly number[]): readonly number[] {
  const channels = shape.at(-1) as number;
  switch (layer.type) {
    case "dense":
      return [layer.units];
    case "simpleRNN":
    case "gru":
      return layer.returnSequences ? [shape[0] as number, layer.units] : [layer.units];
    case "conv2d":
    case "maxPooling2d":
    case "averagePooling2d": {
      const { rows, columns } = windowsFor(layer, shape);
      return [rows, columns, layer.type === "conv2d" ? layer.filters : channels];
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

/** What the plain reference knows of a network beside its weights. */
export interface PlainWiring {
  readonly sources: readonly (readonly number[])[];
  /** The layers that take a layer's output, one entry for each time they do. */
  consumers(l: number): number[];
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
    shapes.push(shapeAfter(layer, shapeAt(sources[l]?.[0] as number)));
  });
  return {
    sources,
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
