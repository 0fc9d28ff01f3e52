/** The class a network's outputs name: that of the largest, the first of equal ones; of a single output 1 where it is above 0, or 0. */
export function classOf(outputs: ArrayLike<number>): number {
  if (outputs.length === 1) return (outputs[0] as number) > 0 ? 1 : 0;
  let best = 0;
  for (let label = 1; label < outputs.length; label++)
    if ((outputs[label] as number) > (outputs[best] as number)) best = label;
  return best;
}
