import { type NoiseInfo, noiseShape, sizeOf } from "@bioflax/core";

/** The name of the input that says where in its table a noise begins at each step. */
export function offsetsName({ name }: Pick<NoiseInfo, "name">): string {
  return `${name}.offsets`;
}

/**
 * The name of the input that says where in its table a noise begins, or ends, at one step of those that are written
 * out.
 */
export function boundName(
  { name }: Pick<NoiseInfo, "name">,
  bound: "start" | "end",
  step: number,
): string {
  return `${name}.${bound}.${step}`;
}

/** How many numbers a noise has in a step. */
export function noiseSize(info: NoiseInfo, batch: number): number {
  return sizeOf(noiseShape(info, batch));
}
