import { getActivation } from "../activations/registry";
import type { Shape } from "../ops/tensor-ops";
import type { PassLayer } from "./layer";
import { passLayer } from "./pass-layer";
import type { ActivationSpec } from "./specs";

/**
 * An activation as a layer of its own: y = φ(x), and the error at x is φ′(x) ⊙ δ.
 *
 * @throws BioflaxError for an unknown activation.
 */
export function activation(spec: ActivationSpec, inputShape: Shape): PassLayer {
  const { forward, backward } = getActivation(spec.activation);
  return passLayer(spec, inputShape, {
    forward: (ops, _parameters, input) => ({ input, output: forward(ops, input) }),
    backward: (ops, _parameters, { input, output }, delta) => ({
      input: backward(ops, { a: input, y: output }, delta),
    }),
  });
}
