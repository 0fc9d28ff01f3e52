import type { Shape } from "../ops/tensor-ops";
import type { Random } from "../random/random";

/** Draws the starting values of a weight: row-major float32, for a shape, from a seeded stream. */
export type Initializer = (shape: Shape, random: Random) => Float32Array;
