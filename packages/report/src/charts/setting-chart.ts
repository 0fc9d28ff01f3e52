import { type Html, html } from "../html";
import { interval, meanAndSd, type Statistics } from "../statistics";
import { type Area, cardArea, chart } from "./chart";
import { at, colour, lineMark, stroke, within } from "./marks";
import { fittingScale, linearScale, logScale, type Scale } from "./scale";

/** A result at a value of a setting. */
interface SettingPoint {
  /** The setting's value, or the place of one that is no number among all of them. */
  readonly at: number;
  readonly result: Statistics;
  /** What the point is of. */
  readonly label: string;
}

/** Points that differ in the one setting alone. */
export interface SettingLine {
  /** What all of them have. */
  readonly name: string;
  /** Sorted by the setting. */
  readonly points: readonly SettingPoint[];
}

/** How a chart of results over a setting looks. */
export interface SettingChartOptions {
  readonly title: string;
  readonly note?: string;
  /** The setting's name, under the axis. */
  readonly xTitle: string;
  readonly lines: readonly SettingLine[];
  /** Whether values are spread over powers of ten. */
  readonly log?: boolean;
  /** The setting's values where they are no numbers. */
  readonly names?: readonly string[];
  /** How a result reads. */
  readonly show: (value: number) => string;
}

/** More lines than these are not told apart by name. */
const MOST_NAMES = 12;

/** The places of values that are no numbers, side by side. */
function namedScale(names: readonly string[], [left, right]: readonly [number, number]): Scale {
  const step = (right - left) / names.length;
  return { ticks: names.map((_, i) => i), place: (value) => left + (value + 0.5) * step };
}

/** Results over a setting: each mean a dot with its 95 % interval as a stroke, lines between them. */
export function settingChart(options: SettingChartOptions): Html {
  const { title, note, xTitle, lines, log = false, names, show } = options;
  const area = cardArea(14, true);
  const points = lines.flatMap((line) => line.points);
  const values = points.map((point) => point.at);
  const x =
    names !== undefined
      ? namedScale(names, area.x)
      : log
        ? logScale(values, area.x)
        : linearScale(values, area.x);
  const means = points.map(({ result }) => result.mean);
  const ends = points.flatMap(({ result: { mean, sd = 0 } }) => [mean - sd, mean, mean + sd]);
  const y = fittingScale(ends, area.y, Math.min(...means));
  const isNamed = lines.length > 1 && lines.length <= MOST_NAMES;
  const figure = chart({
    title,
    note,
    label: `${title}, by ${xTitle}: ${points.map(({ label, result }) => `${label} ${meanAndSd(result, show)}`).join(", ")}`,
    area,
    x,
    y,
    xTitle,
    ...(names !== undefined && { xNames: names }),
    content: lines.map((line, i) => lineOf(line, isNamed ? i : 0, x, y, area.y, show)),
  });
  if (!isNamed) return figure;
  return html`<div>${figure}<p class="soft">${lines.map(({ name }, i) => html`${lineMark(i)} ${name} `)}</p></div>`;
}

function lineOf(
  { points }: SettingLine,
  slot: number,
  x: Scale,
  y: Scale,
  range: Area["y"],
  show: (value: number) => string,
): Html {
  const place = ({ at: value, result }: SettingPoint) => [
    at(x.place(value)),
    at(y.place(result.mean)),
  ];
  const path = points.map((point) => place(point).join(" ")).join("L");
  const marks = points.map((point) => {
    const [px, py] = place(point);
    const reach = interval(point.result)?.map((end) => at(within(range, y.place(end))));
    const bar =
      reach !== undefined &&
      html`<path stroke="${colour(slot)}" d="M${px} ${reach[0]}V${reach[1]}"/>`;
    return html`${bar}<circle cx="${px}" cy="${py}" r="3" fill="${colour(slot)}"><title>${point.label}: ${meanAndSd(point.result, show)}</title></circle>`;
  });
  return html`<g>${points.length > 1 && html`<path class="line" ${stroke(slot)} d="M${path}"/>`}${marks}</g>`;
}
