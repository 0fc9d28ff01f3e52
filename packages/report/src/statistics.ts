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

/** The 97.5 % quantiles of Student's t, by degrees of freedom from 1. */
const T = [
  12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306, 2.2622, 2.2281, 2.201, 2.1788,
  2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.093, 2.086, 2.0796, 2.0739, 2.0687, 2.0639,
  2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423,
];

/**
 * The 95 % confidence interval of a mean: mean ± t·sd/√n, t of Student's distribution with n − 1 degrees of freedom. It says
 * how many runs there are: of two it is 9 sd wide on each side, of twenty half of one.
 *
 * @returns its ends; undefined for a single run, of whose spread nothing is known.
 */
export function interval({ n, mean, sd }: Statistics): [low: number, high: number] | undefined {
  if (sd === undefined) return undefined;
  const reach = (studentT(n - 1) * sd) / Math.sqrt(n);
  return [mean - reach, mean + reach];
}

/** The 97.5 % quantile; beyond the table by Cornish and Fisher's expansion, which is right there to 1e-4. */
function studentT(freedom: number): number {
  const z = 1.959964;
  return (
    T[freedom - 1] ??
    z + (z ** 3 + z) / (4 * freedom) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2)
  );
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
