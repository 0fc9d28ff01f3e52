import type { Activation } from "./activation";

/** y = a */
export const identity: Activation = {
  name: "identity",
  aliases: ["linear"],
  forward: (_ops, a) => a,
  backward: (_ops, _at, delta) => delta,
};

/** y = max(a, 0), with φ′(0) = 0: as y ≥ 0, φ′ is its sign. */
export const relu: Activation = {
  name: "relu",
  forward: (ops, a) => ops.maximum(a, 0),
  backward: (ops, { y }, delta) => ops.mul(delta, ops.sign(y)),
};

/** y = min(max(a, 0), 6), with φ′(0) = φ′(6) = 0. Krizhevsky 2010; MobileNet's. */
export const relu6: Activation = {
  name: "relu6",
  forward: (ops, a) => ops.minimum(ops.maximum(a, 0), 6),
  backward: (ops, { y }, delta) => ops.where(ops.greater(6, y), ops.mul(delta, ops.sign(y)), 0),
};

const LEAK = 0.01;

/** y = a where a > 0, else 0.01·a (flax's slope). */
export const leakyRelu: Activation = {
  name: "leakyRelu",
  aliases: ["leaky_relu", "leakyReLU"],
  forward: (ops, a) => ops.maximum(a, ops.mul(a, LEAK)),
  backward: (ops, { a }, delta) => ops.where(ops.greater(a, 0), delta, ops.mul(delta, LEAK)),
};

/** y = a where a > 0, else eᵃ − 1. Clevert et al. 2016. */
export const elu: Activation = {
  name: "elu",
  forward: (ops, a) => ops.where(ops.greater(a, 0), a, ops.sub(ops.exp(ops.minimum(a, 0)), 1)),
  backward: (ops, { a, y }, delta) =>
    ops.where(ops.greater(a, 0), delta, ops.mul(delta, ops.add(y, 1))),
};

/** y = log(1 + eᵃ), written so that neither exponential overflows. */
export const softplus: Activation = {
  name: "softplus",
  forward: (ops, a) =>
    ops.add(ops.maximum(a, 0), ops.log(ops.add(ops.exp(ops.neg(ops.abs(a))), 1))),
  backward: (ops, { a }, delta) => ops.mul(delta, ops.sigmoid(a)),
};
