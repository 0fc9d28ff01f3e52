import { aboveDiagonal, onesLike, type Shape, zerosLike } from "@bioflax/core";
import { tensor } from "./interpreter";
import { asFloat, type Draw, digit, draw, type OpCase, positive, show } from "./op-case";

/** Square and oblong, odd extents, extent 1, scalars. */
const SHAPES: readonly Shape[] = [[], [1], [7], [1, 1], [4, 4], [3, 5], [1, 6], [5, 1]];
const BROADCASTS: readonly (readonly [Shape, Shape])[] = [
  [
    [3, 5],
    [3, 5],
  ],
  [[4, 4], [4]],
  [
    [3, 5],
    [3, 1],
  ],
  [
    [5, 1],
    [1, 4],
  ],
  [[], [2, 3]],
  [[7], []],
];

type Unary = "neg" | "abs" | "sign" | "exp" | "log" | "sqrt" | "tanh" | "sigmoid" | "erf";
type Binary = "add" | "sub" | "mul" | "div" | "maximum" | "minimum";

function unaryCases(op: Unary, from?: Draw): OpCase[] {
  return SHAPES.map((shape) => ({
    name: `${op} ${show(shape)}`,
    definition: (ops, [x]) => [ops[op](x as never)],
    inputs: [draw(1, shape, from)],
  }));
}

function binaryCases(op: Binary): OpCase[] {
  const tensors = BROADCASTS.map(
    ([a, b]): OpCase => ({
      name: `${op} ${show(a, b)}`,
      definition: (ops, [x, y]) => [ops[op](x as never, y as never)],
      inputs: [draw(1, a), draw(2, b, positive)],
    }),
  );
  const scalars: OpCase[] = [
    {
      name: `${op} [3,5] number`,
      definition: (ops, [x]) => [ops[op](x as never, 0.75)],
      inputs: [draw(3, [3, 5])],
    },
    {
      name: `${op} number [3,5]`,
      definition: (ops, [x]) => [ops[op](0.75, x as never)],
      inputs: [draw(3, [3, 5], positive)],
    },
  ];
  return [...tensors, ...scalars];
}

function matMulCases(): OpCase[] {
  const sizes: readonly (readonly [number, number, number])[] = [
    [4, 4, 4],
    [3, 5, 7],
    [1, 6, 1],
    [1, 1, 1],
    [6, 1, 3],
    [2, 33, 65],
  ];
  return sizes.flatMap(([m, k, n]) =>
    [false, true].flatMap((transposeA) =>
      [false, true].map((transposeB): OpCase => {
        const a = transposeA ? [k, m] : [m, k];
        const b = transposeB ? [n, k] : [k, n];
        return {
          name: `matMul ${show(a)}${transposeA ? "ᵀ" : ""} ${show(b)}${transposeB ? "ᵀ" : ""}`,
          definition: (ops, [x, y]) => [
            ops.matMul(x as never, y as never, { transposeA, transposeB }),
          ],
          inputs: [draw(4, a), draw(5, b)],
        };
      }),
    ),
  );
}

/** Stacks of matrices, and a single one beside a stack, in all four transpositions. */
function batchMatMulCases(): OpCase[] {
  const sizes: readonly (readonly [Shape, Shape, Shape])[] = [
    [[3], [4, 4, 4], [3]],
    [[2], [3, 5, 7], [2]],
    [[2], [2, 33, 65], []],
    [[], [5, 3, 2], [4]],
    [[1], [1, 6, 1], [1]],
  ];
  return sizes.flatMap(([before, [m, k, n], behind]) =>
    [false, true].flatMap((transposeA) =>
      [false, true].map((transposeB): OpCase => {
        const a = [...before, ...(transposeA ? [k, m] : [m, k])] as number[];
        const b = [...behind, ...(transposeB ? [n, k] : [k, n])] as number[];
        return {
          name: `batchMatMul ${show(a)}${transposeA ? "ᵀ" : ""} ${show(b)}${transposeB ? "ᵀ" : ""}`,
          definition: (ops, [x, y]) => [
            ops.batchMatMul(x as never, y as never, { transposeA, transposeB }),
          ],
          inputs: [draw(35, a), draw(36, b)],
        };
      }),
    ),
  );
}

