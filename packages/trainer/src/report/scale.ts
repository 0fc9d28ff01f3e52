/** A way from values to places on an axis, with the values to mark on it. */
export interface Scale {
  readonly ticks: readonly number[];
  readonly place: (value: number) => number;
}

/** Round steps: 1, 2 or 5 times a power of ten. */
function stepFor(span: number, ticks: number): number {
  const rough = span / ticks;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= rough) as number;
  return factor * power;
}

/**
 * A linear axis that covers the values, from one round number to another.
 *
 * @param range where the ends of the axis are drawn.
 * @param whole whether only whole numbers are marked.
 */
export function linearScale(
  values: readonly number[],
  range: readonly [number, number],
  { whole = false } = {},
): Scale {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const span = high - low || Math.abs(high) || 1;
  const step = whole ? Math.max(1, Math.ceil(stepFor(span, 8))) : stepFor(span, 5);
  // Epochs begin at 1, which is no multiple of any step but 1.
  const start = whole ? low : Math.floor(low / step) * step;
  const end = whole
    ? Math.max(high, low + 1)
    : Math.max(Math.ceil(high / step) * step, start + step);
  const first = Math.ceil(start / step) * step;
  const ticks = first - start >= step / 2 ? [start] : [];
  for (let i = 0; first + i * step <= end + step / 1e6; i++)
    ticks.push(Number((first + i * step).toPrecision(12)));
  return {
    ticks,
    place: (value) => range[0] + ((value - start) / (end - start)) * (range[1] - range[0]),
  };
}

/** A logarithmic axis that covers positive values, from one power of ten to another. */
function logScale(values: readonly number[], range: readonly [number, number]): Scale {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(Math.ceil(Math.log10(Math.max(...values))), low + 1);
  const ticks = Array.from({ length: high - low + 1 }, (_, i) => Number(`1e${low + i}`));
  return {
    ticks,
    place: (value) => range[0] + ((Math.log10(value) - low) / (high - low)) * (range[1] - range[0]),
  };
}

/** A linear axis, or a logarithmic one for positive values that span more than two powers of ten. */
export function fittingScale(values: readonly number[], range: readonly [number, number]): Scale {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low > 0 && high / low > 100 ? logScale(values, range) : linearScale(values, range);
}

/** A number as a tick shows it. */
export function tickText(value: number): string {
  if (value === 0) return "0";
  return Math.abs(value) < 1e-3 || Math.abs(value) >= 1e5
    ? value.toExponential(0).replace("-", "−")
    : String(value).replace("-", "−");
}
