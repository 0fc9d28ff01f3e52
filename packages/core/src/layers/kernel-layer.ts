import type { Activation } from "../activations/activation";
import { getActivation } from "../activations/registry";
import { float64Tensor, referenceOps } from "../ops/reference-ops";
import { sizeOf } from "../ops/shapes";
import type { Shape, TensorOps } from "../ops/tensor-ops";
import { clipped } from "./clipped";
import type { KernelLayer } from "./layer";
import { checkOptions, expectFlag } from "./options";
import type { KernelLayerSpec } from "./specs";

/** A linear map with a kernel, and its two transposes. */
export interface LinearMap {
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  readonly kernelShape: Shape;
  /** How many times the kernel is applied to an example; as many as its output has places when left out. */
  readonly places?: number;
  /** The axis of the kernel that counts its units, by groups; the last when left out. */
  readonly unitsAxis?: number;
  /** In how many groups they are along that axis; 1 when left out. */
  readonly groups?: number;
  /** The shape whose fans say what goes into a unit and comes out of an input; the kernel's own when left out. */
  readonly fans?: Shape;
  /** x, W → x·W. */
  apply<T>(ops: TensorOps<T>, input: T, kernel: T): T;
  /** x, e → xᵀ·e, the gradient of the kernel. */
  kernelGradient<T>(ops: TensorOps<T>, input: T, error: T): T;
  /** M, e → e·Mᵀ, the error at the input. */
  backproject<T>(ops: TensorOps<T>, transport: T, error: T): T;
}

/** φ(0), of one of so many units. */
export function restingValue(activation: Activation, units = 1): number {
  const atRest = float64Tensor(new Float64Array(units), [1, units]);
  return activation.forward(referenceOps, atRest).data[0] as number;
}

/**
 * A layer y = φ(x·W + b) of any linear map.
 *
 * Its backward half, with e = φ′(a) ⊙ δ the error at the pre-activation: ∂L/∂W = xᵀ·e, ∂L/∂b = Σ e over the batch and,
 * for images, the places, and the error at x is e·Mᵀ, where a rule says what M is.
 *
 * @throws BioflaxError for an unknown activation, a `useBias` that is neither true nor false, or an option out of its
 *   range.
 */
export function kernelLayer(spec: KernelLayerSpec, map: LinearMap): KernelLayer {
  const { useBias = true } = spec;
  expectFlag(spec.type, "useBias", useBias);
  checkOptions(spec);
  const activation = getActivation(spec.activation ?? "identity");
  const { inputShape, outputShape, kernelShape } = map;
  const units = outputShape.at(-1) as number;
  const resting = restingValue(activation, units);
  const biasShape = useBias ? [units] : undefined;
  return {
    hasKernel: true,
    spec,
    inputShape,
    outputShape,
    kernelShape,
    biasShape,
    kernelInputShape: inputShape,
    places: map.places ?? sizeOf(outputShape) / units,
    unitsAxis: map.unitsAxis ?? kernelShape.length - 1,
    groups: map.groups ?? 1,
    fans: map.fans ?? kernelShape,
    weights: [
      {
        role: "kernel",
        shape: kernelShape,
        ...(map.fans !== undefined && { fans: map.fans }),
        learns: true,
        decays: true,
        initializer: spec.kernelInitializer ?? "lecunNormal",
      },
      ...(biasShape === undefined
        ? []
        : [
            {
              role: "bias" as const,
              shape: biasShape,
              learns: true,
              decays: false,
              initializer: spec.biasInitializer ?? "zeros",
            },
          ]),
    ],
    forward(ops, { kernel, bias }, input) {
      const product = map.apply(ops, input, kernel);
      const preactivation = bias === undefined ? product : ops.add(product, bias);
      return { input, preactivation, output: activation.forward(ops, preactivation) };
    },
    preActivationGradient(ops, { preactivation, output }, delta) {
      return activation.backward(ops, { a: preactivation, y: output }, delta);
    },
    kernelGradient: map.kernelGradient,
    gradients(ops, { input }, error) {
      const kernel = map.kernelGradient(ops, input, error);
      const axes = ops
        .shape(error)
        .slice(1)
        .map((_, axis) => axis);
      const gradients = useBias ? { kernel, bias: ops.sum(error, axes) } : { kernel };
      return spec.clipNorm === undefined ? gradients : clipped(ops, gradients, spec.clipNorm);
    },
    response(ops, kernel, input) {
      const { output } = this.forward(ops, { kernel }, input);
      return resting === 0 ? output : ops.sub(output, resting);
    },
    backproject: map.backproject,
  };
}