const stacks: OpCase[] = [
  ...(
    [
      { shape: [3], axis: 0 },
      { shape: [2, 3], axis: 0 },
      { shape: [2, 3], axis: 1 },
      { shape: [2, 4, 3], axis: 1 },
      { shape: [2, 4, 3], axis: 2 },
      { shape: [2, 4, 3, 2], axis: 3 },
    ] as readonly { readonly shape: Shape; readonly axis: number }[]
  ).map(
    ({ shape, axis }): OpCase => ({
      name: `concat of ${show(shape)} and a wider one along axis ${axis}`,
      definition: (ops, [x, y]) => [
        ops.concat([x as never, y as never], axis),
        ops.concat([ops.tanh(x as never)], axis),
      ],
      inputs: [draw(37, shape), draw(38, shape.with(axis, 5))],
    }),
  ),
  {
    name: "concat of products along their rows, and what is sliced from it, as steps in time are",
    definition(ops, [x, w]) {
      const product = ops.matMul(x as never, w as never);
      const rows = ops.concat([product, x as never], 1);
      const again = ops.matMul(rows, ops.concat([w as never, w as never], 0));
      return [again, ops.slice(again, [0, 1], [2, 2])];
    },
    inputs: [draw(42, [2, 3]), draw(43, [3, 3])],
  },
  ...[[], [3], [2, 3], [2, 4, 3, 2]].map(
    (shape): OpCase => ({
      name: `stack of two ${show(shape)}`,
      definition: (ops, [x, y]) => [ops.stack([x as never, y as never])],
      inputs: [draw(37, shape), draw(38, shape)],
    }),
  ),
  {
    name: "stack of one, and of a tensor twice",
    definition: (ops, [x]) => [ops.stack([x as never]), ops.stack([x as never, x as never])],
    inputs: [draw(37, [2, 3])],
  },
  {
    name: "batchMatMul with signs of stacks, weighted and summed, as replicas do",
    definition(ops, [x, w, b]) {
      const product = ops.batchMatMul(x as never, ops.sign(w as never), { transposeB: true });
      const moved = ops.axpby(0.9, b as never, -0.1, product);
      return [moved, ops.sum(ops.mul(moved, ops.tanh(product)), [1]), ops.max(moved, 2, true)];
    },
    inputs: [draw(39, [2, 3, 5]), draw(40, [2, 4, 5]), draw(41, [2, 3, 4])],
  },
];

const fusions: OpCase[] = [
  {
    name: "matMul then add a row, as a layer does",
    definition: (ops, [x, w, b]) => [ops.add(ops.matMul(x as never, w as never), b as never)],
    inputs: [draw(6, [3, 5]), draw(7, [5, 4]), draw(8, [4])],
  },
  {
    name: "matMul then add a column",
    definition: (ops, [x, w, b]) => [ops.add(ops.matMul(x as never, w as never), b as never)],
    inputs: [draw(6, [3, 5]), draw(7, [5, 4]), draw(8, [3, 1])],
  },
  {
    name: "matMul of one row then add a matrix, which broadcasts the product",
    definition: (ops, [x, w, b]) => [ops.add(ops.matMul(x as never, w as never), b as never)],
    inputs: [draw(6, [1, 5]), draw(7, [5, 4]), draw(8, [3, 4])],
  },
  {
    name: "axpby with a product, as an optimizer's update",
    definition: (ops, [w, x, e]) => [
      ops.axpby(0.99, w as never, -0.1, ops.matMul(x as never, e as never, { transposeA: true })),
    ],
    inputs: [draw(9, [5, 4]), draw(10, [3, 5]), draw(11, [3, 4])],
  },
  {
    name: "axpby with a product on the left that is used again",
    definition(ops, [w, x, e]) {
      const gradient = ops.matMul(x as never, e as never, { transposeA: true });
      return [ops.axpby(-0.1, gradient, 0.99, w as never), ops.mul(gradient, gradient)];
    },
    inputs: [draw(9, [4, 4]), draw(10, [3, 4]), draw(11, [3, 4])],
  },
  ...[
    [5, 4],
    [4, 5],
  ].map(
    ([m, n]): OpCase => ({
      name: `axpby with a product [${m},${n}] times a scalar, as an update at a scheduled rate, and the product itself`,
      definition(ops, [w, x, e, rate]) {
        const gradient = ops.matMul(x as never, e as never, { transposeA: true });
        const step = ops.mul(gradient, ops.neg(rate as never));
        return [
          ops.axpby(0.99, w as never, 1, step),
          ops.mul(rate as never, step),
          step,
          ops.add(step, gradient),
        ];
      },
      inputs: [
        draw(9, [m, n] as Shape),
        draw(10, [3, m] as Shape),
        draw(11, [3, n] as Shape),
        draw(34, []),
      ],
    }),
  ),
  {
    name: "a product times a scalar that comes of it, as a clipped gradient",
    definition(ops, [w, x, e]) {
      const gradient = ops.matMul(x as never, e as never, { transposeA: true });
      const clipped = ops.mul(gradient, ops.div(1, ops.sum(ops.mul(gradient, gradient))));
      return [ops.axpby(0.99, w as never, -0.1, clipped), clipped];
    },
    inputs: [draw(9, [5, 4]), draw(10, [3, 5]), draw(11, [3, 4])],
  },
];

