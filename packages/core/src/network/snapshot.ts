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
  /** The optimizer's memory of each weight that learns, by {@link slotNames}, each of the weight's shape. */
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
