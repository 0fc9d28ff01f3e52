import { BioflaxError, lookUp } from "../errors";
import { showValue } from "../show-value";
import { type AdamOptions, adam } from "./adam";
import { adamw } from "./adamw";
import type { LearningRateSpec } from "./learning-rate";
import type { Optimizer } from "./optimizer";
import { type RmspropOptions, rmsprop } from "./rmsprop";
import { type SgdOptions, sgd } from "./sgd";

/** Every optimizer by name; each takes its options as an object. */
export const optimizers = { sgd, adam, adamw, rmsprop } as const;

/** The name of an optimizer. */
export type OptimizerName = keyof typeof optimizers;

/** An optimizer as plain JSON: its name and options. */
export type OptimizerSpec = (
  | ({ readonly name: "sgd" } & SgdOptions)
  | ({ readonly name: "adam" | "adamw" } & AdamOptions)
  | ({ readonly name: "rmsprop" } & RmspropOptions)
) &
  LearningRateSpec & {
    /**
     * Decoupled weight decay λ of kernels and learned feedback: W ← W − λ·W beside each step, in `adamw` W ← W − η·λ·W; 0 when
     * left out.
     */
    readonly weightDecay?: number;
  };

/**
 * The optimizer a spec describes, but for its step sizes: see {@link createLearningRate}.
 *
 * @throws BioflaxError for an unknown name, a setting that is not a finite number, or settings that do not go together.
 */
export function createOptimizer(spec: OptimizerSpec): Optimizer {
  const { name, schedule: _schedule, ...options } = spec;
  const create = lookUp<(options: never) => Optimizer>("optimizer", optimizers, name);
  for (const [option, value] of Object.entries(options)) {
    if (value !== undefined && typeof value !== "boolean" && !Number.isFinite(value)) {
      throw new BioflaxError(
        `Optimizer "${name}": expected a finite number for "${option}", received ${showValue(value)}.`,
      );
    }
  }
  if (!Number.isFinite(options.learningRate)) {
    throw new BioflaxError(
      `Optimizer "${name}": expected a learningRate, received ${showValue(options.learningRate)}.`,
    );
  }
  return create(options as never);
}
