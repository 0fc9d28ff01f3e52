import type { Shape } from "@bioflax/core";
import { create } from "@bufbuild/protobuf";
import { BLOCKS_DOMAIN } from "../src/graph/blocks";
import type { Graph, Pass } from "../src/graph/passes/pass";
import { Scope } from "../src/graph/scope";
import type { Value } from "../src/graph/value";
import { type NodeProto, NodeProtoSchema } from "../src/proto/onnx_pb";

/**
 * `y, z = Split(x, _)` as a node; `Blocked` stands for the convolution of blocks, `_` for an input that is left out.
 */
function nodeOf(line: string): NodeProto {
  const [, outputs = "", operator = "", inputs = ""] = /^(.+) = (\w+)\((.*)\)$/.exec(line) ?? [];
  const isBlocked = operator === "Blocked";
  return create(NodeProtoSchema, {
    opType: isBlocked ? "Conv" : operator,
    domain: isBlocked ? BLOCKS_DOMAIN : "",
    input: inputs === "" ? [] : inputs.split(", ").map((name) => (name === "_" ? "" : name)),
    output: outputs.split(", "),
  });
}

function lineOf({ domain, opType, input, output, attribute }: NodeProto): string {
  const settings = attribute.map(({ name, s }) => `${name}=${new TextDecoder().decode(s)}`);
  const inputs = [...input.map((name) => name || "_"), ...settings].join(", ");
  return `${output.join(", ")} = ${domain === BLOCKS_DOMAIN ? "Blocked" : opType}(${inputs})`;
}

/**
 * A graph out of lines such as `y = Relu(x)`, whose values are matrices.
 *
 * @param shapes of those that are others than [2, 2].
 */
export function smallGraph(
  lines: readonly string[],
  { inputs = ["x"], outputs = ["y"], shapes = {} as Readonly<Record<string, Shape>> } = {},
): Graph {
  const scope = new Scope();
  const value = (name: string): Value => {
    const shape = shapes[name] ?? [2, 2];
    return { name, shape, type: "float32", scope };
  };
  const nodes = lines.map(nodeOf);
  const made = nodes.flatMap(({ output }) => output);
  return {
    name: "small",
    nodes,
    inputs: inputs.map(value),
    outputs: outputs.map(value),
    values: new Map([...inputs, ...made].map((name) => [name, value(name)])),
    has: () => true,
  };
}

/** What a pass makes of a graph, as lines. */
export const after = ({ apply }: Pass, graph: Graph): string[] => apply(graph).map(lineOf);
