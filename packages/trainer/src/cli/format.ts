/** `54000` → `54,000`. */
export function count(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** `1` → `1 run`, `2000` → `2,000 runs`. */
export function runCount(value: number): string {
  return `${count(value)} ${value === 1 ? "run" : "runs"}`;
}

/** `170052171` → `170.1`. */
export function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

/** A loss with four digits that count: `0.2993`, `0.00001234`. */
export function loss(value: number): string {
  if (value >= 0.1 || value === 0) return value.toFixed(4);
  return value >= 1e-4 ? value.toPrecision(3) : value.toExponential(2);
}

/** `0.9812` → `98.12 %`. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

/** `4.25` → `4.3 s`, `75` → `1:15`. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [
    Math.floor(whole / 3600),
    Math.floor(whole / 60) % 60,
    whole % 60,
  ];
  const two = (value: number) => String(value).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** A cosine and its angle: `0.312 (72°)`; `–` where there is none, as for a vector of zeros. */
export function cosine(value: number, angle: number): string {
  if (Number.isNaN(value)) return "–";
  return `${value.toFixed(3)} (${angle.toFixed(0)}°)`;
}

/** The first sentence of a message, which says what happened. */
export function firstSentence(text: string): string {
  return /^.*?\.(?=\s|$)/s.exec(text)?.[0] ?? text;
}
