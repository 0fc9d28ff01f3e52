import { getActivation } from "../activations/registry";
import { BioflaxError } from "../errors";
import { float64Tensor, referenceOps } from "../ops/reference-ops";
import { showShape } from "../ops/shapes";
import type { Shape } from "../ops/tensor-ops";
import { clipped } from "./clipped";
import type { DenseSpec, Layer } from "./layer";
import { checkOptions } from "./options";

/**
 * A dense layer: y = φ(h·W + b).
 *
 * Its backward half, with e = φ′(a) ⊙ δ the error at the pre-activation:
 * ∂L/∂W = hᵀ·e, ∂L/∂b = Σ_batch e, and the error at h is e·Mᵀ, where a rule says what M is.
 *
 * @param spec units, activation and so on.
 * @param inputShape `[in]`; kernel [in, units], bias [units].
 * @throws BioflaxError for units that are not a positive whole number, an input that is not a vector, an unknown
 *   activation, or an option out of its range.
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
  checkOptions(spec);
  const activation = getActivation(spec.activation ?? "identity");
  const atRest = activation.forward(
    referenceOps,
    float64Tensor(new Float64Array(units), [1, units]),
  );
  const resting = atRest.data[0] as number;
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
    kernelGradient(ops, input, error) {
      return ops.matMul(input, error, { transposeA: true });
    },
    gradients(ops, { input }, error) {
      const kernel = this.kernelGradient(ops, input, error);
      const gradients = useBias ? { kernel, bias: ops.sum(error, [0]) } : { kernel };
      return spec.clipNorm === undefined ? gradients : clipped(ops, gradients, spec.clipNorm);
    },
    response(ops, kernel, input) {
      const { output } = this.forward(ops, { kernel }, input);
      return resting === 0 ? output : ops.sub(output, resting);
    },
    backproject(ops, transport, error) {
      return ops.matMul(error, transport, { transposeB: true });
    },
  };
}
