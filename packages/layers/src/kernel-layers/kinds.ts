import {
  type ActivationName,
  conv2d,
  dense,
  type KernelLayerSpec,
  type LayerDefinition,
  type LayerSpec,
  type Shape,
} from "@bioflax/core";
import type { Conv2dOptions, FeedbackOptions } from "../base/options";

/** What sets one kind of layer with a kernel apart from the others. */
export interface LayerKind {
  /** Its maths: not looked up by its name, so that a page with one kind of layer has no other. */
  readonly definition: LayerDefinition;
  /** What its spec has beside what all have. */
  readonly spec: KernelLayerSpec;
  /** φ where none is given; the identity when left out. */
  readonly activation?: ActivationName | undefined;
  /** Whether there is a bias where nothing is said; true when left out. */
  readonly useBias?: boolean | undefined;
  /** An example that is large enough for any such layer, to check options with before the input is known. */
  readonly probe: Shape;
  /** Whether an input may have more axes than the batch and those of an example, which then all count as batch. */
  readonly takesMoreAxes: boolean;
}

/** y = φ(x·W + b). */
export function denseKind({ units }: FeedbackOptions): LayerKind {
  return {
    definition: dense,
    spec: { type: "dense", units },
    probe: [1],
    takesMoreAxes: true,
  };
}

/** An example that is large enough for any layer of a kind. */
export const largestExample = (definition: LayerDefinition, spec: LayerSpec): Shape =>
  definition.largest?.(spec as never) ?? definition.probe;

/** y = φ(x ∗ W + b). */
export function conv2dKind(options: Conv2dOptions): LayerKind {
  const { filters, kernelSize, strides, padding, dilationRate, groups } = options;
  const spec: KernelLayerSpec = {
    type: "conv2d",
    filters,
    kernelSize,
    strides: strides ?? 1,
    padding: padding ?? "valid",
    dilationRate: dilationRate ?? 1,
    ...(groups != null && groups !== 1 && { groups }),
  };
  return {
    definition: conv2d,
    spec,
    probe: largestExample(conv2d, spec),
    takesMoreAxes: false,
  };
}
