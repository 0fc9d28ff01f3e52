import { create } from "@bufbuild/protobuf";
import { expect, test } from "@jest/globals";
import { after, smallGraph } from "../../../test/small-graph";
import { GraphProtoSchema, type NodeProto, NodeProtoSchema } from "../../proto/onnx_pb";
import { attribute } from "../encode";
import { dropDeadNodes } from "./drop-dead-nodes";

test("what no output needs is dropped, and what only that needs; the order stays", () => {
  const graph = smallGraph([
    "a = Tanh(x)",
    "b = Neg(x)",
    "c = Abs(b)",
    "d = Exp(a)",
    "y = Add(d, a)",
  ]);
  expect(after(dropDeadNodes, graph)).toEqual(["a = Tanh(x)", "d = Exp(a)", "y = Add(d, a)"]);
});

test("a node of several outputs stays for any one of them", () => {
  expect(after(dropDeadNodes, smallGraph(["y, z = Split(x)", "w = Neg(z)"]))).toEqual([
    "y, z = Split(x)",
  ]);
});

test("what a loop's body reads from outside is needed, what is its own is not", () => {
  const inner = create(NodeProtoSchema, {
    opType: "Add",
    input: ["outside", "inside"],
    output: ["o"],
  });
  const own = create(NodeProtoSchema, { opType: "Neg", input: ["i"], output: ["inside"] });
  const body = create(GraphProtoSchema, { input: [{ name: "i" }], node: [own, inner] });
  const graph = smallGraph(["outside = Tanh(x)", "inside = Exp(x)", "y = Loop(x)"]);
  const [first, second, loop] = graph.nodes as [NodeProto, NodeProto, NodeProto];
  const nodes = [first, second, { ...loop, attribute: [attribute("body", body)] }];
  expect(dropDeadNodes.apply({ ...graph, nodes }).map(({ opType }) => opType)).toEqual([
    "Tanh",
    "Loop",
  ]);
});
