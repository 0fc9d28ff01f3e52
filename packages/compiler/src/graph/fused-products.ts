import { create } from "@bufbuild/protobuf";
import { type NodeProto, NodeProtoSchema } from "../proto/onnx_pb";
import { BLOCKS_DOMAIN } from "./blocks";
import { attribute } from "./encode";

/**
 * From so many summands on it takes less time to multiply a product out once and to add it twice than to add it twice while it is
 * multiplied out.
 */
export const LONG_REDUCTION = 192;

/** What the products' nodes stand among. */
export interface GraphContext {
  /** Of how many summands an image's products are. */
  reductionLength(image: string): number;
  /** Whether a value comes from outside the graph or loop body, or goes there: nothing is changed where that lies. */
  isExternal(name: string): boolean;
}

const isConvolution = ({ domain, opType }: NodeProto) =>
  domain === BLOCKS_DOMAIN && opType === "Conv";

/** Whether a node adds a product in blocks to a matrix: its inputs are an image, filters, no bias and the matrix. */
const isSum = (node: NodeProto) =>
  isConvolution(node) && node.input.length === 4 && node.input[2] === "";

const factorsOf = ({ input }: NodeProto) => `${input[0]} ${input[1]}`;

/**
 * Nodes in which products in blocks are multiplied out, and then added, where that is faster than to add them while they are:
 * - one of many summands that is added to several matrices, as Kolen-Pollack adds a gradient to the kernel and to the feedback weights;
 * - one that cannot be added in place: the convolution would have a single thread copy the matrix first.
 */
export function splitSums(
  nodes: readonly NodeProto[],
  { reductionLength, isExternal }: GraphContext,
): NodeProto[] {
  const counts = new Map<string, number>();
  for (const node of nodes.filter(isSum))
    counts.set(factorsOf(node), (counts.get(factorsOf(node)) ?? 0) + 1);
  const products = new Map<string, string>();
  return nodes.flatMap((node) => {
    if (!isSum(node)) return node;
    const [image, filters, , matrix] = node.input as [string, string, string, string];
    const { domain, opType, attribute, output } = node;
    const isShared =
      (counts.get(factorsOf(node)) as number) > 1 && reductionLength(image) >= LONG_REDUCTION;
    if (!isShared && !isExternal(matrix) && !isExternal(output[0] as string)) return node;
    const known = isShared ? products.get(factorsOf(node)) : undefined;
    const product = known ?? `${output[0]}_product`;
    if (isShared) products.set(factorsOf(node), product);
    const sum = create(NodeProtoSchema, { opType: "Add", input: [matrix, product], output });
    if (known !== undefined) return sum;
    const input = [image, filters];
    return [create(NodeProtoSchema, { domain, opType, input, output: [product], attribute }), sum];
  });
}

const activations = ["Relu", "Tanh", "Sigmoid"];

/** Nodes in which the convolution of a product in blocks applies the activation function that is all that reads it. */
export function fuseActivations(
  nodes: readonly NodeProto[],
  { isExternal }: Pick<GraphContext, "isExternal">,
): NodeProto[] {
  const readers = new Map<string, NodeProto[]>();
  for (const node of nodes)
    for (const name of node.input) readers.set(name, [...(readers.get(name) ?? []), node]);
  const fused = new Set<NodeProto>();
  const results = nodes.map((node) => {
    const [output] = node.output as [string];
    const [reader, ...others] = readers.get(output) ?? [];
    const isFusable =
      isConvolution(node) &&
      !isSum(node) &&
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
}
