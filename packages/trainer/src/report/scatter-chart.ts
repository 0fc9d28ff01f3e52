import { area, at, chart, type Mark } from "./chart";
import { type Html, html } from "./html";
import { linearScale } from "./scale";

/** Points of one kind. */
export interface Cloud {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

const mark: Mark = (series) =>
  html`<svg viewBox="0 0 22 10" aria-hidden="true">${dot(series, 11, 5)}</svg>`;

/** A ring for the first kind, a full dot for the next: told apart without colours too. */
function dot(series: number, x: number, y: number): Html {
  return series === 0
    ? html`<circle cx="${at(x)}" cy="${at(y)}" r="3.2" fill="none" stroke="var(--series-2)"/>`
    : html`<circle cx="${at(x)}" cy="${at(y)}" r="2" fill="var(--series-0)"/>`;
}

/** Clouds of points. @param diagonal whether to draw the line where y is x. */
export function scatterChart(
  title: string,
  xTitle: string,
  clouds: readonly Cloud[],
  { note, diagonal = false }: { note?: string; diagonal?: boolean } = {},
): Html {
  const points = clouds.flatMap(({ points }) => points);
  const all = points.flat();
  const x = linearScale(diagonal ? all : points.map(([value]) => value), area.x);
  const y = linearScale(diagonal ? all : points.map(([, value]) => value), area.y);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const line = diagonal
    ? [
        html`<path class="reference" d="M${at(x.place(low))} ${at(y.place(low))}L${at(x.place(high))} ${at(y.place(high))}"/>`,
      ]
    : [];
  const content = [
    ...line,
    ...clouds.map(
      ({ points }, i) =>
        html`<g>${points.map(([px, py]) => dot(diagonal ? 1 : i, x.place(px), y.place(py)))}</g>`,
    ),
  ];
  return chart({
    title,
    note,
    names: clouds.map(({ name }) => name),
    mark: diagonal ? () => mark(1) : mark,
    x,
    y,
    xTitle,
    content,
  });
}
