import * as tf from "@tensorflow/tfjs";
import { defineKernel } from "./define-kernel";
import { isInBfloat16, tensorflowLibrary } from "./tensorflow-library";

interface Transposes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/**
 * TensorFlow's operation for a product: its name, and those of its flags.
 *
 * `MatMul` is the faster one of two matrices. But it multiplies in float32 alone, by a function of oneDNN's that knows
 * of no other precision.
 */
const productOperation = () =>
  isInBfloat16()
    ? (["BatchMatMulV2", "adj_x", "adj_y"] as const)
    : (["MatMul", "transpose_a", "transpose_b"] as const);

/**
 * A product of two matrices by TensorFlow's own operations, which take transposes for nothing: inputs `a`, [m, k], and
 * `b`, [k, n].
 */
export const nativeProduct = defineKernel<Transposes>({
  name: "BioflaxNativeProduct",
  inputsToSave: ["a", "b"],
  outputsToSave: [false],
  forward({ a, b }, { transposeA, transposeB }) {
    const library = tensorflowLibrary(tf) as NonNullable<ReturnType<typeof tensorflowLibrary>>;
    const { TF_ATTR_BOOL, TF_ATTR_TYPE, TF_FLOAT } = library.binding;
    const [operation, turnsA, turnsB] = productOperation();
    const attributes = [
      { name: "T", type: TF_ATTR_TYPE, value: TF_FLOAT },
      { name: turnsA, type: TF_ATTR_BOOL, value: transposeA },
      { name: turnsB, type: TF_ATTR_BOOL, value: transposeB },
    ];
    return [library.executeSingleOutput(operation, attributes, [a as tf.Tensor, b as tf.Tensor])];
  },
  backward(delta, saved, { transposeA, transposeB }) {
    const [a, b] = saved as [tf.Tensor, tf.Tensor];
    // Of y = a·b, with a and b as they are multiplied: da = δ·bᵀ and db = aᵀ·δ, and their transposes.
    return {
      a: () =>
        transposeA
          ? tf.matMul(b, delta, transposeB, true)
          : tf.matMul(delta, b, false, !transposeB),
      b: () =>
        transposeB
          ? tf.matMul(delta, a, true, transposeA)
          : tf.matMul(a, delta, !transposeA, false),
    };
  },
});
