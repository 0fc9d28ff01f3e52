import * as tf from "@tensorflow/tfjs";
import { defineKernel } from "./define-kernel";
import { tensorflowLibrary } from "./tensorflow-library";

interface Transposes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/**
 * A product of two matrices by TensorFlow's own `MatMul`, which takes transposes for nothing: inputs `a`, [m, k], and `b`, [k, n].
 *
 * TensorFlow.js's `matMul` calls `BatchMatMulV2` there, which is slower for two matrices.
 */
export const nativeProduct = defineKernel<Transposes>({
  name: "BioflaxNativeProduct",
  inputsToSave: ["a", "b"],
  outputsToSave: [false],
  forward({ a, b }, { transposeA, transposeB }) {
    const library = tensorflowLibrary(tf) as NonNullable<ReturnType<typeof tensorflowLibrary>>;
    const { TF_ATTR_BOOL, TF_ATTR_TYPE, TF_FLOAT } = library.binding;
    const attributes = [
      { name: "T", type: TF_ATTR_TYPE, value: TF_FLOAT },
      { name: "transpose_a", type: TF_ATTR_BOOL, value: transposeA },
      { name: "transpose_b", type: TF_ATTR_BOOL, value: transposeB },
    ];
    return [library.executeSingleOutput("MatMul", attributes, [a as tf.Tensor, b as tf.Tensor])];
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
