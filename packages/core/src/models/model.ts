import { BioflaxError } from "../errors";
import type { KernelOptions } from "../layers/specs";
import type { NetworkSpec } from "../network/network";
import { showShape } from "../ops/shapes";
import type { Shape } from "../ops/tensor-ops";
import type { RuleName } from "../rules/registry";

/** What an architecture is made for. */
export interface ModelOptions {
  /** Shape of one example: [height, width, channels], for `mlp` also a vector [in]. */
  readonly inputShape: Shape;
  /** How many outputs: classes, or numbers. */
  readonly outputs: number;
  /** The learning rule of every layer with a kernel. */
  readonly rule: RuleName;
  /** What else every layer with a kernel is told: initializers, feedbackProjection, clipNorm and the like. */
  readonly layer?: Omit<KernelOptions, "inputs" | "name" | "activation" | "rule" | "useBias">;
}

/** An architecture: a network for given inputs, outputs and rule. Its output is logits. */
export type Model = (options: ModelOptions) => NetworkSpec;

/** @throws BioflaxError unless the examples are images of at least the size an architecture needs. */
export function expectImage(
  model: string,
  inputShape: Shape,
  least: number,
): readonly [number, number, number] {
  const [height = 0, width = 0] = inputShape;
  if (inputShape.length !== 3 || height < least || width < least)
    throw new BioflaxError(
      `${model}: expected images [height, width, channels] of at least ${least}×${least}, received ${showShape(inputShape)}. ` +
        "Choose a data set of images, or the model mlp.",
    );
  return inputShape as unknown as readonly [number, number, number];
}
