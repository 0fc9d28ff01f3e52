import { sizeOf } from "../ops/shapes";
import type { Shape } from "../ops/tensor-ops";
import type { Random } from "../random/random";

/** Draws the starting values of a weight: row-major float32, for a shape, from a seeded stream. */
export type Initializer = (shape: Shape, random: Random) => Float32Array;

/** An array of a shape's size, drawn element by element. */
export function fill(shape: Shape, draw: () => number): Float32Array {
  const values = new Float32Array(sizeOf(shape));
  for (let i = 0; i < values.length; i++) values[i] = draw();
  return values;
}
