import type { LayerParameters, Residuals } from "../layers/layer";
import type { TensorOps } from "../ops/tensor-ops";
import type { OutputSignals, Rule, Site } from "../rules/rule";
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

/** What a backward pass finds out, layer by layer from the input to the output. */
export interface Backward<T> {
  /** Every weight's gradient; feedback that no gradient teaches has none. */
  readonly gradients: NetworkParameters<T>;
  /** The error signal δ that arrived at each layer's output, [batch, units]. */
  readonly signals: readonly T[];
}

/** The layers of a network with their weights, as rules see them. */
export function sitesOf<T>(
  { layers }: Network,
  rules: readonly Rule[],
  parameters: NetworkParameters<T>,
): Site<T>[] {
  return layers.map((layer, index) => ({
    layer,
    rule: rules[index] as Rule,
    parameters: parameters[index] as LayerParameters<T>,
  }));
}

/**
 * The backward pass: every weight's gradient under the layers' rules.
 *
 * @param arriving δ, ∂L/∂output, and the target's signal for rules that need it; both [batch, outputs].
 * @param rules one for each layer; the network's own unless others are to be compared with them.
 */
export function backward<T>(
  ops: TensorOps<T>,
  network: Network,
  parameters: NetworkParameters<T>,
  tape: Tape<T>,
  { delta, target }: { readonly delta: T; readonly target?: T | undefined },
  rules: readonly Rule[] = network.rules,
): Backward<T> {
  const sites = sitesOf(network, rules, parameters);
  const gradients: LayerParameters<T>[] = [];
  const signals: T[] = [];
  let signal = delta;
  let output: OutputSignals<T> | undefined;
  for (let index = sites.length - 1; index >= 0; index--) {
    const site = sites[index] as Site<T>;
    const residuals = tape[index] as Residuals<T>;
    signals[index] = signal;
    const error = site.layer.localError(ops, residuals, signal);
    output ??= { error, target };
    const own = site.layer.gradients(ops, residuals, error);
    gradients[index] =
      site.parameters.feedback !== undefined && site.rule.feedbackGradient !== undefined
        ? {
            ...own,
            feedback: site.rule.feedbackGradient(ops, {
              kernelGradient: own.kernel,
              output: residuals.output,
              outputError: output.error,
            }),
          }
        : own;
    const below = sites[index - 1];
    if (below !== undefined)
      signal = below.rule.route.signal(ops, { below, above: { ...site, error }, output });
  }
  return { gradients, signals };
}
