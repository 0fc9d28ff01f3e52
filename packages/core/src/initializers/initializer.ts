import { sizeOf } from "../ops/shapes";
import type { Shape } from "../ops/tensor-ops";
import type { Random } from "../random/random";

/** What the values of a weight are drawn from, one by one. */
export interface Distribution {
  /** Standard deviation of a value. */
  readonly stddev: number;
  /** Draws one value. */
  draw(random: Random): number;
}

/** How a weight of a given shape starts. */
export type Initializer = (shape: Shape) => Distribution;

/** As many values as asked for, in float32, drawn one after another from a seeded stream. */
export function drawValues(
  { draw }: Pick<Distribution, "draw">,
  count: number,
  random: Random,
): Float32Array {
  const values = new Float32Array(count);
  for (let i = 0; i < values.length; i++) values[i] = draw(random);
  return values;
}

/** A weight's starting values: row-major float32. */
export function initialValues(
  initializer: Initializer,
  shape: Shape,
  random: Random,
): Float32Array {
  return drawValues(initializer(shape), sizeOf(shape), random);
}
