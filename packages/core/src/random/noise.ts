import { type Distribution, drawValues } from "../initializers/initializer";
import { sizeOf } from "../ops/shapes";
import type { Shape } from "../ops/tensor-ops";
import { Random } from "./random";

/** Random numbers that a rule needs anew at every step. */
export interface Noise extends Pick<Distribution, "draw"> {
  readonly shape: Shape;
  /** Whether every example of a batch has its own, so that a step needs [batch, ...shape] of it. */
  readonly perExample?: boolean;
}

/** Noise under a name, the key of its random stream. */
export interface NamedNoise extends Noise {
  readonly name: string;
}

/** How many values beyond one step's a table holds, and so how many starting points there are to read from. */
const WINDOW = 1 << 17;

/** The shape of what a step needs of a noise. */
export function noiseShape({ shape, perExample }: Omit<Noise, "draw">, batch: number): Shape {
  return perExample ? [batch, ...shape] : shape;
}

/** How many values the table of a noise has, for batches of up to that many examples. */
export function noiseTableSize(noise: Omit<Noise, "draw">, batch: number): number {
  return sizeOf(noiseShape(noise, batch)) + WINDOW;
}

/**
 * The table from which the noise of every step is read.
 *
 * Drawing afresh would cost more than the step itself, and no two engines draw alike. So the values are drawn once, and
 * each step reads as many as it needs from a random place on (Salimans et al. 2017, "Evolution strategies as a scalable
 * alternative to reinforcement learning", section 2.1): the same bits in every engine, whatever was drawn before.
 *
 * @param seed a whole number.
 * @param batch the most examples a step has; the table of a larger batch begins as that of a smaller one.
 */
export function noiseTable(noise: NamedNoise, seed: number, batch: number): Float32Array {
  return drawValues(noise, noiseTableSize(noise, batch), new Random(seed, "noise", noise.name));
}

/**
 * Where in its {@link noiseTable} the noise of a step begins.
 *
 * @param step how many steps have been taken before.
 */
export function noiseOffset(
  { name }: Pick<NamedNoise, "name">,
  seed: number,
  step: number,
): number {
  return new Random(seed, "noise", name, step).below(WINDOW + 1);
}
