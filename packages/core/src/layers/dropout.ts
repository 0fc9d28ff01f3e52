import { BioflaxError } from "../errors";
import { showValue } from "../show-value";
import type { LayerDefinition } from "./definition";
import { kernelFreeLayer } from "./kernel-free-layer";
import { layerOptionNames } from "./option-names";
import type { DropoutSpec } from "./specs";

/**
 * Dropout: in training y = x ⊙ m, where an element of the mask m is 0 with probability `rate` and else 1 / (1 − rate);
 * in evaluation y = x.
 *
 * Srivastava, Hinton, Krizhevsky, Sutskever & Salakhutdinov 2014, "Dropout: a simple way to prevent neural networks
 * from overfitting", JMLR 15.
 *
 * @throws BioflaxError for a rate that is not from 0 to below 1.
 */
export const dropout: LayerDefinition<DropoutSpec> = {
  name: "dropout",
  hasKernel: false,
  probe: [4],
  anyRank: true,
  examples: [{ rate: 0.5 }],
  optionNames: layerOptionNames.dropout,
  create(spec, inputShape) {
    const { rate } = spec;
    if (typeof rate !== "number" || !(rate >= 0 && rate < 1))
      throw new BioflaxError(
        `dropout: expected rate to be a number from 0 to below 1, received ${showValue(rate)}.`,
      );
    return kernelFreeLayer(spec, inputShape, {
      noise: [
        {
          shape: inputShape,
          perExample: true,
          draw: (random) => (random.uniform() < rate ? 0 : 1 / (1 - rate)),
        },
      ],
      forward(ops, { noise }, input, training) {
        const mask = noise?.[0];
        return {
          input,
          output: training && mask !== undefined ? ops.mul(input, mask) : input,
        };
      },
      backward: (ops, { noise }, _residuals, delta) => ({
        input: noise?.[0] === undefined ? delta : ops.mul(delta, noise[0]),
      }),
    });
  },
};