/** What graphs are rewritten by: common computations shared, matrices laid out transposed. */
const rewritings: OpCase[] = [
  {
    name: "the same factors multiplied in three ways",
    definition: (ops, [a, b]) => [
      ops.matMul(a as never, b as never),
      ops.matMul(a as never, b as never, { transposeA: true }),
      ops.matMul(a as never, b as never, { transposeB: true }),
    ],
    inputs: [draw(24, [3, 3]), draw(25, [3, 3])],
  },
  {
    name: "one product added to one matrix with three pairs of factors",
    definition(ops, [a, b, c]) {
      const product = ops.matMul(a as never, b as never);
      return [
        ops.axpby(2, product, 3, c as never),
        ops.axpby(5, product, 3, c as never),
        ops.axpby(2, product, 7, c as never),
      ];
    },
    inputs: [draw(26, [3, 4]), draw(27, [4, 5]), draw(28, [3, 5])],
  },
  {
    name: "constants of equal values and different shapes",
    definition: (ops, [a]) => [
      ops.oneHot(ops.argMax(a as never), 1),
      ops.sum(a as never, [1]),
      ops.reshape(ops.sum(a as never, [1], true), [3]),
    ],
    inputs: [tensor([3, 2, 1, 5, 4, 0, 9, 8, 7, 6, 5, 1], [3, 4])],
  },
  {
    name: "reshape of a product",
    definition: (ops, [a, b]) => [ops.reshape(ops.matMul(a as never, b as never), [27])],
    inputs: [draw(29, [3, 4]), draw(30, [4, 9])],
  },
  {
    name: "a product beside a tensor of higher rank",
    definition: (ops, [x, a, b]) => [ops.add(x as never, ops.matMul(a as never, b as never))],
    inputs: [draw(31, [2, 3, 9]), draw(32, [3, 4]), draw(33, [4, 9])],
  },
];

