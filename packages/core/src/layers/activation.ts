import { getActivation } from "../activations/registry";
import type { Shape } from "../ops/tensor-ops";
import { kernelFreeLayer } from "./kernel-free-layer";
import type { KernelFreeLayer } from "./layer";
import type { ActivationSpec } from "./specs";

/**
 * An activation as a layer of its own: y = φ(x), and the error at x is φ′(x) ⊙ δ.
 *
 * @throws BioflaxError for an unknown activation.
 */
export function activation(spec: ActivationSpec, inputShape: Shape): KernelFreeLayer {
  const { forward, backward } = getActivation(spec.activation);
  return kernelFreeLayer(spec, inputShape, {
    forward: (ops, _parameters, input) => ({ input, output: forward(ops, input) }),
    backward: (ops, _parameters, { input, output }, delta) => ({
      input: backward(ops, { a: input, y: output }, delta),
    }),
  });
}
