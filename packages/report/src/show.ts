/** `97.69 %`, from per cent. */
export const percent = (value: number): string => `${value.toFixed(2)} %`;

/** `51.8°`. */
export const degrees = (value: number): string => `${value.toFixed(1)}°`;

/** `0.0774`, `1.32e-7`: three digits that count. */
export function fewDigits(value: number): string {
  if (value === 0) return "0";
  return Math.abs(value) < 1e-4 || Math.abs(value) >= 1e5
    ? value.toExponential(2)
    : value.toPrecision(3);
}
