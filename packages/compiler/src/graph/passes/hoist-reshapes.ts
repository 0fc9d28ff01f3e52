import type { NodeProto } from "../../proto/onnx_pb";
import type { Pass } from "./pass";

/**
 * Every `Reshape` stands right behind what it reshapes.
 *
 * ONNX Runtime runs nodes in an order of its own, in which of a node's inputs those that stand later come first.
 * Weights are looked at as filters early in the file, then, and so are updated late: after all that reads them as they
 * were, and in place.
 */
export const hoistReshapes: Pass = {
  name: "hoist-reshapes",
  apply({ nodes }) {
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
  },
};
