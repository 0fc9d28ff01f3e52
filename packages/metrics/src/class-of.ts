/**
 * The class a network's outputs name: that of the largest, the first of equal ones; of a single output 1 where it is
 * above the loss's threshold, or 0.
 *
 * @param threshold the output above which the class 1 is more probable than not: 0 where outputs are logits.
 */
export function classOf(outputs: ArrayLike<number>, threshold = 0): number {
  if (outputs.length === 1) return (outputs[0] as number) > threshold ? 1 : 0;
  let best = 0;
  for (let label = 1; label < outputs.length; label++)
    if ((outputs[label] as number) > (outputs[best] as number)) best = label;
  return best;
}
