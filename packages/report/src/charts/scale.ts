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
 * @param options.whole whether only whole numbers are marked.
 * @param options.most about how many of them, at most.
 */
export function linearScale(
  values: readonly number[],
  range: readonly [number, number],
  { whole = false, most = 8 }: { whole?: boolean; most?: number } = {},
): Scale {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  // Values that are nearly the same would have marks with more digits than there is room for.
  const span = high === low ? Math.abs(high) || 1 : Math.max(high - low, Math.abs(high) / 50);
  const step = whole ? Math.max(1, Math.ceil(stepFor(span, most))) : stepFor(span, 5);
  // Epochs begin at 1, which is no multiple of any step but 1.
  const round = (value: number) => Number(value.toPrecision(12));
  const start = whole ? low : round(Math.floor(round(low / step)) * step);
  const end = whole
    ? Math.max(high, low + 1)
    : Math.max(round(Math.ceil(round(high / step)) * step), start + step);
  const first = round(Math.ceil(round(start / step)) * step);
  const ticks = first - start >= step / 2 ? [start] : [];
  for (let i = 0; first + i * step <= end + step / 1e6; i++) ticks.push(round(first + i * step));
  return {
    ticks,
    place: (value) => range[0] + ((value - start) / (end - start)) * (range[1] - range[0]),
  };
}

/** An axis of angles in degrees: from 0 to a right angle, and further where values are. */
export function angleScale(values: readonly number[], range: readonly [number, number]): Scale {
  const end = Math.max(90, ...values) * 1.04;
  return {
    ticks: [0, 30, 60, 90, 120, 150, 180].filter((tick) => tick <= end),
    // An edge of a band may be less than any angle is.
    place: (value) => range[0] + (Math.max(value, 0) / end) * (range[1] - range[0]),
  };
}

/** A logarithmic axis that covers positive values, from one power of ten to another. */
export function logScale(values: readonly number[], range: readonly [number, number]): Scale {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(Math.ceil(Math.log10(Math.max(...values))), low + 1);
  // Of many powers every second, third … is marked.
  const stride = Math.ceil((high - low) / 6);
  const ticks = Array.from({ length: Math.floor((high - low) / stride) + 1 }, (_, i) =>
    Number(`1e${low + i * stride}`),
  );
  const place = (value: number) =>
    range[0] + ((Math.log10(value) - low) / (high - low)) * (range[1] - range[0]);
  // The lower edge of a band may be below anything a logarithm has.
  return { ticks, place: (value) => place(Math.max(value, 10 ** low)) };
}

/**
 * A linear axis, or a logarithmic one for positive values that span more than two powers of ten.
 *
 * @param lowest the least of the values that have to be seen as they are; the least of all when left out.
 */
export function fittingScale(
  values: readonly number[],
  range: readonly [number, number],
  lowest = Math.min(...values),
): Scale {
  if (lowest <= 0 || Math.max(...values) / lowest <= 100) return linearScale(values, range);
  return logScale(
    values.map((value) => Math.max(value, lowest)),
    range,
  );
}

/** A number as a tick shows it. */
export function tickText(value: number): string {
  if (value === 0) return "0";
  return Math.abs(value) < 1e-3 || Math.abs(value) >= 1e5
    ? value.toExponential(0).replace("-", "−")
    : String(value).replace("-", "−");
}
