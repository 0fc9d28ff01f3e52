import { getActivation } from "../activations/registry";
import type { LayerDefinition } from "./definition";
import { kernelFreeLayer } from "./kernel-free-layer";
import { layerOptionNames } from "./option-names";
import type { ActivationSpec } from "./specs";

/**
 * An activation as a layer of its own: y = φ(x), and the error at x is φ′(x) ⊙ δ.
 *
 * @throws BioflaxError for an unknown activation.
 */
export const activation: LayerDefinition<ActivationSpec> = {
  name: "activation",
  hasKernel: false,
  probe: [4],
  anyRank: true,
  examples: [{ activation: "tanh" }, { activation: "softmax" }],
  optionNames: layerOptionNames.activation,
  create(spec, inputShape) {
    const { forward, backward } = getActivation(spec.activation);
    return kernelFreeLayer(spec, inputShape, {
      forward: (ops, _parameters, input) => ({ input, output: forward(ops, input) }),
      backward: (ops, _parameters, { input, output }, delta) => ({
        input: backward(ops, { a: input, y: output }, delta),
      }),
    });
  },
};
