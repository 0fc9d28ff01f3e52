import type { Activation } from "./activation";

/** y = 1 / (1 + e⁻ᵃ) */
export const sigmoid: Activation = {
  name: "sigmoid",
  forward: (ops, a) => ops.sigmoid(a),
  backward: (ops, { y }, delta) => ops.mul(delta, ops.mul(y, ops.sub(1, y))),
};

/** y = tanh a */
export const tanh: Activation = {
  name: "tanh",
  forward: (ops, a) => ops.tanh(a),
  backward: (ops, { y }, delta) => ops.mul(delta, ops.sub(1, ops.mul(y, y))),
};

const ERF_SLOPE = 2 / Math.sqrt(Math.PI);

/**
 * y = erf a, for which the averages of two-layer networks over Gaussian inputs are known in closed form. Saad & Solla
 * 1995, who have erf(a/√2).
 */
export const erf: Activation = {
  name: "erf",
  forward: (ops, a) => ops.erf(a),
  backward: (ops, { a }, delta) =>
    ops.mul(delta, ops.mul(ops.exp(ops.neg(ops.mul(a, a))), ERF_SLOPE)),
};

/** y = a·σ(a), also called swish. Elfwing et al. 2018. */
export const silu: Activation = {
  name: "silu",
  aliases: ["swish"],
  forward: (ops, a) => ops.mul(a, ops.sigmoid(a)),
  backward(ops, { a, y }, delta) {
    const s = ops.sigmoid(a);
    return ops.mul(delta, ops.add(s, ops.mul(y, ops.sub(1, s))));
  },
};

const GELU_SCALE = Math.sqrt(2 / Math.PI);
const GELU_CUBIC = 0.044715;

/** y = ½a(1 + tanh(√(2/π)(a + 0.044715a³))): the tanh form, flax's default. Hendrycks & Gimpel 2016. */
export const gelu: Activation = {
  name: "gelu",
  aliases: ["gelu_new"],
  forward(ops, a) {
    const inner = ops.mul(a, ops.add(ops.mul(ops.mul(a, a), GELU_SCALE * GELU_CUBIC), GELU_SCALE));
    return ops.mul(ops.mul(a, 0.5), ops.add(ops.tanh(inner), 1));
  },
  backward(ops, { a }, delta) {
    const square = ops.mul(a, a);
    const t = ops.tanh(ops.mul(a, ops.add(ops.mul(square, GELU_SCALE * GELU_CUBIC), GELU_SCALE)));
    // φ′ = ½(1 + t) + ½a(1 − t²)·d/da of the inner polynomial.
    const slope = ops.add(ops.mul(square, 3 * GELU_SCALE * GELU_CUBIC), GELU_SCALE);
    const bend = ops.mul(ops.mul(ops.mul(a, 0.5), ops.sub(1, ops.mul(t, t))), slope);
    return ops.mul(delta, ops.add(ops.mul(ops.add(t, 1), 0.5), bend));
  },
};
