import { type Pair, type Shape, type Window2d, windowShape } from "@bioflax/core";
import { type Draw, draw, type OpCase, show } from "./op-case";

/** A window over images of a shape. */
interface WindowCase {
  readonly images: Shape;
  readonly window: Window2d;
}

/** A window of a size, moved by 1 over the image itself unless told otherwise. */
export const windowOf = (size: Pair, options: Partial<Window2d> = {}): Window2d => ({
  size,
  strides: [1, 1],
  dilations: [1, 1],
  padding: [
    [0, 0],
    [0, 0],
  ],
  ...options,
});

/** Every window that a pooling may have: no image and no stride square, padding on either side, unlike and alike. */
const windows: readonly WindowCase[] = [
  { images: [1, 5, 4, 1], window: windowOf([1, 1]) },
  { images: [2, 5, 7, 3], window: windowOf([3, 2]) },
  {
    images: [1, 7, 6, 2],
    window: windowOf([3, 3], {
      strides: [2, 2],
      padding: [
        [1, 1],
        [0, 1],
      ],
    }),
  },
  {
    images: [3, 8, 5, 1],
    window: windowOf([2, 4], {
      strides: [3, 2],
      padding: [
        [0, 0],
        [1, 2],
      ],
    }),
  },
  {
    images: [2, 4, 5, 2],
    window: windowOf([3, 2], {
      strides: [2, 1],
      padding: [
        [2, 0],
        [1, 0],
      ],
    }),
  },
  // The kernel is the whole image,
  { images: [2, 6, 5, 3], window: windowOf([6, 5]) },
  // larger than it,
  {
    images: [1, 3, 4, 2],
    window: windowOf([5, 3], {
      padding: [
        [2, 2],
        [1, 1],
      ],
    }),
  },
  // or smaller than its stride.
  { images: [1, 9, 8, 2], window: windowOf([2, 1], { strides: [3, 3] }) },
  // Smaller than its stride along one axis, and padded along the other.
  {
    images: [2, 8, 10, 2],
    window: windowOf([3, 1], {
      strides: [3, 2],
      padding: [
        [0, 1],
        [0, 0],
      ],
    }),
  },
  {
    images: [1, 5, 7, 3],
    window: windowOf([1, 4], {
      strides: [3, 1],
      padding: [
        [0, 0],
        [1, 2],
      ],
    }),
  },
  // Rows and columns at the end that no window reaches.
  { images: [2, 6, 7, 1], window: windowOf([2, 3], { strides: [3, 2] }) },
  { images: [2, 1, 1, 4], window: windowOf([1, 1]) },
  { images: [4, 1, 7, 2], window: windowOf([1, 3], { strides: [1, 2] }) },
  {
    images: [1, 6, 1, 3],
    window: windowOf([3, 1], {
      strides: [2, 1],
      padding: [
        [0, 1],
        [0, 0],
      ],
    }),
  },
  // Square in everything, so that no shape tells one axis from another.
  { images: [3, 3, 3, 3], window: windowOf([3, 3]) },
  {
    images: [2, 4, 4, 2],
    window: windowOf([2, 2], {
      padding: [
        [0, 1],
        [0, 1],
      ],
    }),
  },
];

/** Windows that only kernels have. */
const dilated: readonly WindowCase[] = [
  { images: [2, 7, 9, 1], window: windowOf([3, 2], { dilations: [2, 2] }) },
  {
    images: [1, 6, 8, 3],
    window: windowOf([2, 3], {
      dilations: [2, 1],
      padding: [
        [1, 1],
        [1, 1],
      ],
    }),
  },
  {
    images: [3, 5, 4, 2],
    window: windowOf([2, 2], {
      dilations: [1, 3],
      padding: [
        [0, 1],
        [1, 2],
      ],
    }),
  },
  // Places that see nothing but zeros.
  {
    images: [2, 3, 4, 2],
    window: windowOf([2, 2], {
      strides: [1, 3],
      padding: [
        [2, 0],
        [0, 3],
      ],
    }),
  },
];

