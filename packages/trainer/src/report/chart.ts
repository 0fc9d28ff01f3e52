import { type Html, html } from "./html";
import { type Scale, tickText } from "./scale";

const WIDTH = 520;
const HEIGHT = 250;
const LEFT = 48;
const RIGHT = 12;
const TOP = 12;
const BOTTOM = 38;

/** Where the axes of a chart are drawn. */
export const area = { x: [LEFT, WIDTH - RIGHT], y: [HEIGHT - BOTTOM, TOP] } as const;

const dashes = ["", "6 4", "2 4", "10 4 2 4", "1 5", "8 3"];
const COLOURS = 6;

/** Colour and dash of a series: told apart without colours too. */
export function stroke(series: number): Html {
  const dash = dashes[series % dashes.length];
  return html`stroke="var(--series-${series % COLOURS})"${dash !== "" && html` stroke-dasharray="${dash}"`}`;
}

/** What stands for a series in the legend. */
export type Mark = (series: number) => Html;

export const lineMark: Mark = (series) =>
  html`<svg viewBox="0 0 22 10" aria-hidden="true"><path class="series" ${stroke(series)} d="M1 5H21"/></svg>`;

/** A chart in a card: title, legend, axes with round numbers, and what is drawn between them. */
export function chart({
  title,
  note,
  names,
  mark,
  x,
  y,
  xTitle,
  content,
}: {
  title: string;
  note?: string | undefined;
  names: readonly string[];
  mark: Mark;
  x: Scale;
  y: Scale;
  xTitle: string;
  content: Html | readonly Html[];
}): Html {
  const [left, right] = area.x;
  const [bottom] = area.y;
  return html`<figure class="card">
<h3>${title}</h3>${note !== undefined && html`<p class="soft">${note}</p>`}
<ul class="legend">${names.map((name, i) => html`<li>${mark(i)}${name}</li>`)}</ul>
<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}: ${names.join(", ")}">
${y.ticks.map((tick) => html`<path class="gridline" d="M${left} ${at(y.place(tick))}H${right}"/><text x="${left - 8}" y="${at(y.place(tick) + 4)}" text-anchor="end">${tickText(tick)}</text>`)}
${x.ticks.map((tick) => html`<text x="${at(x.place(tick))}" y="${bottom + 18}" text-anchor="middle">${tickText(tick)}</text>`)}
<text x="${right}" y="${HEIGHT - 4}" text-anchor="end">${xTitle}</text>
${content}
</svg></figure>`;
}

/** A coordinate with as many digits as a screen shows. */
export function at(coordinate: number): string {
  return String(Math.round(coordinate * 10) / 10);
}
