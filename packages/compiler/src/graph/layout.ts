import { type Operand, type Shape, sameShape, shapeOps, sizeOf } from "@bioflax/core";
import { inBlocks, outOfBlocks, togetherInBlocks, withZeros } from "./blocks";
import type { Scope } from "./scope";
import {
  DYNAMIC,
  isOpen,
  type Layout,
  type Order,
  storedShape,
  TRANSPOSED,
  type Value,
  withoutHints,
} from "./value";

/**
 * Images that lie channel by channel, and in these row by row, all images of the batch side by side: then a pixel of
 * all images is one stretch of memory, a window over them is a list of such stretches, a channel's numbers lie
 * together, and a flattened batch is a matrix that lies transposed.
 */
export const IMAGES: Order = [3, 1, 2, 0];

/** Whether a matrix lies transposed. */
export const isTransposed = ({ order }: Pick<Value, "order">) => order?.[0] === 1;

const straightOrder = (rank: number): Order => Array.from({ length: rank }, (_, axis) => axis);

/** The order in which a value's axes lie. */
const orderOf = ({ shape, order }: Pick<Value, "shape" | "order">) =>
  order ?? straightOrder(shape.length);

/** An order without the axes of extent 1, which lie anywhere. */
const seen = (shape: Shape, order: Order) => order.filter((axis) => shape[axis] !== 1);

/** An order as values have it: undefined where it is that of the shape. */
const canonical = (order: Order): Order | undefined =>
  order.every((axis, position) => axis === position) ? undefined : order;

/** The same elements, as they lie, under a shape that is laid out in an order. */
export function relabel(scope: Scope, x: Value, shape: Shape, order?: Order): Value {
  const stored = storedShape({ shape, order });
  const known = withoutHints(x);
  if (sameShape(storedShape(x), stored)) return { ...known, shape, order };
  // From what it was before it was last relabelled, which may have been just that.
  const origin = x.relabelled ?? x;
  if (sameShape(storedShape(origin), stored)) return { ...withoutHints(origin), shape, order };
  const extents = stored.map((extent) => (isOpen(extent) ? DYNAMIC : extent));
  const target = scope.constant(extents, [stored.length], "int64");
  return scope.node("Reshape", [origin, target], {
    ...{ shape, type: x.type, order },
    relabelled: origin,
  });
}

/** Runs of axes that lie next to each other both before and after: each can be moved as one. */
function runs(from: Order, to: Order): Order[] {
  const groups: number[][] = [];
  for (const axis of from) {
    const last = groups.at(-1);
    const isNext = last !== undefined && to[to.indexOf(last.at(-1) as number) + 1] === axis;
    if (isNext) last.push(axis);
    else groups.push([axis]);
  }
  return groups;
}

/** The same tensor, its axes lying in the order that is asked for; as in its shape when left out. */
export function orient(scope: Scope, given: Value, order?: Order): Value {
  const x = outOfBlocks(scope, given, order);
  const { shape } = x;
  const wanted = order ?? straightOrder(shape.length);
  const [from, to] = [seen(shape, orderOf(x)), seen(shape, wanted)];
  if (sameShape(orderOf(x), wanted)) return x;
  const result = canonical(wanted);
  if (sameShape(from, to)) return relabel(scope, x, shape, result);
  const known = withoutHints(x);
  if (shape.length === 2) return scope.node("Transpose", [x], { ...known, order: result });
  if (shape.some(isOpen)) {
    // Axes cannot be moved as one where nobody knows how long they are together.
    const perm = wanted.map((axis) => orderOf(x).indexOf(axis));
    return scope.node("Transpose", [x], { ...known, order: result }, { perm: { ints: perm } });
  }
  const groups = runs(from, to);
  const extents = groups.map((group) => sizeOf(group.map((axis) => shape[axis] as number)));
  const perm = groups
    .map((_, group) => group)
    .sort((a, b) => to.indexOf(groups[a]?.[0] as number) - to.indexOf(groups[b]?.[0] as number));
  const moved = scope.node(
    "Transpose",
    [relabel(scope, x, extents)],
    { shape: perm.map((group) => extents[group] as number), type: x.type },
    { perm: { ints: perm } },
  );
  return relabel(scope, moved, shape, result);
}

/** The value as another lies; where that is in blocks, they are filled up with zeros. */
export function laidOut(scope: Scope, x: Value, { order, blocks }: Layout): Value {
  if (blocks === undefined) return orient(scope, x, order);
  return withZeros(scope, inBlocks(scope, x, blocks.axis));
}

/** The value as the definition sees it, whatever its layout was. */
export function straight(scope: Scope, x: Value): Value {
  return orient(scope, x);
}

/**
 * The order of axes under another shape, where that only cuts axes up or joins some that lie next to each other, so that
 * nothing has to move; else undefined.
 */
