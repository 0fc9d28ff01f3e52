import type { NodeProto } from "../../proto/onnx_pb";
import { BLOCKS_DOMAIN } from "../blocks";
import { bodiesOf, freeNames } from "../node-names";
import type { Value } from "../value";

/** A graph, or the body of a loop, as passes see it: its nodes, and what they stand among. */
export interface Graph {
  readonly name: string;
  /** In an order in which each node stands after those whose results it reads. */
  readonly nodes: readonly NodeProto[];
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  /** What is known of the values that were traced here, by name; of those that passes introduce, nothing is. */
  readonly values: ReadonlyMap<string, Value>;
  /** Whether what runs it has an operator. */
  readonly has: (operator: string) => boolean;
}

/** One rewriting of a graph that changes no result. */
export interface Pass {
  /** A few words with hyphens, as files of dumps are named. */
  readonly name: string;
  /** The nodes of the graph, rewritten. */
  readonly apply: (graph: Graph) => readonly NodeProto[];
}

/** Whether a value comes from outside the graph or loop body, or goes there: nothing is changed where that lies. */
export function externalIn({ nodes, inputs, outputs, values }: Graph): (name: string) => boolean {
  const outside = new Set([
    ...[...inputs, ...outputs].map(({ name }) => name),
    ...bodiesOf(nodes).flatMap(freeNames),
  ]);
  return (name) => outside.has(name) || !values.has(name);
}

/** Whether a node is a convolution in blocks, as products of matrices are there. */
export const isBlockedConvolution = ({ domain, opType }: NodeProto) =>
  domain === BLOCKS_DOMAIN && opType === "Conv";

/** Whether a node adds a product in blocks to a matrix: its inputs are an image, filters, no bias and the matrix. */
export const isBlockedSum = (node: NodeProto) =>
  isBlockedConvolution(node) && node.input.length === 4 && node.input[2] === "";
