import type { NodeProto } from "../../proto/onnx_pb";
import { namesRead } from "../node-names";
import type { Pass } from "./pass";

/** Nodes that no output needs are dropped; the others keep their order. */
export const dropDeadNodes: Pass = {
  name: "drop-dead-nodes",
  apply({ nodes, outputs }) {
    const needed = new Set(outputs.map(({ name }) => name));
    const live: NodeProto[] = [];
    for (const node of nodes.toReversed()) {
      if (!node.output.some((output) => needed.has(output))) continue;
      live.push(node);
      for (const name of namesRead(node)) needed.add(name);
    }
    return live.reverse();
  },
};
