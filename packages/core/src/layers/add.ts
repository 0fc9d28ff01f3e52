import type { LayerDefinition } from "./definition";
import { kernelFreeLayer } from "./kernel-free-layer";
import { layerOptionNames } from "./option-names";
import type { AddSpec } from "./specs";

/** Where branches meet: the network hands it the sum of its inputs, and each of them gets the error at the sum. */
export const add: LayerDefinition<AddSpec> = {
  name: "add",
  hasKernel: false,
  joins: true,
  probe: [3],
  anyRank: true,
  examples: [{}],
  optionNames: layerOptionNames.add,
  create(spec, inputShape) {
    return kernelFreeLayer(spec, inputShape, {
      forward: (_ops, _parameters, input) => ({ input, output: input }),
      backward: (_ops, _parameters, _residuals, delta) => ({ input: delta }),
    });
  },
};
