import { type Convolution2d, type Pair, type Shape, shapeOps } from "@bioflax/core";
import type { Block } from "./block";
import { reshaped } from "./shaping";
import type { Value } from "./value";

const PRECISION =
  "precision_config = [#stablehlo<precision HIGHEST>, #stablehlo<precision HIGHEST>]";

/** How a convolution's window goes over the images, a number or pair for each of height and width. */
interface Movement {
  readonly strides?: Pair;
  readonly padding: readonly [Pair, Pair];
  /** How far apart the images' own rows and columns are moved. */
  readonly imageDilations?: Pair;
  readonly dilations?: Pair;
  /** In how many groups the channels are, or the examples. */
  readonly groups?: number | undefined;
  readonly batchGroups?: number | undefined;
}

const both = (of: (axis: 0 | 1) => number): Pair => [of(0), of(1)];
const bothPairs = (of: (axis: 0 | 1) => Pair): readonly [Pair, Pair] => [of(0), of(1)];

function convolution(
  block: Block,
  [images, kernel]: readonly [Value, Value],
  shape: Shape,
  dimensions: string,
  {
    strides = [1, 1],
    padding,
    imageDilations = [1, 1],
    dilations = [1, 1],
    groups = 1,
    batchGroups = 1,
  }: Movement,
): Value {
  const counts = `batch_group_count = ${batchGroups} : i64, feature_group_count = ${groups} : i64`;
  const window =
    `{stride = [${strides}], pad = [[${padding[0]}], [${padding[1]}]], ` +
    `lhs_dilate = [${imageDilations}], rhs_dilate = [${dilations}]}`;
  const attributes = ` dim_numbers = ${dimensions}, window = ${window} {${counts}, ${PRECISION}}`;
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
export function conv2d(block: Block, x: Value, kernel: Value, window: Convolution2d): Value {
  const shape = shapeOps.conv2d(x.shape, kernel.shape, window);
  return convolution(block, [x, kernel], shape, "[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]", window);
}

/**
 * A kernel with channels and filters in each other's place, those of a group with each other: [height, width, channels
 * of a group, filters] → [height, width, filters of a group, channels].
 */
function swapped(block: Block, kernel: Value, groups: number): Value {
  const [height, width, channels, filters] = kernel.shape as [number, number, number, number];
  const each = filters / groups;
  const apart = reshaped(block, kernel, [height, width, channels, groups, each]);
  const shape = [height, width, each, groups, channels];
  const turned = block.call(
    "transpose",
    [apart],
    { shape, type: "float32" },
    ", dims = [0, 1, 4, 3, 2]",
  );
  return reshaped(block, turned, [height, width, each, groups * channels]);
}

/** How many rows, or columns, places lie apart from first to last, both counted. */
const dilated = (places: number, stride: number) => (places - 1) * stride + 1;

/** The error, its places as far apart as the windows were, under the kernel turned around. */
export function conv2dInputGradient(
  block: Block,
  error: Value,
  kernel: Value,
  input: Shape,
  window: Convolution2d,
): Value {
  const { size, strides, dilations, padding, groups = 1 } = window;
  const shape = shapeOps.conv2dInputGradient(error.shape, kernel.shape, input, window);
  const turned = block.operation(
    `stablehlo.reverse ${kernel.name}, dims = [0, 1] : tensor<${[...kernel.shape, "f32"].join("x")}>`,
    [kernel],
    kernel,
  );
  const [filters, axes] =
    groups === 1 ? [turned, "o, i"] : [swapped(block, turned, groups), "i, o"];
  const reach = (axis: 0 | 1) => (size[axis] - 1) * dilations[axis];
  return convolution(block, [error, filters], shape, `[b, 0, 1, f]x[0, 1, ${axes}]->[b, 0, 1, f]`, {
    padding: bothPairs((axis) => {
      const before = reach(axis) - padding[axis][0];
      const places = dilated(error.shape[1 + axis] as number, strides[axis]);
      return [before, (input[1 + axis] as number) + reach(axis) - places - before];
    }),
    imageDilations: strides,
    dilations,
    groups,
  });
}

/**
 * The images under the error as if it were a kernel: channels take the place of examples, examples that of channels.
 */
export function conv2dKernelGradient(
  block: Block,
  x: Value,
  error: Value,
  window: Convolution2d,
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
    batchGroups: window.groups,
  });
}
