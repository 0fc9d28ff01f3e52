import type { KernelLayer, KernelResiduals, Residuals } from "../layers/layer";
import { sameShape } from "../ops/shapes";
import type { TensorOps } from "../ops/tensor-ops";
import type { LayerContext, OutputSignals } from "../rules/rule";
import { forLayer } from "./for-layer";
import type { Network, NetworkParameters } from "./network";
import { type Backward, backward, forward, layerContextsOf, type Tape } from "./passes";

/** Whether a network's layers learn from a second pass of modulated data, in place of a backward pass. */
export const learnsFromSecondPass = ({ rules }: Pick<Network, "rules">): boolean =>
  rules.some((rule) => rule?.route.source === "input");

/**
 * What the layers learn from a second forward pass whose input the output's error modulates; its noise is that of the
 * first.
 *
 * A layer with a kernel at which the loss's own error arrives, by nothing but layers without one, learns from that; the
 * others from how their output differs between the passes, over the batch and their places, which is their signal.
 *
 * @param tape of the first pass.
 * @param arriving δ, ∂L/∂output, [batch, outputs], and what examples are weighted by.
 */
export function secondPass<T>(
  ops: TensorOps<T>,
  network: Network,
  parameters: NetworkParameters<T>,
  tape: Tape<T>,
  arriving: { readonly delta: T } & Omit<OutputSignals<T>, "error">,
): Backward<T> {
  const { layers, rules, outputLayer, outputs } = network;
  // From the loss to the first layers with a kernel, which pass nothing on.
  const { gradients, signals } = backward(ops, network, parameters, tape, arriving);
  const errorAt = (index: number, signal: T): T =>
    (layers[index] as KernelLayer).preActivationGradient(
      ops,
      tape[index] as KernelResiduals<T>,
      signal,
    );
  const isOutput =
    outputLayer !== undefined &&
    sameShape((layers[outputLayer] as KernelLayer).outputShape, [outputs]);
  const error = isOutput ? errorAt(outputLayer, signals[outputLayer] as T) : arriving.delta;

  const contexts = layerContextsOf(network, rules, parameters);
  const first = contexts.find((context) => context !== undefined) as LayerContext<T>;
  const { input } = tape[0] as Residuals<T>;
  const [batch, ...inputShape] = ops.shape(input) as [number, ...number[]];
  const at = { ...first, feedbackTarget: inputShape, error };
  const modulation = forLayer(contexts.indexOf(first), () =>
    first.rule.route.signal(ops, {
      below: at,
      above: at,
      // Each example's own error, which that of the mean loss has over the batch.
      output: { ...arriving, error: ops.mul(error, batch) },
    }),
  );
  const second = forward(ops, network, parameters, ops.add(input, modulation), true);

  const changes = layers.map((layer, index) => {
    const signal = signals[index];
    if (!layer.hasKernel || signal !== undefined) return signal;
    const [before, after] = [tape[index], second[index]] as [Residuals<T>, Residuals<T>];
    return ops.mul(ops.sub(before.output, after.output), 1 / (batch * layer.places));
  });
  return {
    signals: changes,
    outputError: error,
    gradients: layers.map((layer, index) => {
      const signal = signals[index];
      if (!layer.hasKernel) return gradients[index] ?? {};
      return forLayer(index, () => {
        const own = signal === undefined ? (changes[index] as T) : errorAt(index, signal);
        return layer.gradients(ops, second[index] as Residuals<T>, own);
      });
    }),
  };
}
