import { BioflaxError } from "../errors";
import { returned } from "../ops/returned";
import { shapeOps } from "../ops/shape-ops";
import type { Shape } from "../ops/tensor-ops";
import { readOptions } from "../options/read-options";
import { createRegistry } from "../registry";
import { type GivenSchedule, scheduleSpecOf } from "../schedules/registry";
import { showValue } from "../show-value";
import { adam } from "./adam";
import { adamw } from "./adamw";
import { type OptimizerDefinition, type OptimizerOptions, sharedOptions } from "./definition";
import type { LearningRateSpec } from "./learning-rate";
import type { Optimizer } from "./optimizer";
import { rmsprop } from "./rmsprop";
import { sgd } from "./sgd";
import { sgdw } from "./sgdw";

const builtIns = { sgd, sgdw, adam, adamw, rmsprop } as const;

/** Every optimizer by name. */
export const optimizers = createRegistry<OptimizerDefinition, typeof builtIns>({
  kind: "optimizer",
  where: { name: "optimizers", of: "@bioflax/core" },
  builtIns,
  needs: { options: "object", create: "function" },
});

/** The name of an optimizer that comes with bioflax. */
export type OptimizerName = keyof typeof builtIns;

interface SharedOptions extends LearningRateSpec {
  /**
   * Decoupled weight decay λ of kernels and learned feedback: W ← W − λ·W beside each step, in `sgdw` and `adamw` W ← W −
   * η·λ·W; 0 when left out.
   */
  readonly weightDecay?: number;
}

/** An optimizer as plain JSON: its name and options. One of your own is typed as {@link GivenOptimizer}. */
export type OptimizerSpec = {
  [Name in OptimizerName]: { readonly name: Name } & OptimizerOptions<(typeof builtIns)[Name]>;
}[OptimizerName] &
  SharedOptions;

/** An optimizer as it may be given: its definition, with the options that one has, may stand for its name. */
export type GivenOptimizer =
  | GivenSpec<OptimizerSpec>
  // biome-ignore lint/suspicious/noExplicitAny: any optimizer's definition, whatever its options are.
  | GivenSpec<{ readonly name: OptimizerDefinition<any> } & SharedOptions & Others>;

interface Others {
  readonly [option: string]: unknown;
}

/** A spec whose schedule may be given by its definition. */
type GivenSpec<Spec> = Spec extends unknown
  ? { readonly [Key in keyof Spec]: Key extends "schedule" ? Spec[Key] | GivenSchedule : Spec[Key] }
  : never;

/**
 * The plain JSON of an optimizer; a definition in it is added to {@link optimizers}.
 *
 * @throws BioflaxError for what is no object, or an unknown name.
 */
export function optimizerSpecOf(given: GivenOptimizer): OptimizerSpec {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new BioflaxError(
      `Optimizer: expected { name, learningRate, … }, such as { name: "adam", learningRate: 0.001 }, received ${showValue(given)}.`,
    );
  }
  const { name, schedule } = given;
  return {
    ...given,
    name: optimizers.nameOf(name),
    ...(schedule !== undefined && { schedule: scheduleSpecOf(schedule) }),
  } as OptimizerSpec;
}

/**
 * The optimizer a spec describes, but for its step sizes: see {@link createLearningRate}.
 *
 * @throws BioflaxError for what is no object, an unknown name or option, an option out of its range, or options that do
 *   not go together.
 */
export function createOptimizer(given: GivenOptimizer): Optimizer {
  const spec = optimizerSpecOf(given);
  const { options, create } = optimizers.get(spec.name) as OptimizerDefinition;
  const what = `Optimizer "${spec.name}"`;
  const named = { name: true, schedule: true };
  const own = readOptions(what, options, spec, sharedOptions, named);
  readOptions(what, sharedOptions, spec, options, named);
  return checkedOptimizer(what, create(own));
}

/** @throws BioflaxError unless it is an optimizer, of whose updates all are what they should be. */
function checkedOptimizer(what: string, optimizer: Optimizer): Optimizer {
  const { slots, update } = (optimizer ?? {}) as Partial<Optimizer>;
  const isName = (slot: unknown) => typeof slot === "string" && slot !== "";
  if (!Array.isArray(slots) || !slots.every(isName) || new Set(slots).size < slots.length)
    throw new BioflaxError(
      `${what}: expected its "slots" to be a list of different names, none where it remembers nothing, received ${showValue(slots)}.`,
    );
  if (typeof update !== "function")
    throw new BioflaxError(
      `${what}: expected it to have "update", a function, received ${showValue(update)}.`,
    );
  // Of a weight of any shape, its gradient and memory.
  const shape = [2, 3];
  const inputs = { parameter: shape, gradient: shape, slots: slots.map(() => shape) };
  const given = { ...inputs, step: [], rate: 0.1, weightDecay: 0 };
  const after = optimizer.update<Shape>(shapeOps, given) as
    | Partial<ReturnType<typeof optimizer.update<Shape>>>
    | undefined;
  returned(shapeOps, after?.parameter as Shape, shape, `${what}: the "parameter" of its update`);
  if (!Array.isArray(after?.slots) || after.slots.length !== slots.length)
    throw new BioflaxError(
      `${what}: expected its update to return ${slots.length} "slots", ${slots.join(", ") || "none"}, received ` +
        `${Array.isArray(after?.slots) ? after.slots.length : showValue(after?.slots)}.`,
    );
  for (const [i, slot] of after.slots.entries())
    returned(shapeOps, slot, shape, `${what}: the slot "${slots[i]}" of its update`);
  return optimizer;
}
