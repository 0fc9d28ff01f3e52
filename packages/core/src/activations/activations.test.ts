import { describe, expect, test } from "@jest/globals";
import { activationName, activations, float64Tensor, Random, referenceOps } from "../index";

describe.each([...activations].map((one) => [one.name, one] as const))(
  "%s",
  (_name, activation) => {
    test("its backward pass is the derivative of its forward pass, by central differences", () => {
      const random = new Random(2);
      const a = Float64Array.from({ length: 12 }, () => 2 * random.normal());
      const delta = Float64Array.from({ length: 12 }, () => random.normal());
      const at = (values: Float64Array) => float64Tensor(values, [3, 4]);
      const forward = (values: Float64Array) => activation.forward(referenceOps, at(values)).data;
      const received = activation.backward(
        referenceOps,
        { a: at(a), y: { shape: [3, 4], data: forward(a) } },
        at(delta),
      ).data;
      const h = 1e-5;
      a.forEach((x, i) => {
        const [up, down] = [forward(a.with(i, x + h)), forward(a.with(i, x - h))];
        const expected = delta.reduce(
          (sum, d, j) => sum + (d * ((up[j] as number) - (down[j] as number))) / (2 * h),
          0,
        );
        expect(received[i]).toBeCloseTo(expected, 7);
      });
    });

    test("large inputs of either sign stay finite, forward and backward", () => {
      const a = float64Tensor([-500, 500, 0], [1, 3]);
      const y = activation.forward(referenceOps, a);
      const back = activation.backward(referenceOps, { a, y }, float64Tensor([1, 1, 1], [1, 3]));
      for (const value of [...y.data, ...back.data]) expect(Number.isFinite(value)).toBe(true);
    });
  },
);

test.each([
  ["linear", "identity"],
  ["leaky_relu", "leakyRelu"],
  ["swish", "silu"],
  ["relu", "relu"],
])("%s is %s", (alias, name) => {
  expect(activationName(alias)).toBe(name);
});
