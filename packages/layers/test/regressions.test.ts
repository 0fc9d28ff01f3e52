import { beforeAll, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import { denseFA, denseKP, loss, tfOps } from "../src/index";
import "./backends";
import { expectClose, matrix, times } from "./matrices";

beforeAll(() => tf.setBackend("wasm"));

test("wasm packs a right factor once per storage: a tensor and its reshape, which share it, are not mixed up", () => {
  const row = tf.tensor2d([[1, 2, 3]]);
  expect(matrix(tfOps.matMul(tf.tensor2d([[1], [2]]), row))).toEqual([
    [1, 2, 3],
    [2, 4, 6],
  ]);
  expect(matrix(tfOps.matMul(tf.tensor2d([[1, 1, 1]]), tfOps.reshape(row, [3, 1])))).toEqual([[6]]);
});

test("wasm's oneHot writes the bits of integers when asked for floats", () => {
  expect(matrix(tfOps.oneHot(tf.tensor1d([1, 0], "int32"), 2))).toEqual([
    [0, 1],
    [1, 0],
  ]);
});

test("a Kolen-Pollack layer that is used twice: kernel and feedback each sum their own gradients", () => {
  const layer = denseKP({ units: 3, inputShape: [3] });
  const model = tf.sequential({ layers: [layer] });
  const x = tf.randomNormal([4, 3], 0, 1, "float32", 1);
  const twice = () => tf.sum(layer.apply(model.apply(x) as tf.Tensor) as tf.Tensor) as tf.Scalar;
  const { grads } = tf.variableGrads(twice);
  const { kernel, feedback } = layer.variables;
  const [W, B] = [matrix(kernel!.read()), matrix(feedback!.read())];
  const ones = [1, 2, 3, 4].map(() => [1, 1, 1]);
  const transpose = (a: number[][]) => a[0]!.map((_, j) => a.map((row) => row[j]!));
  const upper = times(transpose(times(matrix(x), W)), ones);
  const lower = times(transpose(matrix(x)), times(ones, transpose(B)));
  const expected = upper.map((row, i) => row.map((value, j) => value + lower[i]![j]!));
  expectClose(grads[kernel!.name]!, expected);
  expectClose(grads[feedback!.name]!, expected);
});

test("gradients inside a named scope, where tf.customGrad takes the scope's name for a kernel's", () => {
  const layer = denseFA({ units: 2, inputShape: [3] });
  tf.sequential({ layers: [layer] });
  const target = tf.ones([4, 2]);
  const run = (name: string) =>
    tf.variableGrads(() =>
      tf.tidy(name, () =>
        loss("meanSquaredError")(target, layer.apply(tf.ones([4, 3])) as tf.Tensor),
      ),
    ).grads;
  const [inScope, plain] = [run("Square"), run("anything")];
  for (const [name, gradient] of Object.entries(plain))
    expect(inScope[name]!.dataSync()).toEqual(gradient.dataSync());
});

test("the names of a user's own layers do not shift, because resolving identifiers makes no counted layer", () => {
  const before = tf.layers.dense({ units: 1 }).name;
  denseFA({ units: 1, kernelRegularizer: "l1l2", kernelInitializer: "randomNormal" });
  const number = (name: string) => Number(name.replace("dense_Dense", ""));
  expect(number(tf.layers.dense({ units: 1 }).name)).toBe(number(before) + 1);
});

test("switching backends between two runs of one model", async () => {
  const layer = denseFA({ units: 2, inputShape: [3] });
  const model = tf.sequential({ layers: [layer] });
  const gradient = () => {
    const { grads } = tf.variableGrads(
      () => tf.sum(tf.square(model.apply(tf.ones([4, 3])) as tf.Tensor)) as tf.Scalar,
    );
    return matrix(grads[layer.variables.kernel!.name]!);
  };
  const onWasm = gradient();
  await tf.setBackend("cpu");
  expectClose(gradient(), onWasm);
  await tf.setBackend("wasm");
  expectClose(gradient(), onWasm);
});
