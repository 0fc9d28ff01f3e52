import { getActivation } from "../activations/registry";
import { BioflaxError } from "../errors";
import { showShape } from "../ops/shapes";
import type { Shape } from "../ops/tensor-ops";
import type { DenseSpec, Layer } from "./layer";

/**
 * A dense layer: y = φ(h·W + b).
 *
 * Its backward half, with e = φ′(a) ⊙ δ the error at the pre-activation:
 * ∂L/∂W = hᵀ·e, ∂L/∂b = Σ_batch e, and the error at h is e·Mᵀ, where a rule says what M is.
 *
 * @param spec units, activation and so on.
 * @param inputShape `[in]`; kernel [in, units], bias [units].
 * @throws BioflaxError for units that are not a positive whole number, an input that is not a vector, or an
 *   unknown activation.
 */
export function dense(spec: DenseSpec, inputShape: Shape): Layer {
  const { units, useBias = true } = spec;
  if (!Number.isInteger(units) || units < 1) {
    throw new BioflaxError(
      `dense: expected units to be a positive whole number, received ${units}.`,
    );
  }
  if (inputShape.length !== 1) {
    throw new BioflaxError(
      `dense: expected an input of shape [in], received ${showShape(inputShape)}; flatten it first.`,
    );
  }
  const activation = getActivation(spec.activation ?? "identity");
  return {
    spec,
    inputShape,
    outputShape: [units],
    kernelShape: [inputShape[0] as number, units],
    biasShape: useBias ? [units] : undefined,
    forward(ops, { kernel, bias }, input) {
      const product = ops.matMul(input, kernel);
      const preactivation = bias === undefined ? product : ops.add(product, bias);
      return { input, preactivation, output: activation.forward(ops, preactivation) };
    },
    localError(ops, { preactivation, output }, delta) {
      return activation.backward(ops, { a: preactivation, y: output }, delta);
    },
    gradients(ops, { input }, error) {
      const kernel = ops.matMul(input, error, { transposeA: true });
      return useBias ? { kernel, bias: ops.sum(error, [0]) } : { kernel };
    },
    backproject(ops, transport, error) {
      return ops.matMul(error, transport, { transposeB: true });
    },
  };
}
