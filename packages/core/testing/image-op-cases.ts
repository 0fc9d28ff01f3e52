import type { Shape } from "@bioflax/core";
import { chain, oblong, type Setting, square } from "./image-setting";
import { asFloat, draw, type OpCase, positive, show } from "./op-case";

/** Shapes that broadcast with images. */
const partnersOf = ([n, h, w, c]: Shape): Shape[] =>
  [
    [],
    [c],
    [1, 1, 1, c],
    [n, 1, 1, c],
    [n, 1, 1, 1],
    [1, h, 1, 1],
    [h, w, c],
    [w, 1],
    [1],
    [n, h, w, 1],
    [n, h, w, c],
  ] as Shape[];

const elementwise = (setting: Setting): OpCase[] =>
  partnersOf(setting.images).map((shape) =>
    chain(
      `elementwise with ${show(shape)}`,
      setting,
      (ops, convolved, images, [other]) => [
        ops.add(convolved, other as never),
        ops.sub(other as never, convolved),
        ops.mul(convolved, other as never),
        ops.div(convolved, other as never),
        ops.maximum(other as never, convolved),
        ops.where(ops.greater(convolved, other as never), other as never, convolved),
        ops.mul(images, other as never),
      ],
      draw(62, shape, positive),
    ),
  );

const reductions = (setting: Setting): OpCase[] =>
  [undefined, [0], [1], [3], [1, 2], [0, 1, 2], [0, 1, 2, 3], [2, 3]].flatMap((axes) =>
    [false, true].map((keepDims) =>
      chain(
        `sums over ${axes ?? "all"}${keepDims ? ", kept" : ""}`,
        setting,
        (ops, convolved, images) => [
          ops.sum(convolved, axes, keepDims),
          ops.sum(images, axes, keepDims),
        ],
      ),
    ),
  );

const axes = [0, 1, 2, 3] as const;

/** What a convolution puts out, under every kind of operation. */
const others = (setting: Setting): OpCase[] => {
  const { images: shape } = setting;
  const [n, h, w, c] = shape as [number, number, number, number];
  const size = h * w * c;
  return [
    chain("elementwise of one", setting, (ops, y) => [
      ops.neg(y),
      ops.abs(y),
      ops.sign(y),
      ops.tanh(ops.mul(y, 0.1)),
      ops.sigmoid(ops.mul(y, 0.1)),
      ops.mul(ops.sub(1, y), 0.5),
      ops.axpby(0.9, y, -2, ops.mul(y, y)),
    ]),
    chain("images beside what is made of them", setting, (ops, y, x) => [
      ops.add(x, y),
      ops.sub(x, y),
      ops.axpby(2, x, 3, y),
      ops.axpby(2, y, 3, x),
      ops.mul(x, x),
      asFloat(ops, ops.greater(y, x)),
    ]),
    chain("largest along each axis, and where it is", setting, (ops, y, x) => [
      ...axes.flatMap((axis) => [ops.max(y, axis), ops.max(x, axis, true)]),
      ops.sum(ops.oneHot(ops.reshape(ops.argMax(y), [n * h * w]), c), [0]),
    ]),
    chain("under other shapes", setting, (ops, y, x) => [
      ops.reshape(y, [n, size]),
      ops.reshape(y, [n * h * w, c]),
      ops.reshape(y, [n, w, h, c]),
      ops.reshape(y, [c, h, n, w]),
      ops.reshape(ops.reshape(x, [n, size]), [c, n, w, h]),
    ]),
    chain("blocks, and zeros around", setting, (ops, y, x) => {
      const block = ops.slice(y, [1, 0, 1, 1], [n - 1, h, w - 1, c - 2]);
      const padded = ops.pad(y, [
        [0, 0],
        [1, 0],
        [0, 2],
        [0, 0],
      ]);
      return [
        block,
        padded,
        ops.add(ops.slice(padded, [0, 1, 0, 0], shape), x),
        ops.pad(block, [
          [0, 1],
          [0, 0],
          [2, 0],
          [1, 0],
        ]),
      ];
    }),
  ];
};

/** Convolutions' results, and images beside them, under every operation that is not on windows. */
export const imageOpCases: readonly OpCase[] = [oblong, square].flatMap((setting) => [
  ...elementwise(setting),
  ...reductions(setting),
  ...others(setting),
]);
