import type { GivenOptions, Options, OptionValues } from "../options/option";
import type { Definition } from "../registry";
import type { Optimizer } from "./optimizer";

/** An optimizer of the registry: what it can be told, and the update that makes of it. */
export interface OptimizerDefinition<O extends Options = Options> extends Definition {
  /** What it can be told beside {@link sharedOptions}: flags, checks and types are made from it. */
  readonly options: O;
  /** Options it can be had with, as its contract tries them; only those without a default have to be there. */
  readonly examples?: readonly Readonly<Partial<OptionValues<O>>>[];
  /**
   * The optimizer with some options.
   *
   * @param options every option's value, within its range.
   * @throws BioflaxError for values that do not go together.
   */
  create(options: OptionValues<O>): Optimizer;
}

/** An optimizer's definition, with the types of its options. */
export function defineOptimizer<const O extends Options>(
  definition: OptimizerDefinition<O>,
): OptimizerDefinition<O> {
  return definition;
}

/** What any optimizer can be told beside its name and a schedule. */
export const sharedOptions = {
  learningRate: {
    type: "number",
    from: 0,
    doc: "step size η; with a schedule, the base rate it multiplies",
  },
  weightDecay: {
    type: "number",
    default: 0,
    from: 0,
    doc: "part λ of kernels and learned feedback that decays in each step, W ← W − λ·W, in sgdw and adamw W ← W − η·λ·W",
  },
} as const satisfies Options;

/** What an optimizer's definition can be told, as it is given. */
export type OptimizerOptions<D> = D extends OptimizerDefinition<infer O> ? GivenOptions<O> : never;