const nameOf = ({ images, window: { size, strides, dilations, padding } }: WindowCase) =>
  [
    show(images, size),
    `by ${strides.join("×")}`,
    ...(Math.max(...dilations) > 1 ? [`dilated ${dilations.join("×")}`] : []),
    ...(padding.flat().some((count) => count > 0) ? [`padded ${padding.flat().join(" ")}`] : []),
  ].join(" ");

const outputOf = ({ images, window }: WindowCase, channels: number): Shape => [
  ...windowShape("window", images, window).slice(0, 3),
  channels,
];

function convolutions(given: WindowCase, filters: number, groups = 1): OpCase[] {
  const { images } = given;
  const window = { ...given.window, ...(groups > 1 && { groups }) };
  const [x, kernel, error] = [
    draw(50, images),
    draw(51, [...window.size, (images[3] as number) / groups, filters]),
    draw(52, outputOf(given, filters)),
  ];
  const name = `${nameOf(given)}, ${filters} filters${groups > 1 ? ` in ${groups} groups` : ""}`;
  const kind = groups === 1 ? "" : groups === images[3] ? "depthwise-" : "grouped-";
  return [
    {
      name: `${kind}conv2d ${name}`,
      definition: (ops, [a, b]) => [ops.conv2d(a as never, b as never, window)],
      inputs: [x, kernel],
    },
    {
      name: `${kind}conv2dInputGradient ${name}`,
      definition: (ops, [a, b]) => [
        ops.conv2dInputGradient(a as never, b as never, images, window),
      ],
      inputs: [error, kernel],
    },
    {
      name: `${kind}conv2dKernelGradient ${name}`,
      definition: (ops, [a, b]) => [ops.conv2dKernelGradient(a as never, b as never, window)],
      inputs: [x, error],
    },
  ];
}

/**
 * What is pooled: anything; below 0 throughout, where padding must not win; and few different numbers, where many tie.
 */
const values: readonly (readonly [string, Draw])[] = [
  ["", (random) => 3 * random.normal()],
  ["below 0, ", (random) => -0.1 - random.uniform()],
  ["ties, ", (random) => random.below(3) - 2],
];

function poolings(given: WindowCase): OpCase[] {
  const { images, window } = given;
  const error = draw(53, outputOf(given, images[3] as number));
  const maxima = values.flatMap(([kind, from], i): OpCase[] => {
    const x = draw(54 + i, images, from);
    return [
      {
        name: `maxPool ${kind}${nameOf(given)}`,
        definition: (ops, [a]) => [ops.maxPool(a as never, window)],
        inputs: [x],
      },
      {
        name: `maxPoolGradient ${kind}${nameOf(given)}`,
        definition: (ops, [a, e]) => [
          ops.maxPoolGradient(a as never, ops.maxPool(a as never, window), e as never, window),
        ],
        inputs: [x, error],
      },
    ];
  });
  return [
    ...maxima,
    {
      name: `averagePool ${nameOf(given)}`,
      definition: (ops, [a]) => [ops.averagePool(a as never, window)],
      inputs: [draw(57, images)],
    },
    {
      name: `averagePoolGradient ${nameOf(given)}`,
      definition: (ops, [e]) => [ops.averagePoolGradient(e as never, images, window)],
      inputs: [error],
    },
  ];
}

/** Convolutions and poolings, each operation by itself. */
export const windowOpCases: readonly OpCase[] = [
  ...[...windows, ...dilated].flatMap((given, i) => convolutions(given, 1 + (i % 4))),
  // As many filters as rows, columns, channels and images.
  ...convolutions({ images: [3, 3, 3, 3], window: windowOf([3, 3]) }, 3),
  // Depthwise, with one filter a channel, two or three,
  ...[...windows, ...dilated].flatMap((given, i) => {
    const channels = given.images[3] as number;
    return channels === 1 ? [] : convolutions(given, channels * (1 + (i % 3)), channels);
  }),
  // and several channels a group.
  ...[...windows, ...dilated].flatMap((given, i) =>
    convolutions(
      { ...given, images: [...given.images.slice(0, 3), 6] },
      6 * (1 + (i % 2)),
      2 + (i % 2),
    ),
  ),
  ...windows.flatMap(poolings),
];
