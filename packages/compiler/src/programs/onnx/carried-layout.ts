import type { Shape } from "@bioflax/core";
import { paysInBlocks } from "../../graph/blocked-products";
import { LONG_REDUCTION } from "../../graph/passes/split-sums";
import { type BlockUse, type Layout, TRANSPOSED, TRANSPOSED_EACH } from "../../graph/value";
import type { WeightUse } from "./weight-uses";

/**
 * How a weight and its slots lie while steps carry them on, so that the step's products find them as they read them.
 *
 * @param blocks how matrices lie in blocks; none does when left out.
 * @param use what the step first does with it; undefined where that is no product.
 */
export function carriedLayout(blocks: BlockUse | undefined, use: WeightUse | undefined): Layout {
  if (use === undefined) return {};
  const { kind, extents } = use;
  const [m, k, n] = extents;
  if (paysInBlocks(blocks, extents)) {
    const along = (axis: 0 | 1): Layout => ({
      blocks: { axis, size: blocks.size, padding: "zeros" },
    });
    if (kind === "addend") return along(0);
    if (kind === "factor") return along(1);
    // What a product reads transposed, as e·Bᵀ does, lies along its rows, and so does what waits to be read; but where
    // a gradient sums so many rows that it is multiplied out once for all it teaches, these lie as it does.
    const rows = kind === "transposed" ? m : k;
    return along(rows < LONG_REDUCTION ? 0 : 1);
  }
  // With more columns than there are rows, the larger factor is the right one, which then stands on the left,
  // transposed.
  return { order: kind === "factor" && n > m ? TRANSPOSED : undefined };
}

/** How a weight of replicas lies: its gradient is a product whose larger factor stands on the left. */
export function carriedLayoutOfReplicas(shape: Shape): Layout {
  const [inputs, units] = shape as [number, number];
  return { order: shape.length === 2 && units > inputs ? TRANSPOSED_EACH : undefined };
}
