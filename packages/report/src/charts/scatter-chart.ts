import { type Html, html } from "../html";
import { cardArea, chart } from "./chart";
import { at, colour } from "./marks";
import { linearScale } from "./scale";

type Point = readonly [x: number, y: number];

/** Points, with curves over them or the line where y is x. */
export function scatterChart({
  title,
  label,
  slot,
  xTitle,
  dots,
  curves = [],
  diagonal = false,
  wide = false,
}: {
  readonly title: Html;
  readonly label: string;
  readonly slot: number;
  readonly xTitle: string;
  /** Grey where there are curves to see, and in the series' own colour otherwise. */
  readonly dots: readonly Point[];
  /** Each sorted by x. */
  readonly curves?: readonly (readonly Point[])[];
  readonly diagonal?: boolean;
  /** Whether it is half of a page wide, and not a third. */
  readonly wide?: boolean;
}): Html {
  const area = cardArea(14, wide);
  const points = [...dots, ...curves.flat()];
  const all = points.flat();
  const x = linearScale(diagonal ? all : points.map(([value]) => value), area.x);
  const y = linearScale(diagonal ? all : points.map(([, value]) => value), area.y);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const place = ([px, py]: Point) => `${at(x.place(px))} ${at(y.place(py))}`;
  const dot = curves.length > 0 ? "dots targets" : "dots";
  const content = [
    ...(diagonal
      ? [html`<path class="reference" d="M${place([low, low])}L${place([high, high])}"/>`]
      : []),
    // Lines of no length with round ends: a whole cloud in one path.
    html`<path class="${dot}"${curves.length === 0 && html` stroke="${colour(slot)}"`} d="${dots.map((point) => `M${place(point)}h0`).join("")}"/>`,
    ...curves.map(
      (curve) =>
        html`<path class="line" stroke="${colour(slot)}" d="M${curve.map(place).join("L")}"/>`,
    ),
  ];
  return html`<div class="s${slot}">${chart({ title, label, area, x, y, xTitle, content })}</div>`;
}
