import { type Pair, type Shape, shapeOps, type Window2d } from "@bioflax/core";
import type { Block } from "./block";
import type { Value } from "./value";

const PRECISION =
  "precision_config = [#stablehlo<precision HIGHEST>, #stablehlo<precision HIGHEST>]";
const GROUPS = "batch_group_count = 1 : i64, feature_group_count = 1 : i64";

/** How a convolution's window goes over the images, a number or pair for each of height and width. */
interface Movement {
  readonly strides?: Pair;
  readonly padding: readonly [Pair, Pair];
  /** How far apart the images' own rows and columns are moved. */
  readonly imageDilations?: Pair;
  readonly dilations?: Pair;
}

const both = (of: (axis: 0 | 1) => number): Pair => [of(0), of(1)];
const bothPairs = (of: (axis: 0 | 1) => Pair): readonly [Pair, Pair] => [of(0), of(1)];

function convolution(
  block: Block,
  [images, kernel]: readonly [Value, Value],
  shape: Shape,
  dimensions: string,
  { strides = [1, 1], padding, imageDilations = [1, 1], dilations = [1, 1] }: Movement,
): Value {
  const window =
    `{stride = [${strides}], pad = [[${padding[0]}], [${padding[1]}]], ` +
    `lhs_dilate = [${imageDilations}], rhs_dilate = [${dilations}]}`;
  const attributes = ` dim_numbers = ${dimensions}, window = ${window} {${GROUPS}, ${PRECISION}}`;
  const names = `(${images.name}, ${kernel.name})`;
  const result = { shape, type: "float32" as const };
  const type = (value: Value) => `tensor<${[...value.shape, "f32"].join("x")}>`;
  return block.operation(
    `stablehlo.convolution${names}${attributes} : (${type(images)}, ${type(kernel)}) -> tensor<${[...shape, "f32"].join("x")}>`,
    [images, kernel],
    result,
  );
}

/** Each window times the kernel. */
export function conv2d(block: Block, x: Value, kernel: Value, window: Window2d): Value {
  const shape = shapeOps.conv2d(x.shape, kernel.shape, window);
  return convolution(block, [x, kernel], shape, "[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]", window);
}

/** How many rows, or columns, places lie apart from first to last, both counted. */
const dilated = (places: number, stride: number) => (places - 1) * stride + 1;

/** The error, its places as far apart as the windows were, under the kernel turned around. */
export function conv2dInputGradient(
  block: Block,
  error: Value,
  kernel: Value,
  input: Shape,
  window: Window2d,
): Value {
  const { size, strides, dilations, padding } = window;
  const shape = shapeOps.conv2dInputGradient(error.shape, kernel.shape, input, window);
  const turned = block.operation(
    `stablehlo.reverse ${kernel.name}, dims = [0, 1] : tensor<${[...kernel.shape, "f32"].join("x")}>`,
    [kernel],
    kernel,
  );
  const reach = (axis: 0 | 1) => (size[axis] - 1) * dilations[axis];
  return convolution(block, [error, turned], shape, "[b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f]", {
    padding: bothPairs((axis) => {
      const before = reach(axis) - padding[axis][0];
      const places = dilated(error.shape[1 + axis] as number, strides[axis]);
      return [before, (input[1 + axis] as number) + reach(axis) - places - before];
    }),
    imageDilations: strides,
    dilations,
  });
}

/**
 * The images under the error as if it were a kernel: channels take the place of examples, examples that of channels.
 */
export function conv2dKernelGradient(
  block: Block,
  x: Value,
  error: Value,
  window: Window2d,
): Value {
  const { size, strides, dilations, padding } = window;
  const shape = shapeOps.conv2dKernelGradient(x.shape, error.shape, window);
  return convolution(block, [x, error], shape, "[f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f]", {
    strides: dilations,
    padding: bothPairs((axis) => {
      const [before] = padding[axis];
      const places = dilated(error.shape[1 + axis] as number, strides[axis]);
      const extent = (size[axis] - 1) * dilations[axis] + places;
      return [before, extent - (x.shape[1 + axis] as number) - before];
    }),
    dilations: both((axis) => strides[axis]),
  });
}
