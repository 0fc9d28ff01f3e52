import { BioflaxError, lookUp } from "../errors";
import { checkOptionNames, type OptionNames } from "../option-names";
import { showValue } from "../show-value";
import { type AdamOptions, adam } from "./adam";
import { adamw } from "./adamw";
import type { LearningRateSpec } from "./learning-rate";
import type { Optimizer } from "./optimizer";
import { type RmspropOptions, rmsprop } from "./rmsprop";
import { type SgdOptions, sgd } from "./sgd";

/** Every optimizer by name; each takes its options as an object. */
export const optimizers = { sgd, adam, adamw, rmsprop } as const;

/** What each of them takes. */
const optionNames: {
  readonly [Name in OptimizerName]: OptionNames<Parameters<(typeof optimizers)[Name]>[0]>;
} = {
  sgd: { momentum: true, nesterov: true },
  adam: { beta1: true, beta2: true, epsilon: true },
  adamw: { beta1: true, beta2: true, epsilon: true },
  rmsprop: { decay: true, epsilon: true, momentum: true },
};

/** What all of them take. */
const shared: OptionNames<SharedOptions> = {
  name: true,
  learningRate: true,
  schedule: true,
  weightDecay: true,
};

/** The name of an optimizer. */
export type OptimizerName = keyof typeof optimizers;

interface SharedOptions extends LearningRateSpec {
  readonly name: OptimizerName;
  /**
   * Decoupled weight decay λ of kernels and learned feedback: W ← W − λ·W beside each step, in `adamw` W ← W − η·λ·W; 0 when
   * left out.
   */
  readonly weightDecay?: number;
}

/** An optimizer as plain JSON: its name and options. */
export type OptimizerSpec = (
  | ({ readonly name: "sgd" } & SgdOptions)
  | ({ readonly name: "adam" | "adamw" } & AdamOptions)
  | ({ readonly name: "rmsprop" } & RmspropOptions)
) &
  SharedOptions;

/**
 * The optimizer a spec describes, but for its step sizes: see {@link createLearningRate}.
 *
 * @throws BioflaxError for what is no object, an unknown name or option, a setting that is not a finite number, or settings that do not go together.
 */
export function createOptimizer(spec: OptimizerSpec): Optimizer {
  if (typeof spec !== "object" || spec === null || Array.isArray(spec)) {
    throw new BioflaxError(
      `Optimizer: expected { name, learningRate, … }, such as { name: "adam", learningRate: 0.001 }, received ${showValue(spec)}.`,
    );
  }
  const { name, schedule: _schedule, ...options } = spec;
  const create = lookUp<(options: never) => Optimizer>("optimizer", optimizers, name);
  checkOptionNames(`Optimizer "${name}"`, spec, optionNames[name], shared);
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
