import { create } from "@bufbuild/protobuf";
import { type NodeProto, NodeProtoSchema } from "../../proto/onnx_pb";
import { attribute } from "../encode";
import { externalIn, isBlockedConvolution, isBlockedSum, type Pass } from "./pass";

const activations = ["Relu", "Tanh", "Sigmoid"];

/** The convolution of a product in blocks applies the activation function that is all that reads it. */
export const fuseActivations: Pass = {
  name: "fuse-activations",
  apply(graph) {
    const { nodes } = graph;
    const isExternal = externalIn(graph);
    const readers = new Map<string, NodeProto[]>();
    for (const node of nodes)
      for (const name of node.input) readers.set(name, [...(readers.get(name) ?? []), node]);
    const fused = new Set<NodeProto>();
    const results = nodes.map((node) => {
      const [output] = node.output as [string];
      const [reader, ...others] = readers.get(output) ?? [];
      const isFusable =
        isBlockedConvolution(node) &&
        !isBlockedSum(node) &&
        reader !== undefined &&
        others.length === 0 &&
        activations.includes(reader.opType) &&
        !isExternal(output);
      if (!isFusable) return node;
      fused.add(reader);
      const activation = attribute("activation", { text: reader.opType });
      return create(NodeProtoSchema, {
        ...node,
        output: reader.output,
        attribute: [...node.attribute, activation],
      });
    });
    return results.filter((_, i) => !fused.has(nodes[i] as NodeProto));
  },
};
