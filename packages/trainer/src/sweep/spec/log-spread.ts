/** The largest gap between neighbours, as a share of the whole. */
function largestGap(sorted: readonly number[]): number {
  const gaps = sorted.slice(1).map((value, i) => value - (sorted[i] as number));
  return Math.max(...gaps) / ((sorted.at(-1) as number) - (sorted[0] as number));
}

/**
 * Whether values are spread over powers, as 0.001, 0.01 and 0.1 are: positive numbers over a power of ten at least, and
 * more evenly by their logarithms than as they are.
 */
export function isSpreadOverPowers(values: readonly unknown[]): boolean {
  if (!values.every((value): value is number => typeof value === "number" && value > 0))
    return false;
  const sorted = [...new Set(values)].sort((a, b) => a - b);
  const [first = 1, last = 1] = [sorted[0], sorted.at(-1)];
  return last / first >= 10 && largestGap(sorted.map(Math.log)) <= largestGap(sorted);
}
