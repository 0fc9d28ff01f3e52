import { create } from "@bufbuild/protobuf";
import { type NodeProto, NodeProtoSchema } from "../../proto/onnx_pb";
import { attribute } from "../encode";
import type { Graph, Pass } from "./pass";

/** Whether one value is what reductions of the other over its last axis, which stays, are. */
function isOverLastAxis({ values }: Graph, reduced: string, from: string): boolean {
  const [x, result] = [values.get(from), values.get(reduced)];
  if (x === undefined || result === undefined || x.order || x.blocks) return false;
  const [last = 0, ...others] = x.shape.toReversed();
  return last > 1 && `${result.shape}` === `${[...others.reverse(), 1]}`;
}

/** log softmax over the last axis, which definitions write as six operations, is one: (x − max x) − log Σ e^(x − max x). */
export const fuseLogSoftmax: Pass = {
  name: "fuse-log-softmax",
  apply(graph) {
    if (!graph.has("LogSoftmax")) return graph.nodes;
    const made = new Map(graph.nodes.flatMap((node) => node.output.map((name) => [name, node])));
    const inputOf = (node: NodeProto | undefined, opType: string): string | undefined =>
      node?.opType === opType ? node.input[0] : undefined;
    const by = (name: string | undefined) => (name === undefined ? undefined : made.get(name));
    return graph.nodes.map((node) => {
      const [shifted, log] = node.input;
      const difference = by(shifted);
      if (node.opType !== "Sub" || difference?.opType !== "Sub") return node;
      const [x, max] = difference.input as [string, string];
      const sum = inputOf(by(log), "Log");
      const exp = inputOf(by(sum), "ReduceSum");
      const isOne =
        inputOf(by(exp), "Exp") === shifted &&
        inputOf(by(max), "ReduceMax") === x &&
        isOverLastAxis(graph, max, x) &&
        isOverLastAxis(graph, sum as string, exp as string);
      if (!isOne) return node;
      return create(NodeProtoSchema, {
        opType: "LogSoftmax",
        input: [x],
        output: node.output,
        attribute: [attribute("axis", { int: -1 })],
      });
    });
  },
};
