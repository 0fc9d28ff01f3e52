import { type Operand, type ParameterInfo, sizeOf, type TensorOps } from "@bioflax/core";
import { relabel } from "../../graph/layout";
import { lyingIn } from "../../graph/products";
import type { Scope } from "../../graph/scope";
import type { Layout, Value } from "../../graph/value";
import { decayOf, updatesElementwise } from "../elementwise-updates";
import { isCarried } from "../training-step";
import type { OnnxContext } from "./onnx-context";

/** How many weights there are at most for joining and cutting them to take less time than their nodes. */
const FEW = 2 ** 14;

/** The weights of a small network, and the optimizer's memory, carried as vectors, each of which one update changes. */
export interface FlatWeights {
  /** Weights that are carried, each followed by its slots, as vectors. */
  join(scope: Scope, carried: readonly Value[]): Value[];
  /** What {@link join} has joined. */
  cut(scope: Scope, vectors: readonly Value[]): Value[];
  /** The vectors after a step. @param gradients of all of the network's weights that have some. */
  update(
    scope: Scope,
    ops: TensorOps<Value>,
    vectors: readonly Value[],
    given: {
      readonly gradients: readonly (Value | undefined)[];
      readonly step: Value;
      readonly rate: Operand<Value>;
    },
  ): Value[];
}

/** Values one after another, each as it lies. */
const joined = (scope: Scope, values: readonly Value[], orders: readonly Layout["order"][]) => {
  const flat = values.map((value, i) => {
    const lying = lyingIn(scope, value, orders[i]);
    return relabel(scope, lying, [sizeOf(value.shape)]);
  });
  if (flat.length === 1) return flat[0] as Value;
  const shape = [flat.reduce((sum, value) => sum + sizeOf(value.shape), 0)];
  return scope.node("Concat", flat, { shape, type: "float32" }, { axis: { int: 0 } });
};

/**
 * How the weights of a network are carried as vectors, those that decay apart from the others; undefined where that does
 * not pay, as where the optimizer remembers nothing and an update is one node, or where weights are not updated number
 * by number.
 *
 * @param layoutOf how each weight lies.
 */
export function flatWeights(
  { trainable, replicas, following }: OnnxContext,
  layoutOf: (info: ParameterInfo) => Layout,
): FlatWeights | undefined {
  const { network, optimizer } = trainable;
  const carried = network.parameters.flatMap((info, parameter) =>
    isCarried(trainable, following, parameter)
      ? [{ info, parameter, size: sizeOf(info.shape), layout: layoutOf(info) }]
      : [],
  );
  const isSmall = carried.reduce((sum, { size }) => sum + size, 0) <= FEW;
  const mayJoin =
    replicas === undefined &&
    optimizer.slots.length > 0 &&
    isSmall &&
    carried.every(({ info, layout }) => info.learns && layout.blocks === undefined) &&
    updatesElementwise(trainable);
  if (!mayJoin) return undefined;
  const all = carried.map((own, place) => ({ ...own, place }));
  const groups = [...new Set(all.map(({ info }) => decayOf(trainable, info)))].map((decay) => ({
    decay,
    members: all.filter(({ info }) => decayOf(trainable, info) === decay),
  }));
  /** A weight and its slots. */
  const count = 1 + optimizer.slots.length;
  const kinds = Array.from({ length: count }, (_, kind) => kind);
  return {
    join: (scope, values) =>
      groups.flatMap(({ members }) =>
        kinds.map((kind) =>
          joined(
            scope,
            members.map(({ place }) => values[place * count + kind] as Value),
            members.map(({ layout }) => layout.order),
          ),
        ),
      ),
    cut(scope, vectors) {
      const values: Value[] = [];
      for (const [g, { members }] of groups.entries())
        for (const kind of kinds) {
          const vector = vectors[g * count + kind] as Value;
          const parts =
            members.length === 1
              ? [vector]
              : scope.split(
                  vector,
                  members.map(({ size }) => size),
                );
          members.forEach(({ place, info: { shape }, layout: { order } }, i) => {
            values[place * count + kind] = relabel(scope, parts[i] as Value, shape, order);
          });
        }
      return values;
    },
    update: (scope, ops, vectors, { gradients, step, rate }) =>
      groups.flatMap(({ decay, members }, g) => {
        const [parameter, ...slots] = vectors.slice(g * count, (g + 1) * count) as [
          Value,
          ...Value[],
        ];
        const gradient = joined(
          scope,
          members.map((own) => gradients[own.parameter] as Value),
          members.map(({ layout }) => layout.order),
        );
        const given = { parameter, slots, gradient, step, rate, weightDecay: decay };
        const after = optimizer.update(ops, given);
        return [after.parameter, ...after.slots];
      }),
  };
}
