import type { Line } from "./chart";

/** What each line is. */
export function Legend({ of, lines }: { of: string; lines: readonly Omit<Line, "values">[] }) {
  return (
    <ul class="legend" aria-label={of}>
      {lines.map(({ label, color, dash = [] }) => (
        <li key={label}>
          <svg width="26" height="8" aria-hidden="true">
            <line
              x2="26"
              y1="4"
              y2="4"
              style={{ stroke: `var(${color})` }}
              stroke-width="2"
              stroke-dasharray={dash.join(" ")}
            />
          </svg>
          {label}
        </li>
      ))}
    </ul>
  );
}
