import { Random } from "@bioflax/core";
import type { TwoLayers } from "./equations";

/** What is compared: a student and a teacher to begin with, and how the student learns. */
export interface Setting {
  readonly student: TwoLayers;
  readonly teacher: TwoLayers;
  readonly rate: number;
  readonly feedback: readonly number[];
}

/**
 * Weights to begin with, for N inputs and two hidden units each: a teacher of unit vectors, about, whose outputs count
 * one, and a student of small weights.
 */
export function settingOf(inputs: number, seed = 0): Setting {
  const random = new Random(seed, "weights");
  const vector = (length: number) =>
    Float32Array.from({ length: inputs }, () => (length * random.normal()) / Math.sqrt(inputs));
  const teacher = { hidden: [vector(1), vector(1)], output: [1, 1] };
  const student = { hidden: [vector(0.3), vector(0.3)], output: [0.1, -0.1] };
  return { teacher, student, rate: 1, feedback: [1, 0.5] };
}
