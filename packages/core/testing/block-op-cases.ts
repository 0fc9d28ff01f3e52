import type { Shape } from "@bioflax/core";
import { draw, type OpCase, show } from "./op-case";

const broadcasts: readonly (readonly [from: Shape, to: Shape])[] = [
  [[1], [5]],
  [
    [3, 5],
    [3, 5],
  ],
  [
    [3, 1],
    [3, 4],
  ],
  [
    [1, 1],
    [2, 3],
  ],
  [
    [1, 4, 1],
    [2, 4, 3],
  ],
  [
    [2, 1, 1, 3],
    [2, 4, 5, 3],
  ],
  [
    [1, 1, 1, 1],
    [1, 3, 2, 4],
  ],
];

const paddings: readonly (readonly [Shape, readonly (readonly [number, number])[]])[] = [
  [[3], [[2, 1]]],
  [
    [3, 5],
    [
      [0, 0],
      [1, 2],
    ],
  ],
  [
    [2, 2],
    [
      [0, 0],
      [0, 0],
    ],
  ],
  [
    [2, 3, 4, 2],
    [
      [0, 0],
      [2, 0],
      [1, 3],
      [0, 0],
    ],
  ],
  [
    [1, 1, 1, 3],
    [
      [0, 0],
      [1, 1],
      [0, 1],
      [0, 0],
    ],
  ],
  [
    [2, 3, 2, 3],
    [
      [1, 0],
      [0, 1],
      [0, 2],
      [3, 0],
    ],
  ],
];

const blocks: readonly (readonly [Shape, begin: readonly number[], size: Shape])[] = [
  [[5], [2], [2]],
  [
    [3, 5],
    [0, 0],
    [3, 5],
  ],
  [
    [3, 5],
    [1, 4],
    [2, 1],
  ],
  [
    [2, 5, 4, 3],
    [0, 1, 2, 0],
    [2, 3, 1, 3],
  ],
  [
    [3, 4, 5, 3],
    [1, 0, 0, 2],
    [2, 4, 5, 1],
  ],
  [
    [2, 3, 3, 3],
    [1, 2, 1, 2],
    [1, 1, 1, 1],
  ],
];

/** Repetition, zeros around, and blocks taken out. */
export const blockOpCases: readonly OpCase[] = [
  ...broadcasts.map(
    ([from, to]): OpCase => ({
      name: `broadcastTo ${show(from, to)}`,
      definition: (ops, [x]) => [ops.broadcastTo(x as never, to)],
      inputs: [draw(40, from)],
    }),
  ),
  ...paddings.map(
    ([shape, padding]): OpCase => ({
      name: `pad ${show(shape)} with ${padding.map(([before, after]) => `${before}+${after}`).join(", ")}`,
      definition: (ops, [x]) => [ops.pad(x as never, padding)],
      inputs: [draw(41, shape)],
    }),
  ),
  ...blocks.map(
    ([shape, begin, size]): OpCase => ({
      name: `slice ${show(size)} of ${show(shape)} from ${begin.join(", ")}`,
      definition: (ops, [x]) => [ops.slice(x as never, begin, size)],
      inputs: [draw(42, shape)],
    }),
  ),
  {
    name: "a block with zeros around it is the rest without it",
    definition(ops, [x]) {
      const block = ops.slice(x as never, [1, 0, 1, 0], [1, 3, 2, 2]);
      return [
        ops.sub(
          x as never,
          ops.pad(block, [
            [1, 0],
            [0, 1],
            [1, 2],
            [0, 0],
          ]),
        ),
      ];
    },
    inputs: [draw(43, [2, 4, 5, 2])],
  },
];
