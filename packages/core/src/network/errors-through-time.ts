import type { KernelResiduals } from "../layers/layer";
import type { TensorOps } from "../ops/tensor-ops";
import type { LayerContext } from "../rules/rule";

/**
 * The error at a layer's pre-activation under its rule, φ′(a) ⊙ δ; of a recurrent layer that of all its steps. Where
 * errors travel layer by layer they travel from step to step, too: the step before is the layer below, and what carries
 * an error there are the state's rows of the rule's transport. Where they come straight from the output, none does.
 *
 * @param signal δ, at the layer's output, or of a recurrent layer at each of its states.
 * @returns `signal`, what has arrived in all, at the output or at each state.
 */
export function errorsOf<T>(
  ops: TensorOps<T>,
  context: LayerContext<T>,
  residuals: KernelResiduals<T>,
  signal: T,
): { readonly error: T; readonly signal: T } {
  const { layer, rule } = context;
  const { recurrence } = layer;
  if (recurrence === undefined)
    return { error: layer.preActivationGradient(ops, residuals, signal), signal };
  const between = {
    ...context,
    feedbackTarget: recurrence.statesShape,
    layer: { ...layer, backproject: recurrence.backproject },
  };
  const before = (error: T): T => {
    const above = { ...between, error };
    // Of a step from layer to layer, this route reads the upper end alone.
    return rule.route.signal(ops, { below: between, above, output: { error } });
  };
  return recurrence.errors(
    ops,
    residuals,
    signal,
    rule.route.source === "above" ? before : undefined,
  );
}