function regrouped(x: Value, shape: Shape): Order | undefined {
  if (x.shape.some(isOpen) || shape.some(isOpen)) return undefined;
  const lying = orderOf(x);
  /** For each axis that comes first of those that become others together, which it becomes. */
  const becomes = new Map<number, number[]>();
  let to = 0;
  for (let from = 0; from < x.shape.length; ) {
    const group = { from: [from], to: [] as number[] };
    let [before, after] = [x.shape[from++] as number, 1];
    while (before !== after || (from === x.shape.length && to < shape.length)) {
      if (before > after || from === x.shape.length) {
        group.to.push(to);
        after *= shape[to++] as number;
      } else {
        group.from.push(from);
        before *= x.shape[from++] as number;
      }
    }
    const place = lying.indexOf(group.from[0] as number);
    if (!group.from.every((axis, i) => lying[place + i] === axis)) return undefined;
    becomes.set(group.from[0] as number, group.to);
  }
  return to === shape.length ? lying.flatMap((axis) => becomes.get(axis) ?? []) : undefined;
}

/** Tensors one after another along a new first axis; of images that lie with the batch innermost, just outside of it. */
export function stackOf(scope: Scope, tensors: readonly Value[]): Value {
  const shape = shapeOps.stack(tensors.map((x) => x.shape));
  const { order, type } = outOfBlocks(scope, tensors[0] as Value);
  const rank = shape.length - 1;
  const keepsOrder = rank === 4 && order?.at(-1) === 0;
  const lying = (keepsOrder ? order : straightOrder(rank)).map((axis) => axis + 1);
  const place = keepsOrder ? rank - 1 : 0;
  const stacked = canonical(lying.toSpliced(place, 0, 0));
  const parts = tensors.map((x) =>
    relabel(
      scope,
      orient(scope, x, keepsOrder ? order : undefined),
      [1, ...shape.slice(1)],
      stacked,
    ),
  );
  if (parts.length === 1) return parts[0] as Value;
  return scope.node("Concat", parts, { shape, type, order: stacked }, { axis: { int: place } });
}

/** Tensors one after another along an axis they have, lying as their shapes say. */
export function concatOf(scope: Scope, tensors: readonly Value[], axis: number): Value {
  const shape = shapeOps.concat(
    tensors.map((x) => x.shape),
    axis,
  );
  const parts = tensors.map((x) => straight(scope, x));
  const [first] = parts as [Value];
  if (parts.length === 1) return first;
  return scope.node("Concat", parts, { shape, type: first.type }, { axis: { int: axis } });
}

/**
 * The same elements, in row-major order, under another shape.
 *
 * Where the first axis, the batch, stays and lies elsewhere than first, it goes on lying innermost.
 */
export function reshaped(scope: Scope, given: Value, shape: Shape): Value {
  // Out of blocks, a matrix that becomes images is best as images lie.
  const x = outOfBlocks(scope, given, shape.length === 4 ? TRANSPOSED : undefined);
  const liesElsewhere = x.order !== undefined && x.order[0] !== 0;
  const keepsBatch = liesElsewhere && x.shape[0] === shape[0] && shape.length > 1;
  if (!keepsBatch) {
    const order = regrouped(x, shape);
    return order === undefined
      ? relabel(scope, straight(scope, x), shape)
      : relabel(scope, x, shape, canonical(order));
  }
  const batchLast = (rank: number): Order => [...straightOrder(rank).slice(1), 0];
  return relabel(
    scope,
    orient(scope, x, batchLast(x.shape.length)),
    shape,
    batchLast(shape.length),
  );
}

/** An operand beside tensors of a rank that lie in an order: what has fewer axes gets leading ones of extent 1. */
function beside(scope: Scope, x: Value, rank: number, order: Order): Value {
  const missing = rank - x.shape.length;
  if (x.shape.length === 0) return x;
  if (missing === 0) return orient(scope, x, order);
  const lifted = [...Array.from({ length: missing }, () => 1), ...x.shape];
  if (x.shape.length === 1) return relabel(scope, x, lifted, order);
  return orient(scope, relabel(scope, straight(scope, x), lifted), order);
}

/**
 * Operands of one elementwise operation, brought into one layout: that of the first of those with the most axes, and
 * for images of the largest, the first that does not lie straight. Numbers become constants.
 */
export function together(
  scope: Scope,
  operands: readonly Operand<Value>[],
): { values: readonly Value[]; layout: Layout } {
  const tensors = operands.map((x) => (typeof x === "number" ? scope.constant([x], []) : x));
  const blocked = togetherInBlocks(scope, tensors);
  if (blocked !== undefined) return { values: blocked.values, layout: { blocks: blocked.blocks } };
  const lifted = tensors.map((x) => outOfBlocks(scope, x));
  const rank = Math.max(...lifted.map(({ shape }) => shape.length));
  const widest = lifted.filter(({ shape }) => shape.length === rank);
  // An open extent counts as 1, whatever its sign.
  const numbers = ({ shape }: Value) => Math.abs(sizeOf(shape));
  const most = Math.max(...widest.map(numbers));
  const largest = widest.filter((x) => numbers(x) === most);
  const guide = rank === 2 ? widest[0] : (largest.find((x) => x.order !== undefined) ?? largest[0]);
  const order = guide?.order;
  return {
    values: lifted.map((x) =>
      order === undefined ? straight(scope, x) : beside(scope, x, rank, order),
    ),
    layout: { order },
  };
}
