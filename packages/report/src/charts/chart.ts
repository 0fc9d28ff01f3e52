import { type Html, html } from "../html";
import { at } from "./marks";
import { type Scale, tickText } from "./scale";

/** The size of a chart in pixels, as it is shown where there is room, and where its axes are drawn. */
export interface Area {
  readonly width: number;
  readonly height: number;
  /** From left to right. */
  readonly x: readonly [number, number];
  /** From the bottom up. */
  readonly y: readonly [number, number];
}

/**
 * The area of a chart in a card.
 *
 * @param right what is left free for names at the ends of lines.
 * @param wide whether the card is half of a page wide, and not a third.
 */
export function cardArea(right = 14, wide = false): Area {
  const width = columnWidth(wide ? 2 : 3, 14, 34);
  return { width, height: 236, x: [46, width - right], y: [200, 10] };
}

/**
 * The area of one of many small charts beside each other.
 *
 * @param columns how many stand beside each other.
 * @param right what is left free for names at the ends of lines.
 */
export function panelArea(columns: number, right = 8): Area {
  const width = panelWidth(columns);
  return { width, height: 170, x: [36, width - right], y: [132, 8] };
}

/** How wide a small chart is, where so many stand beside each other: a third of the page at most. */
export const panelWidth = (columns: number) => columnWidth(Math.max(columns, 3), 10, 22);

/**
 * What a chart has of a page's width: that, so that nothing is scaled and text has one size everywhere.
 *
 * @param gap between cards.
 * @param frame what a card has around its chart, on both sides together.
 */
const columnWidth = (columns: number, gap: number, frame: number) =>
  Math.floor((CONTENT_WIDTH - gap * (columns - 1)) / columns) - frame;

/** The widest that a page's content gets, in pixels: the style's `main` without its padding. */
const CONTENT_WIDTH = 1192;

/** A chart in a card: title, axes with round numbers, and what is drawn between them. */
export function chart({
  title,
  note,
  label,
  area,
  x,
  y,
  xTitle,
  xNames,
  content,
  readout,
}: {
  title: string | Html;
  note?: string | undefined;
  /** What is to be seen, for those who do not see it. */
  label: string;
  area: Area;
  x: Scale;
  y: Scale;
  xTitle: string;
  /** What stands at the ticks in place of numbers, by these. */
  xNames?: readonly string[];
  content: Html | readonly Html[];
  /** What the pointer reads, as the page's script takes it. */
  readout?: unknown;
}): Html {
  const [left, right] = area.x;
  const [bottom] = area.y;
  const data = readout !== undefined && html` data-readout="${JSON.stringify(readout)}"`;
  return html`<figure class="card">
<figcaption><h4>${title}</h4>${note !== undefined && html`<p class="soft">${note}</p>`}</figcaption>
<svg class="chart" width="${area.width}" height="${area.height}" viewBox="0 0 ${area.width} ${area.height}" role="img" aria-label="${label}"${data}>
<g class="axes" aria-hidden="true">${y.ticks.map((tick) => html`<path class="gridline" d="M${left} ${at(y.place(tick))}H${right}"/><text x="${left - 7}" y="${at(y.place(tick) + 4)}" text-anchor="end">${tickText(tick)}</text>`)}
${x.ticks.map((tick) => html`<text x="${at(x.place(tick))}" y="${bottom + 17}" text-anchor="middle">${xNames?.[tick] ?? tickText(tick)}</text>`)}
${xTitle !== "" && html`<text x="${right}" y="${area.height - 3}" text-anchor="end">${xTitle}</text>`}</g>
${content}
</svg></figure>`;
}
