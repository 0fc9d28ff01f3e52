import { BioflaxError } from "../errors";
import { showShape } from "../ops/shapes";
import type { LayerDefinition } from "./definition";
import { kernelLayer } from "./kernel-layer";
import { layerOptionNames } from "./option-names";
import { expectCount } from "./options";
import type { DenseSpec } from "./specs";

/**
 * A dense layer: y = φ(h·W + b), and the error at h is e·Mᵀ.
 *
 * @param spec units, activation and so on.
 * @param inputShape `[in]`; kernel [in, units], bias [units].
 * @throws BioflaxError for units that are not a positive whole number, an input that is not a vector, an unknown
 *   activation, or an option out of its range.
 */
export const dense: LayerDefinition<DenseSpec> = {
  name: "dense",
  hasKernel: true,
  probe: [3],
  anyRank: true,
  examples: [{ units: 4 }, { units: 3, activation: "tanh", useBias: false }],
  optionNames: layerOptionNames.dense,
  create(spec, inputShape) {
    const { units } = spec;
    expectCount("dense", "units", units);
    if (inputShape.length !== 1) {
      throw new BioflaxError(
        `dense: expected an input of shape [in], received ${showShape(inputShape)}; flatten it first.`,
      );
    }
    return kernelLayer(spec, {
      inputShape,
      outputShape: [units],
      kernelShape: [inputShape[0] as number, units],
      apply: (ops, input, kernel) => ops.matMul(input, kernel),
      kernelGradient: (ops, input, error) => ops.matMul(input, error, { transposeA: true }),
      backproject: (ops, transport, error) => ops.matMul(error, transport, { transposeB: true }),
    });
  },
};
