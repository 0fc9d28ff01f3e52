import type { GraphProto, NodeProto } from "../proto/onnx_pb";
import type { Value } from "./value";

/** The nodes that outputs need, in their order, and the names of all that they read. */
export function liveNodes(
  nodes: readonly NodeProto[],
  outputs: readonly Pick<Value, "name">[],
): { live: NodeProto[]; needed: ReadonlySet<string> } {
  const needed = new Set(outputs.map(({ name }) => name));
  const live: NodeProto[] = [];
  for (const node of nodes.toReversed()) {
    if (!node.output.some((output) => needed.has(output))) continue;
    live.push(node);
    for (const input of node.input) needed.add(input);
    for (const { g } of node.attribute)
      for (const free of g === undefined ? [] : freeNames(g)) needed.add(free);
  }
  return { live: live.reverse(), needed };
}

/**
 * The nodes with every `Reshape` right behind what it reshapes.
 *
 * ONNX Runtime runs nodes in an order of its own, in which of a node's inputs those that stand later come first. Weights are
 * looked at as filters early in the file, then, and so are updated late: after all that reads them as they were, and in place.
 */
export function hoistReshapes(nodes: readonly NodeProto[]): NodeProto[] {
  const waiting = new Map<string, NodeProto[]>();
  const produced = new Set(nodes.flatMap(({ output }) => output));
  const others: NodeProto[] = [];
  const first: NodeProto[] = [];
  for (const node of nodes) {
    const [from, shape] = node.input as [string, string];
    if (node.opType !== "Reshape" || produced.has(shape)) others.push(node);
    else if (produced.has(from)) waiting.set(from, [...(waiting.get(from) ?? []), node]);
    else first.push(node);
  }
  const withReshapes = (node: NodeProto): NodeProto[] => [
    node,
    ...node.output.flatMap((name) => (waiting.get(name) ?? []).flatMap(withReshapes)),
  ];
  return [...first, ...others].flatMap(withReshapes);
}

/** The outer values a loop's body reads. */
export function freeNames(body: GraphProto): string[] {
  const own = new Set([
    ...body.input.map(({ name }) => name),
    ...body.node.flatMap(({ output }) => output),
  ]);
  return body.node
    .flatMap((node) => [
      ...node.input,
      ...node.attribute.flatMap(({ g }) => (g === undefined ? [] : freeNames(g))),
    ])
    .filter((name) => name !== "" && !own.has(name));
}
