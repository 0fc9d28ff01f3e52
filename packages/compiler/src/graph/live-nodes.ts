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
