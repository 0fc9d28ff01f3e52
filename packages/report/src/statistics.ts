/** What several runs of one kind make of a measurement. */
export interface Statistics {
  /** How many values there are. */
  readonly n: number;
  readonly mean: number;
  /** Sample standard deviation, √(Σ(x − mean)²/(n − 1)); missing for a single value. */
  readonly sd?: number;
}

/** Mean and sample standard deviation of the finite values among some; undefined when there is none. */
export function statistics(values: readonly (number | undefined)[]): Statistics | undefined {
  const finite = values.filter((value): value is number => Number.isFinite(value));
  const n = finite.length;
  if (n === 0) return undefined;
  const mean = finite.reduce((sum, value) => sum + value, 0) / n;
  if (n === 1) return { n, mean };
  const squares = finite.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { n, mean, sd: Math.sqrt(squares / (n - 1)) };
}

/**
 * `97.69 ± 0.08 %`: the deviation with as many decimals as the mean; a dash for nothing.
 *
 * @param show writes a value; a unit after the number stays after the deviation.
 */
export function meanAndSd(
  result: Statistics | undefined,
  show: (value: number) => string = String,
): string {
  if (result === undefined) return "–";
  const { mean, sd } = result;
  if (sd === undefined) return show(mean);
  const [, number = "", decimals = "", exponent = "", unit = ""] =
    /^(-?\d+(?:\.(\d+))?(e[+-]\d+)?)(.*)$/.exec(show(mean)) ?? [];
  return exponent === ""
    ? `${number} ± ${sd.toFixed(decimals.length)}${unit}`
    : `${number} ± ${sd.toExponential(1)}${unit}`;
}
