import { create } from "@bufbuild/protobuf";
import { type NodeProto, NodeProtoSchema } from "../proto/onnx_pb";
import { BLOCKS_DOMAIN } from "./blocks";

/**
 * From so many summands on it takes less time to multiply a product out once and to add it twice than to add it twice while it is
 * multiplied out.
 */
export const MANY_SUMMANDS = 192;

/** Whether a node adds a product in blocks to a matrix: its inputs are an image, filters, no bias and the matrix. */
const isSum = ({ domain, opType, input }: NodeProto) =>
  domain === BLOCKS_DOMAIN && opType === "Conv" && input.length === 4 && input[2] === "";

/**
 * Nodes in which one product that is added to several matrices, as Kolen-Pollack adds a gradient to the kernel and to the feedback
 * weights, is multiplied out once where that is faster.
 *
 * @param summandsOf of how many summands an image's products are.
 */
export function shareProducts(
  nodes: readonly NodeProto[],
  summandsOf: (image: string) => number,
): NodeProto[] {
  const factors = ({ input }: NodeProto) => `${input[0]} ${input[1]}`;
  const sums = nodes.filter(
    (node) => isSum(node) && summandsOf(node.input[0] as string) >= MANY_SUMMANDS,
  );
  const counts = new Map<string, number>();
  for (const node of sums) counts.set(factors(node), (counts.get(factors(node)) ?? 0) + 1);
  const products = new Map<string, string>();
  return nodes.flatMap((node) => {
    if (!sums.includes(node) || (counts.get(factors(node)) as number) < 2) return node;
    const [image, filters, , matrix] = node.input as [string, string, string, string];
    const known = products.get(factors(node));
    const product = known ?? `${node.output[0]}_product`;
    products.set(factors(node), product);
    const sum = create(NodeProtoSchema, {
      opType: "Add",
      input: [matrix, product],
      output: node.output,
    });
    const { domain, opType, attribute } = node;
    const input = [image, filters];
    return known === undefined
      ? [create(NodeProtoSchema, { domain, opType, input, output: [product], attribute }), sum]
      : sum;
  });
}
