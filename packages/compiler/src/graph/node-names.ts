import type { GraphProto, NodeProto } from "../proto/onnx_pb";

/** The loops' bodies that nodes hold. */
export function bodiesOf(nodes: readonly NodeProto[]): GraphProto[] {
  return nodes.flatMap(({ attribute }) => attribute.flatMap(({ g }) => g ?? []));
}

/** What a node reads: its inputs, and what a body of its reads from around it. */
export function namesRead(node: NodeProto): string[] {
  return [...node.input, ...bodiesOf([node]).flatMap(freeNames)].filter((name) => name !== "");
}

/** The outer values a loop's body reads. */
export function freeNames(body: GraphProto): string[] {
  const own = new Set([
    ...body.input.map(({ name }) => name),
    ...body.node.flatMap(({ output }) => output),
  ]);
  return body.node.flatMap(namesRead).filter((name) => !own.has(name));
}

/** The domains of the operators that are not ONNX's own, in a graph and its loops' bodies. */
export function domainsOf({ node }: GraphProto): string[] {
  const own = node.flatMap(({ domain }) => (domain ? [domain] : []));
  return [...new Set([...own, ...bodiesOf(node).flatMap(domainsOf)])];
}
