import type { TensorOps } from "../ops/tensor-ops";
import type { Definition } from "../registry";

/** An activation function φ with the product of its transposed Jacobian and an error signal. */
export interface Activation extends Definition {
  /** Whether the units' values sum to 1, so that they are no logits and a single one is always 1. */
  readonly normalizes?: true;
  /** φ(a). Shapes: a [batch, units] → [batch, units]. */
  forward<T>(ops: TensorOps<T>, a: T): T;
  /**
   * The error signal at a, given the error signal δ at y = φ(a): φ′(a) ⊙ δ for elementwise functions.
   *
   * Written in a or y, whichever is cheaper. Shapes: all [batch, units].
   */
  backward<T>(ops: TensorOps<T>, at: { readonly a: T; readonly y: T }, delta: T): T;
}
