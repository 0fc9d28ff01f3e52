import type { Trainable } from "@bioflax/core";
import { Expression } from "./expressions";
import { tracedUpdate } from "./traced-update";

/** What makes of each number one, whatever the others are. */
const elementwise = new Set([
  ...["neg", "abs", "sign", "exp", "log", "sqrt", "tanh", "sigmoid", "erf"],
  ...["add", "sub", "mul", "div", "maximum", "minimum", "axpby", "greater", "equal", "where"],
]);

const isElementwise = (x: unknown): boolean =>
  !(x instanceof Expression) ||
  x.op === undefined ||
  (elementwise.has(x.op) && x.args.every(isElementwise));

/** What the optimizer is told to decay a weight by. */
export const decayOf = (
  { weightDecay }: Pick<Trainable, "weightDecay">,
  { decays }: { readonly decays: boolean },
): number => (decays ? weightDecay : 0);

/**
 * Whether a step updates each weight that learns by the optimizer alone, and number by number: then it may as well
 * update many weights in one, as a vector. Found by comparing what it computes with what the optimizer would.
 */
export function updatesElementwise(trainable: Trainable): boolean {
  const { network, optimizer } = trainable;
  const { ops, parameters, gradients, slots, step, rate, after } = tracedUpdate(trainable);
  return network.parameters.every((info, i) => {
    if (!info.learns) return true;
    const alone = optimizer.update(ops, {
      parameter: parameters[i] as Expression,
      gradient: gradients[i] as Expression,
      slots: slots[i] as Expression[],
      weightDecay: decayOf(trainable, info),
      step,
      rate,
    });
    const both = [alone.parameter, ...alone.slots];
    return (
      after.parameters[i] === alone.parameter &&
      alone.slots.every((slot, n) => slot === after.slots[i]?.[n]) &&
      both.every(isElementwise)
    );
  });
}
