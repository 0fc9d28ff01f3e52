import type { TensorOps } from "@bioflax/core";
import { chain, imagesOf, kernelOf, oblong, type Setting, square } from "./image-setting";
import { digit, draw, type OpCase, show } from "./op-case";
import { windowOf } from "./window-op-cases";

/** What networks, normalisations and rules do with images and kernels. */
const chains = (setting: Setting): OpCase[] => {
  const { window, images: shape } = setting;
  const [n, h, w, c] = shape as [number, number, number, number];
  const size = h * w * c;
  return [
    chain(
      "each stage of a small network, as a result",
      setting,
      (ops, y, _x, [bias, matrix]) => {
        const biased = ops.add(y, bias as never);
        const rectified = ops.maximum(biased, 0);
        const pooled = ops.maxPool(rectified, windowOf([2, 2]));
        const flat = ops.reshape(pooled, [n, (h - 1) * (w - 1) * c]);
        return [y, biased, rectified, pooled, flat, ops.matMul(flat, matrix as never)];
      },
      draw(63, [c]),
      draw(64, [(h - 1) * (w - 1) * c, 5]),
    ),
    chain(
      "the end of a small network alone",
      setting,
      (ops, y, _x, [bias, matrix]) => {
        const pooled = ops.averagePool(ops.maximum(ops.add(y, bias as never), 0), windowOf([1, 2]));
        return [ops.matMul(ops.reshape(pooled, [n, h * (w - 1) * c]), matrix as never)];
      },
      draw(63, [c]),
      draw(64, [h * (w - 1) * c, 5]),
    ),
    chain(
      "one convolution after another",
      setting,
      (ops, y, x, [kernel]) => {
        const second = ops.conv2d(ops.tanh(y), kernel as never, window);
        return [second, ops.maximum(ops.add(second, x), 0), ops.conv2d(x, kernel as never, window)];
      },
      draw(65, kernelOf(setting).shape),
    ),
    chain("normalised by channel and by image", setting, (ops, y) => {
      const mean = ops.mul(ops.sum(y, [0, 1, 2]), 1 / (n * h * w));
      const centered = ops.sub(y, mean);
      const variance = ops.mul(ops.sum(ops.mul(centered, centered), [0, 1, 2]), 1 / (n * h * w));
      const imageMean = ops.mul(ops.sum(y, [1, 2], true), 1 / (h * w));
      return [
        mean,
        variance,
        ops.mul(centered, ops.div(1, ops.sqrt(ops.add(variance, 1e-3)))),
        ops.sub(y, imageMean),
      ];
    }),
    chain(
      "one number a channel, everywhere",
      setting,
      (ops, y, x, [channels]) => {
        const everywhere = ops.broadcastTo(ops.reshape(channels as never, [n, 1, 1, c]), shape);
        return [
          everywhere,
          ops.mul(y, everywhere),
          ops.conv2dKernelGradient(x, everywhere, window),
        ];
      },
      draw(66, [n, c]),
    ),
    chain("poolings of a convolution, forward and back", setting, (ops, y, x) => {
      const pool = windowOf([2, 3], {
        strides: [2, 1],
        padding: [
          [0, 1],
          [1, 1],
        ],
      });
      const largest = ops.maxPool(y, pool);
      const mean = ops.averagePool(y, pool);
      return [
        ops.maxPoolGradient(y, largest, ops.mul(mean, 0.5), pool),
        ops.averagePoolGradient(ops.add(largest, 1), shape, pool),
        ops.averagePool(ops.add(x, y), pool),
      ];
    }),
    {
      name: `one kernel through a step of training, ${show(shape)}`,
      definition<T>(ops: TensorOps<T>, [x, k, e]: readonly T[]) {
        const kernel = k as T;
        const y = ops.conv2d(x as T, kernel, window);
        const error = ops.mul(e as T, ops.sign(y));
        const gradient = ops.conv2dKernelGradient(x as T, error, window);
        const signs = ops.mul(ops.sign(kernel), 0.3);
        const after = ops.axpby(0.99, kernel, -0.1, gradient);
        return [
          gradient,
          ops.conv2dInputGradient(error, kernel, shape, window),
          ops.conv2dInputGradient(error, signs, shape, window),
          after,
          ops.conv2d(x as T, after, window),
          ops.sum(ops.mul(gradient, gradient)),
          ops.sum(error, [0, 1, 2]),
        ];
      },
      inputs: [imagesOf(setting), kernelOf(setting), draw(67, shape)],
    },
    {
      name: `a kernel that is computed, and read in other ways too, ${show(shape)}`,
      definition<T>(ops: TensorOps<T>, [x, k, m]: readonly T[]) {
        const [kernel, matrix] = [k as T, m as T];
        const { size: taps } = window;
        const rows = taps[0] * taps[1] * c;
        const product = ops.reshape(ops.matMul(matrix, ops.reshape(kernel, [rows, c])), [
          ...taps,
          c,
          c,
        ]);
        return [
          ops.conv2d(x as T, ops.mul(kernel, ops.abs(product)), window),
          ops.conv2d(x as T, product, window),
          ops.conv2dInputGradient(x as T, ops.add(product, kernel), shape, window),
          ops.sum(kernel, [0, 1, 2]),
          ops.sum(kernel, [2, 3], true),
          ops.max(kernel, 3),
          ops.slice(kernel, [0, 1, 0, 1], [taps[0], 1, c, 2]),
        ];
      },
      inputs: [
        imagesOf(setting),
        kernelOf(setting),
        draw(68, [
          (kernelOf(setting).shape.slice(0, 3) as number[]).reduce((a, b) => a * b),
          (kernelOf(setting).shape.slice(0, 3) as number[]).reduce((a, b) => a * b),
        ]),
      ],
    },
    {
      name: `images from a product, and a product of convolved images, ${show(shape)}`,
      definition<T>(ops: TensorOps<T>, [a, b, k]: readonly T[]) {
        const x = ops.reshape(ops.matMul(a as T, b as T), shape);
        const y = ops.reshape(ops.conv2d(x, k as T, window), [n, size]);
        return [
          x,
          y,
          ops.matMul(y, b as T, { transposeB: true }),
          ops.matMul(y, y, { transposeA: true }),
          ops.matMul(ops.reshape(y, [n * h * w, c]), ops.reshape(y, [n * h * w, c]), {
            transposeA: true,
          }),
        ];
      },
      inputs: [draw(69, [n, 4]), draw(70, [4, size]), kernelOf(setting)],
    },
  ];
};

/** What only tensors with all extents alike can be. */
const ambiguous: readonly OpCase[] = [
  {
    name: "one tensor as images and as kernel",
    definition(ops, [x]) {
      const { window, images } = square;
      const y = ops.conv2d(x as never, x as never, window);
      return [
        y,
        ops.add(y, x as never),
        ops.conv2dInputGradient(y, x as never, images, window),
        ops.conv2dKernelGradient(x as never, y, window),
        ops.conv2d(x as never, y, window),
      ];
    },
    inputs: [draw(71, [3, 3, 3, 3])],
  },
  {
    name: "images that tie, through two poolings",
    definition(ops, [x, e]) {
      const pool = windowOf([2, 2]);
      const once = ops.maxPool(x as never, pool);
      const twice = ops.maxPool(once, pool);
      const back = ops.maxPoolGradient(once, twice, e as never, pool);
      return [twice, back, ops.maxPoolGradient(x as never, once, back, pool)];
    },
    inputs: [draw(72, [3, 3, 3, 3], digit), draw(73, [3, 1, 1, 3])],
  },
];

/** Convolutions and poolings in chains as networks have them. */
export const imageChainCases: readonly OpCase[] = [
  ...[oblong, square].flatMap(chains),
  ...ambiguous,
];
