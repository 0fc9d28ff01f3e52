import type { LayerDefinition } from "./definition";
import { kernelFreeLayer } from "./kernel-free-layer";
import { layerOptionNames } from "./option-names";
import { expectNumber } from "./options";
import type { LeakyReLUSpec } from "./specs";

/**
 * A rectifier that leaks: y = x where x > 0, else α·x, with one α for all, which stays as it is.
 *
 * Maas, Hannun & Ng 2013, "Rectifier nonlinearities improve neural network acoustic models", ICML 30.
 *
 * @throws BioflaxError for an alpha that is not a number.
 */
export const leakyReLU: LayerDefinition<LeakyReLUSpec> = {
  name: "leakyReLU",
  hasKernel: false,
  probe: [4],
  anyRank: true,
  examples: [{}, { alpha: 0.1 }],
  optionNames: layerOptionNames.leakyReLU,
  create(spec, inputShape) {
    const { alpha = 0.3 } = spec;
    expectNumber("leakyReLU", "alpha", alpha);
    return kernelFreeLayer(spec, inputShape, {
      forward: (ops, _parameters, input) => ({
        input,
        output: ops.where(ops.greater(input, 0), input, ops.mul(input, alpha)),
      }),
      backward: (ops, _parameters, { input }, delta) => ({
        input: ops.where(ops.greater(input, 0), delta, ops.mul(delta, alpha)),
      }),
    });
  },
};
