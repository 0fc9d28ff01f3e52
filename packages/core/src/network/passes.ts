import type { LayerParameters, Residuals } from "../layers/layer";
import type { TensorOps } from "../ops/tensor-ops";
import type { Rule } from "../rules/rule";
import type { Network, NetworkParameters } from "./network";

/** The residuals of every layer of one forward pass, from the input to the output. */
export type Tape<T> = readonly Residuals<T>[];

/**
 * The forward pass.
 *
 * @param input [batch, ...inputShape].
 * @returns every layer's residuals; the network's output is the last one's `output`, [batch, outputs].
 */
export function forward<T>(
  ops: TensorOps<T>,
  network: Network,
  parameters: NetworkParameters<T>,
  input: T,
): Tape<T> {
  let x = input;
  return network.layers.map((layer, index) => {
    const residuals = layer.forward(ops, parameters[index] as LayerParameters<T>, x);
    x = residuals.output;
    return residuals;
  });
}

/** The network's output of a forward pass, [batch, outputs]. */
export function outputOf<T>(tape: Tape<T>): T {
  return (tape.at(-1) as Residuals<T>).output;
}

/**
 * The backward pass: every weight's gradient under a rule.
 *
 * @param delta ∂L/∂output, [batch, outputs].
 * @param rule whose gradients; the network's own unless another is to be compared with it.
 * @returns the gradients, layer by layer; fixed feedback has none.
 */
export function backward<T>(
  ops: TensorOps<T>,
  network: Network,
  parameters: NetworkParameters<T>,
  tape: Tape<T>,
  delta: T,
  rule: Rule = network.rule,
): NetworkParameters<T> {
  const site = (index: number) => ({
    layer: network.layers[index] as Network["layers"][number],
    parameters: parameters[index] as LayerParameters<T>,
  });
  const gradients: LayerParameters<T>[] = [];
  let signal = delta;
  let outputError: T | undefined;
  for (let index = network.layers.length - 1; index >= 0; index--) {
    const above = site(index);
    const residuals = tape[index] as Residuals<T>;
    const error = above.layer.localError(ops, residuals, signal);
    outputError ??= error;
    const own = above.layer.gradients(ops, residuals, error);
    gradients[index] =
      above.parameters.feedback !== undefined && rule.feedbackGradient !== undefined
        ? { ...own, feedback: rule.feedbackGradient(ops, own.kernel) }
        : own;
    if (index > 0)
      signal = rule.route.signal(ops, rule, {
        above: { ...above, error },
        below: site(index - 1),
        outputError,
      });
  }
  return gradients;
}
