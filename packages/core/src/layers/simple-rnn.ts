import { getActivation } from "../activations/registry";
import type { LayerDefinition } from "./definition";
import { kernelLayer } from "./kernel-layer";
import { layerOptionNames } from "./option-names";
import { expectCount, expectFlag } from "./options";
import { beside, expectSequence, recurrentLayer, stepMap } from "./recurrent-layer";
import type { SimpleRNNSpec } from "./specs";

/**
 * A simple recurrent layer (Elman 1990): h_t = φ([x_t, h_{t−1}]·W + b), from h₀ = 0. With e_t the error at the
 * pre-activation of step t, that at h_{t−1} is e_t·M_hᵀ, of the state's rows of M, and that at x_t is e_t·M_xᵀ, of the
 * input's.
 *
 * @param spec units, activation (tanh when left out), returnSequences and so on.
 * @param inputShape `[steps, in]`; kernel [in + units, units], the input's rows first, bias [units].
 * @throws BioflaxError for units that are not a positive whole number, an input that is no sequence, an unknown
 *   activation, or an option out of its range.
 */
export const simpleRNN: LayerDefinition<SimpleRNNSpec> = {
  name: "simpleRNN",
  hasKernel: true,
  mixesSteps: true,
  activation: "tanh",
  probe: [3, 2],
  examples: [
    { units: 4 },
    { units: 3, returnSequences: true },
    { units: 3, activation: "sigmoid", useBias: false },
  ],
  optionNames: layerOptionNames.simpleRNN,
  create(given, inputShape) {
    const spec = { ...given, activation: given.activation ?? "tanh" };
    const { units, returnSequences = false } = spec;
    expectCount("simpleRNN", "units", units);
    expectFlag("simpleRNN", "returnSequences", returnSequences);
    const [, inputs] = expectSequence("simpleRNN", inputShape);
    const activation = getActivation(spec.activation);
    const dense = kernelLayer(spec, stepMap(inputs, units, units));
    return recurrentLayer({ inputShape, units, returnSequences }, dense, {
      uses: 1,
      forward(ops, parameters, input, state) {
        const rows = beside(ops, input, state, units);
        const { preactivation, output } = dense.forward(ops, parameters, rows);
        return { state: output, uses: [rows], kept: [preactivation] };
      },
      backward(ops, { state: y, kept: [a] }, delta, _state, before) {
        const error = activation.backward(ops, { a: a as typeof y, y }, delta);
        return { errors: [error], state: before?.(error) };
      },
    });
  },
};
