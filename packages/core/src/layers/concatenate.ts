import { BioflaxError } from "../errors";
import { showShape } from "../ops/shapes";
import type { Shape } from "../ops/tensor-ops";
import { showValue } from "../show-value";
import type { LayerDefinition } from "./definition";
import { kernelFreeLayer } from "./kernel-free-layer";
import type { Joint } from "./layer";
import { layerOptionNames } from "./option-names";
import type { ConcatenateSpec } from "./specs";

/** The axis of an example, from 0. @throws BioflaxError for one that inputs of so many axes do not have. */
function axisOf({ axis = -1 }: ConcatenateSpec, rank: number): number {
  const from = axis < 0 ? axis + rank : axis - 1;
  if (!Number.isInteger(axis) || from < 0 || from >= rank)
    throw new BioflaxError(
      `concatenate: expected axis to be from 1 to ${rank}, or from -${rank} to -1, received ${showValue(axis)}; the batch, axis 0, stays as it is.`,
    );
  return from;
}

/** @throws BioflaxError unless all inputs are alike but along the axis. */
function joinAlong(axis: number, shapes: readonly Shape[]): Joint {
  const [first] = shapes as readonly [Shape, ...Shape[]];
  const isAlike = (shape: Shape) =>
    shape.length === first.length &&
    shape.every((extent, at) => at === axis || extent === first[at]);
  const different = shapes.find((shape) => !isAlike(shape));
  if (different !== undefined)
    throw new BioflaxError(
      `concatenate: expected inputs alike but along the axis ${axis + 1}, received ${showShape(first)} and ${showShape(different)}.`,
    );
  const extents = shapes.map((shape) => shape[axis] as number);
  const all = extents.reduce((sum, extent) => sum + extent, 0);
  const before = (index: number) => extents.slice(0, index).reduce((sum, one) => sum + one, 0);
  return {
    shape: first.map((extent, at) => (at === axis ? all : extent)),
    place(ops, input, index) {
      if (extents[index] === all) return input;
      const start = before(index);
      const around = [0, ...first].map((_, at): [number, number] =>
        at === axis + 1 ? [start, all - start - (extents[index] as number)] : [0, 0],
      );
      return ops.pad(input, around);
    },
    part(ops, error, index) {
      if (extents[index] === all) return error;
      const [batch] = ops.shape(error) as [number];
      const begin = [0, ...first].map((_, at) => (at === axis + 1 ? before(index) : 0));
      return ops.slice(error, begin, [batch, ...(shapes[index] as Shape)]);
    },
  };
}

/**
 * Where branches meet side by side: their outputs one after another along an axis, the last one unless told otherwise;
 * each of them gets its part of the error.
 *
 * @throws BioflaxError for an axis that inputs do not have, or inputs that differ along another.
 */
export const concatenate: LayerDefinition<ConcatenateSpec> = {
  name: "concatenate",
  hasKernel: false,
  joint: (spec, inputShapes) =>
    joinAlong(axisOf(spec, (inputShapes[0] as Shape).length), inputShapes),
  probe: [3],
  anyRank: true,
  examples: [{}],
  optionNames: layerOptionNames.concatenate,
  create(spec, inputShape) {
    axisOf(spec, inputShape.length);
    return kernelFreeLayer(spec, inputShape, {
      forward: (_ops, _parameters, input) => ({ input, output: input }),
      backward: (_ops, _parameters, _residuals, delta) => ({ input: delta }),
    });
  },
};
