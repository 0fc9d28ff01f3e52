import type { AttributeProto, GraphProto, NodeProto } from "../proto/onnx_pb";
import type { Graph } from "./passes/pass";
import type { Value } from "./value";

/** How a value lies, where that is not row by row. */
function showLayout({ order, blocks }: Value): string {
  if (blocks !== undefined)
    return ` in blocks of ${blocks.size} ${blocks.axis === 0 ? "rows" : "columns"}`;
  return order === undefined ? "" : ` lying as [${order.join(", ")}]`;
}

const showType = (value: Value) =>
  `${value.type} [${value.shape.map((extent) => (extent < 0 ? "?" : extent)).join(", ")}]${showLayout(value)}`;

/** `name: float32 [3, 4]`, or the name alone of what nothing is known of. */
const showValue = (name: string, value: Value | undefined) =>
  value === undefined ? name : `${name}: ${showType(value)}`;

const indented = (text: string) => text.replace(/^(?=.)/gm, "  ");

function showAttribute({ name, i, f, s, ints, g }: AttributeProto): string | undefined {
  if (g !== undefined) return undefined;
  if (ints.length > 0) return `${name}=[${ints.join(", ")}]`;
  if (s.length > 0) return `${name}=${new TextDecoder().decode(s)}`;
  return `${name}=${f !== 0 ? f : i}`;
}

function showNode(node: NodeProto, values: ReadonlyMap<string, Value>): string {
  const outputs = node.output.map((name) => showValue(name, values.get(name))).join(", ");
  const attributes = node.attribute.flatMap((own) => showAttribute(own) ?? []);
  const inputs = [...node.input.map((name) => name || "_"), ...attributes].join(", ");
  const operator = node.domain === "" ? node.opType : `${node.domain}:${node.opType}`;
  const bodies = node.attribute.flatMap(({ g }) =>
    g === undefined ? [] : [indented(showBody(g))],
  );
  return [`${outputs} = ${operator}(${inputs})`, ...bodies].join("\n");
}

function showBody(body: GraphProto): string {
  const none = new Map<string, Value>();
  return [
    `${body.name} (${body.input.map(({ name }) => name).join(", ")})`,
    ...body.node.map((node) => indented(showNode(node, none))),
    `return ${body.output.map(({ name }) => name).join(", ")}`,
  ].join("\n");
}

/**
 * A graph for people to read: a line an input, a node, and the outputs, with types, shapes and how they lie; constants
 * by name.
 *
 * @example
 * // graph bioflax
 * // input x: float32 [2, 3]
 * // Tanh_0: float32 [2, 3] = Tanh(x)
 * // return Tanh_0
 */
export function showGraph({ name, nodes, inputs, outputs, values }: Graph): string {
  return [
    `graph ${name}`,
    ...inputs.map((value) => `input ${showValue(value.name, value)}`),
    ...nodes.map((node) => showNode(node, values)),
    `return ${outputs.map((value) => value.name).join(", ")}`,
    "",
  ].join("\n");
}
