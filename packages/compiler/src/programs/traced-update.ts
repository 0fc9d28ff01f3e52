import { applyGradients, flatten, groupByLayer, slotNames, type Trainable } from "@bioflax/core";
import { type Expression, expressions } from "./expressions";

/** A step's update as expressions: what it is given, and what it makes of it; weights in their order. */
export interface TracedUpdate {
  readonly ops: ReturnType<typeof expressions>["ops"];
  readonly parameters: readonly Expression[];
  readonly gradients: readonly Expression[];
  readonly slots: readonly (readonly Expression[])[];
  readonly step: Expression;
  /** The learning rate: an input, or the number it always is. */
  readonly rate: number | Expression;
  readonly after: {
    readonly parameters: readonly (Expression | undefined)[];
    readonly slots: readonly (readonly Expression[])[];
  };
}

/**
 * Traces what the optimizer, clipping and constraints make of a network's weights.
 *
 * @param sameAs of weights that are taken to be another weight, with its gradient and its slots, which.
 */
export function tracedUpdate(
  trainable: Trainable,
  sameAs: ReadonlyMap<number, number> = new Map(),
): TracedUpdate {
  const { network, optimizer, learningRate } = trainable;
  const { ops, input } = expressions();
  const shared = <T>(values: readonly T[]) =>
    values.map((value, i) => values[sameAs.get(i) ?? i] ?? value);
  const tensors = () => shared(network.parameters.map(({ shape }) => input(shape)));
  const [parameters, gradients] = [tensors(), tensors()];
  const slots = shared(
    network.parameters.map((info) => slotNames(info, optimizer).map(() => input(info.shape))),
  );
  const step = input([]);
  const rate = typeof learningRate === "number" ? learningRate : input([]);
  const after = applyGradients(
    ops,
    trainable,
    { parameters: groupByLayer(network, parameters), slots },
    { gradients: groupByLayer(network, gradients), tape: [] },
    step,
    rate,
  );
  return {
    ...{ ops, parameters, gradients, slots, step, rate },
    after: { parameters: flatten(network, after.parameters), slots: after.slots },
  };
}
