import type { Shape } from "../ops/tensor-ops";
import type { Optimizer } from "../optimizers/optimizer";
import type { Weights } from "./initialize";
import type { ParameterInfo } from "./network";

/**
 * All that training carries from one step to the next, as plain numbers by name: what one engine leaves off with, it or
 * another goes on from.
 *
 * Noise and the learning rate of a step follow from the seed and the number of steps.
 */
export interface TrainingSnapshot {
  /** Every weight, `layers.0.kernel` and the like, moving statistics and feedback weights among them. */
  readonly weights: Weights;
  /**
   * The optimizer's memory of each weight that learns, by {@link slotNames}, each of the weight's shape; and what an
   * engine may remember besides, by {@link differenceSlots}, which those that do not know of it leave alone; and where a
   * rule needs them, `DelayedErrors`, by `delayedErrorsName`.
   */
  readonly slots: Weights;
  /** How many steps have been taken. */
  readonly stepsTaken: number;
}

/**
 * The names of the optimizer's memory of a weight: `layers.0.kernel/momentum`; none where the weight does not learn.
 */
export function slotNames(
  { name, learns }: Pick<ParameterInfo, "name" | "learns">,
  { slots }: Pick<Optimizer, "slots">,
): string[] {
  return learns ? slots.map((slot) => `${name}/${slot}`) : [];
}

/**
 * What an engine may remember of feedback weights B that learn as their kernels W do, W − B = c·D, so that it goes on to
 * the same bits: D, as `layers.0.feedback/difference`, of the weight's shape, and c, as `layers.0.feedback/remaining`, a scalar. Of other
 * weights none.
 *
 * @returns names and shapes.
 */
export function differenceSlots({
  role,
  learns,
  layer,
  shape,
}: Pick<ParameterInfo, "role" | "learns" | "layer" | "shape">): Record<string, Shape> {
  if (role !== "feedback" || !learns) return {};
  return { [differenceName(layer)]: shape, [remainingName(layer)]: [] };
}

/** The name of D in W − B = c·D: see {@link differenceSlots}. */
export const differenceName = (layer: number): string => `layers.${layer}.feedback/difference`;

/** The name of c in W − B = c·D: see {@link differenceSlots}. */
export const remainingName = (layer: number): string => `layers.${layer}.feedback/remaining`;
