import type { AttentionSpec } from "@bioflax/core";
import type { PlainKernelFreeLayer } from "./plain-layers";
import { columns, type Matrix, softmaxRow } from "./plain-matrices";

/** What one head makes of one example, step by step. */
interface Head {
  readonly queries: Matrix;
  readonly keys: Matrix;
  readonly values: Matrix;
  /** How much each step takes of each other. */
  readonly weights: Matrix;
}

const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, x, i) => sum + x * (b[i] as number), 0);

/**
 * Attention for the plain reference, step by step and head by head; a sequence of queries, keys and values beside each
 * other is a row of numbers.
 */
export function plainAttention(
  { heads = 1, causal = false }: AttentionSpec,
  [steps, all]: readonly number[],
): PlainKernelFreeLayer {
  const units = all! / 3;
  const size = units / heads;
  const root = Math.sqrt(size);
  const everyStep = [...Array(steps).keys()];
  const everyHead = [...Array(heads).keys()];
  const at = (which: number, head: number) => which * units + head * size;

  const headOf = (example: readonly number[], head: number): Head => {
    const sequence = columns(example, all!);
    const part = (which: number) =>
      sequence.map((step) => step.slice(at(which, head), at(which, head) + size));
    const [queries, keys, values] = [part(0), part(1), part(2)] as [Matrix, Matrix, Matrix];
    const weights = queries.map((query, t) => {
      const seen = causal ? keys.slice(0, t + 1) : keys;
      const known = softmaxRow(seen.map((key) => dot(query, key) / root));
      return everyStep.map((s) => known[s] ?? 0);
    });
    return { queries, keys, values, weights };
  };

  return {
    forward: (x) =>
      x.map((example) => {
        const own = everyHead.map((head) => headOf(example, head));
        return everyStep.flatMap((t) =>
          own.flatMap(({ values, weights }) =>
            Array.from({ length: size }, (_, j) =>
              dot(
                weights[t]!,
                values.map((value) => value[j]!),
              ),
            ),
          ),
        );
      }),
    backward: (x, delta) => ({
      input: x.map((example, n) => {
        const arriving = columns(delta[n]!, units);
        const input = everyStep.map(() => new Array<number>(all!).fill(0));
        const add = (step: number, place: number, by: number) => {
          (input[step] as number[])[place]! += by;
        };
        for (const head of everyHead) {
          const { queries, keys, values, weights } = headOf(example, head);
          for (const t of everyStep) {
            const error = arriving[t]!.slice(head * size, (head + 1) * size);
            const p = weights[t]!;
            const atWeights = values.map((value) => dot(error, value));
            for (const s of everyStep) {
              // ∂p_r/∂score_s = p_r·(1_rs − p_s).
              const atScore = atWeights.reduce(
                (sum, e, r) => sum + e * p[r]! * (Number(r === s) - p[s]!),
                0,
              );
              for (let j = 0; j < size; j++) {
                add(t, at(0, head) + j, (atScore * keys[s]![j]!) / root);
                add(s, at(1, head) + j, (atScore * queries[t]![j]!) / root);
                add(s, at(2, head) + j, p[s]! * error[j]!);
              }
            }
          }
        }
        return input.flat();
      }),
    }),
  };
}
