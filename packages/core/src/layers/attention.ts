import { softmax } from "../activations/softmax";
import { BioflaxError } from "../errors";
import { aboveDiagonal } from "../ops/constants";
import { showShape } from "../ops/shapes";
import type { Shape, TensorOps } from "../ops/tensor-ops";
import type { LayerDefinition } from "./definition";
import { kernelFreeLayer } from "./kernel-free-layer";
import { layerOptionNames } from "./option-names";
import { expectCount, expectFlag } from "./options";
import type { AttentionSpec } from "./specs";

/** What a score is lowered by where a step must not look: its weight is 0 then, to the last bit. */
const UNSEEN = -1e9;

/** @throws BioflaxError unless the input is a sequence of queries, keys and values that can be shared out. */
function unitsOf(inputShape: Shape, heads: number): readonly [steps: number, units: number] {
  const [steps, all] = inputShape as readonly [number, number];
  if (inputShape.length !== 2 || all % 3 !== 0)
    throw new BioflaxError(
      `attention: expected an input of shape [steps, 3 · units], queries, keys and values beside each other, received ${showShape(inputShape)}. ` +
        "Put a layer before it that makes them, such as conv1d with a kernelSize of 1 and 3 · units filters.",
    );
  const units = all / 3;
  if (units % heads !== 0)
    throw new BioflaxError(
      `attention: expected heads to divide the ${units} units of a query evenly, received ${heads}.`,
    );
  return [steps, units];
}

/**
 * Self-attention of steps to each other, by scaled dot products: of queries q, keys k and values v, which lie beside
 * each other in the input, y = P·v with P = softmax(q·kᵀ / √d), for each head by itself with its d = units / heads of
 * each. What makes them of a sequence is a layer before it, and what puts the heads together is one after it, each with
 * a kernel and a rule.
 *
 * It has no weights, and errors cross it by its own derivative under every rule: with δ the error at y, that at v is
 * Pᵀ·δ, and with S = P ⊙ (D − Σ D ⊙ P), D = δ·vᵀ and the sum over each row, that at q is S·k / √d and that at k Sᵀ·q /
 * √d.
 *
 * Vaswani, Shazeer, Parmar, Uszkoreit, Jones, Gomez, Kaiser & Polosukhin 2017, "Attention is all you need", NeurIPS 30,
 * equation 1.
 *
 * @param spec heads, and whether a step sees only itself and those before it.
 * @param inputShape `[steps, 3 · units]`; `[steps, units]` comes out, head by head.
 * @throws BioflaxError for heads that are no positive whole number or do not divide the units, or another input.
 */
export const attention: LayerDefinition<AttentionSpec> = {
  name: "attention",
  hasKernel: false,
  mixesSteps: true,
  probe: [3, 12],
  examples: [{}, { heads: 2 }, { heads: 4, causal: true }],
  optionNames: layerOptionNames.attention,
  largest: ({ heads = 1 }) => [2, 3 * heads],
  create(spec, inputShape) {
    const { heads = 1, causal = false } = spec;
    expectCount("attention", "heads", heads);
    expectFlag("attention", "causal", causal);
    const [steps, units] = unitsOf(inputShape, heads);
    const size = units / heads;
    const scale = 1 / Math.sqrt(size);
    const everyHead = [...Array(heads).keys()];

    /** The queries, keys or values of one head, [batch, steps, size]. */
    const part = <T>(ops: TensorOps<T>, x: T, which: 0 | 1 | 2, head: number): T =>
      ops.slice(x, [0, 0, which * units + head * size], [ops.shape(x)[0] as number, steps, size]);
    /** What is added to scores, so that no step sees a later one. */
    const unseen = <T>(ops: TensorOps<T>, x: T): T | undefined =>
      causal && steps > 1
        ? ops.mul(
            aboveDiagonal(ops, ops.reshape(ops.slice(x, [0, 0, 0], [1, 1, 1]), [1, 1]), steps),
            UNSEEN,
          )
        : undefined;
    return kernelFreeLayer(spec, inputShape, {
      outputShape: [steps, units],
      forward(ops, _parameters, input) {
        const added = unseen(ops, input);
        const weights = everyHead.map((head) => {
          const query = ops.mul(part(ops, input, 0, head), scale);
          const scores = ops.batchMatMul(query, part(ops, input, 1, head), { transposeB: true });
          return softmax.forward(ops, added === undefined ? scores : ops.add(scores, added));
        });
        const outputs = weights.map((own, head) => ops.batchMatMul(own, part(ops, input, 2, head)));
        // One tensor, however many heads there are: [batch, heads · steps, steps].
        return { input, output: ops.concat(outputs, 2), kept: [ops.concat(weights, 1)] };
      },
      backward<T>(
        ops: TensorOps<T>,
        _parameters: unknown,
        { input, kept }: { readonly input: T; readonly kept?: readonly T[] | undefined },
        delta: T,
      ) {
        const [batch] = ops.shape(delta) as [number];
        const [weights] = kept as [T];
        const errors = everyHead.map((head) => {
          const [query, key, value] = ([0, 1, 2] as const).map((which) =>
            part(ops, input, which, head),
          ) as [T, T, T];
          const own = ops.slice(weights, [0, head * steps, 0], [batch, steps, steps]);
          const arriving = ops.slice(delta, [0, 0, head * size], [batch, steps, size]);
          const atWeights = ops.batchMatMul(arriving, value, { transposeB: true });
          const atScores = ops.mul(softmax.backward(ops, { a: own, y: own }, atWeights), scale);
          return [
            ops.batchMatMul(atScores, key),
            ops.batchMatMul(atScores, query, { transposeA: true }),
            ops.batchMatMul(own, arriving, { transposeA: true }),
          ] as const;
        });
        const all = ([0, 1, 2] as const).flatMap((which) => errors.map((own) => own[which]));
        return { input: ops.concat(all, 2) };
      },
    });
  },
};
