/** The class a network's outputs name: that of the largest, the first of equal ones. */
export function classOf(outputs: ArrayLike<number>): number {
  let best = 0;
  for (let label = 1; label < outputs.length; label++)
    if ((outputs[label] as number) > (outputs[best] as number)) best = label;
  return best;
}
