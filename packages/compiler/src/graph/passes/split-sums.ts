import { create } from "@bufbuild/protobuf";
import { type NodeProto, NodeProtoSchema } from "../../proto/onnx_pb";
import { storedShape } from "../value";
import { externalIn, type Graph, isBlockedSum, type Pass } from "./pass";

/**
 * From so many summands on it takes less time to multiply a product out once and to add it twice than to add it twice
 * while it is multiplied out.
 */
export const LONG_REDUCTION = 192;

const factorsOf = ({ input }: NodeProto) => `${input[0]} ${input[1]}`;

/** Of how many summands an image's products are: its channels. */
function reductionLength({ values }: Graph, image: string): number {
  const value = values.get(image);
  return value === undefined ? 0 : (storedShape(value)[1] as number);
}

/**
 * Products in blocks are multiplied out, and then added, where that is faster than to add them while they are:
 * - one of many summands that is added to several matrices, as Kolen-Pollack adds a gradient to the kernel and to the
 *   feedback weights;
 * - one that cannot be added in place: the convolution would have a single thread copy the matrix first.
 */
export const splitSums: Pass = {
  name: "split-sums",
  apply(graph) {
    const { nodes } = graph;
    const isExternal = externalIn(graph);
    const counts = new Map<string, number>();
    for (const node of nodes.filter(isBlockedSum))
      counts.set(factorsOf(node), (counts.get(factorsOf(node)) ?? 0) + 1);
    const products = new Map<string, string>();
    return nodes.flatMap((node) => {
      if (!isBlockedSum(node)) return node;
      const [image, filters, , matrix] = node.input as [string, string, string, string];
      const { domain, opType, attribute, output } = node;
      const isShared =
        (counts.get(factorsOf(node)) as number) > 1 &&
        reductionLength(graph, image) >= LONG_REDUCTION;
      if (!isShared && !isExternal(matrix) && !isExternal(output[0] as string)) return node;
      const known = isShared ? products.get(factorsOf(node)) : undefined;
      const product = known ?? `${output[0]}_product`;
      if (isShared) products.set(factorsOf(node), product);
      const sum = create(NodeProtoSchema, { opType: "Add", input: [matrix, product], output });
      if (known !== undefined) return sum;
      const input = [image, filters];
      return [
        create(NodeProtoSchema, { domain, opType, input, output: [product], attribute }),
        sum,
      ];
    });
  },
};