/** Every operation but those on images, on vectors and matrices. */
export const vectorOpCases: readonly OpCase[] = [
  ...(["neg", "abs", "sign", "tanh", "sigmoid", "erf"] as const).flatMap((op) => unaryCases(op)),
  ...unaryCases("exp", (random) => random.normal()),
  ...unaryCases("log", positive),
  ...unaryCases("sqrt", positive),
  ...(["add", "sub", "mul", "div", "maximum", "minimum"] as const).flatMap(binaryCases),
  ...SHAPES.map(
    (shape): OpCase => ({
      name: `axpby ${show(shape)}`,
      definition: (ops, [x, y]) => [ops.axpby(0.9, x as never, -2, y as never)],
      inputs: [draw(12, shape), draw(13, shape)],
    }),
  ),
  ...BROADCASTS.map(
    ([a, b]): OpCase => ({
      name: `greater, where ${show(a, b)}`,
      definition: (ops, [x, y]) => [
        asFloat(ops, ops.greater(x as never, y as never)),
        ops.where(ops.greater(x as never, y as never), x as never, y as never),
        ops.where(ops.greater(x as never, 0.5), 2, y as never),
      ],
      inputs: [draw(14, a), draw(15, b)],
    }),
  ),
  {
    name: "equal on labels",
    definition: (ops, [x, y]) => [asFloat(ops, ops.equal(x as never, y as never))],
    inputs: [draw(16, [20], digit, "int32"), draw(17, [20], digit, "int32")],
  },
  {
    name: "equal on floats",
    definition: (ops, [x, y]) => [asFloat(ops, ops.equal(x as never, y as never))],
    inputs: [draw(18, [4, 4], digit), draw(19, [4], digit)],
  },
  ...[undefined, [0], [1], [0, 1]].flatMap((axes) =>
    [false, true].map(
      (keepDims): OpCase => ({
        name: `sum [3,5] over ${axes ?? "all"}${keepDims ? ", kept" : ""}`,
        definition: (ops, [x]) => [ops.sum(x as never, axes, keepDims)],
        inputs: [draw(20, [3, 5])],
      }),
    ),
  ),
  {
    name: "sum of a scalar",
    definition: (ops, [x]) => [ops.sum(x as never)],
    inputs: [draw(20, [])],
  },
  ...[0, 1].flatMap((axis) =>
    [false, true].map(
      (keepDims): OpCase => ({
        name: `max [3,5] along ${axis}${keepDims ? ", kept" : ""}`,
        definition: (ops, [x]) => [ops.max(x as never, axis, keepDims)],
        inputs: [draw(21, [3, 5])],
      }),
    ),
  ),
  {
    name: "argMax, the first of equals",
    definition: (ops, [x, expected]) => [
      asFloat(ops, ops.equal(ops.argMax(x as never), expected as never)),
    ],
    inputs: [tensor([1, 3, 3, 2, 2, 2, 0, -1, -1], [3, 3]), tensor([1, 0, 0], [3], "int32")],
  },
  {
    name: "reshape",
    definition: (ops, [x]) => [ops.reshape(x as never, [5, 3])],
    inputs: [draw(22, [3, 5])],
  },
  {
    name: "oneHot",
    definition: (ops, [x]) => [ops.oneHot(x as never, 4)],
    inputs: [draw(23, [6], digit, "int32")],
  },
  {
    name: "oneHot of whole numbers that are floats, and rows of a matrix by them, as an embedding takes",
    definition(ops, [x, w]) {
      const rows = ops.oneHot(ops.reshape(x as never, [6]), 4);
      return [rows, ops.reshape(ops.matMul(rows, w as never), [2, 3, 5])];
    },
    inputs: [draw(23, [2, 3], digit), draw(44, [4, 5])],
  },
  {
    name: "zeros and ones of a tensor's shape, NaN and infinity in it or not, and ones above a diagonal",
    definition(ops, [x]) {
      const y = x as never;
      const odd = ops.div(y, 0);
      const one = ops.slice(odd, [0, 0], [1, 1]);
      return [ops.sub(odd, odd), odd].flatMap((z) => [
        zerosLike(ops, z),
        onesLike(ops, z),
        ...[2, 3, 8].map((n) => aboveDiagonal(ops, one, n)),
      ]);
    },
    inputs: [tensor([0, 1, -1, 0, 2, -3], [2, 3])],
  },
  {
    name: "errors near 10⁻⁹ behind two signs, which are not lost below what a float32 can hold",
    definition: (ops, [error, kernel, x]) => {
      const sent = ops.mul(error as never, ops.sign(x as never));
      const product = ops.matMul(sent, ops.sign(kernel as never), { transposeB: true });
      return [ops.mul(ops.mul(sent, ops.sign(x as never)), 1e9), ops.mul(product, 1e9)];
    },
    inputs: [
      draw(24, [3, 6], (random) => random.normal() * 1e-9),
      draw(25, [7, 6]),
      draw(26, [3, 6]),
    ],
  },
  ...matMulCases(),
  ...batchMatMulCases(),
  ...stacks,
  ...fusions,
  ...rewritings,
];
