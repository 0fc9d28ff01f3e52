import { type Html, html } from "../html";
import { interval, meanAndSd, statistics } from "../statistics";
import { type Area, cardArea, chart } from "./chart";
import { at, colour, within } from "./marks";
import { linearScale } from "./scale";

/** Some runs of a kind, and what each of them came to. */
export interface DotRow {
  readonly name: string;
  readonly slot: number;
  /** Those that are not finite are left out. */
  readonly values: readonly number[];
}

const ROW = 22;
/** Above the first row, and below the last one, where the axis is. */
const ABOVE = 8;
const BELOW = 36;

/** A row for each kind of runs: every run as a dot, their mean as a stroke, and where there are two or more its 95 % interval as a bar. */
export function dotChart({
  title,
  note,
  rows,
  show,
  xTitle,
}: {
  readonly title: string | Html;
  readonly note?: string;
  readonly rows: readonly DotRow[];
  readonly show: (value: number) => string;
  readonly xTitle: string;
}): Html {
  const finite = rows.map((row) => ({ ...row, values: row.values.filter(Number.isFinite) }));
  const longest = Math.max(...rows.map(({ name }) => name.length));
  const { width } = cardArea(0, true);
  const bottom = ABOVE + rows.length * ROW;
  const area: Area = {
    width,
    height: bottom + BELOW,
    x: [Math.ceil(longest * 6.6) + 14, width - 16],
    y: [bottom, ABOVE],
  };
  const x = linearScale(
    finite.flatMap(({ values }) => values),
    area.x,
  );
  const inside = (value: number) => at(within(area.x, x.place(value)));
  const row = ({ name, slot, values }: DotRow, i: number) => {
    const y = ABOVE + (i + 0.5) * ROW;
    const result = statistics(values);
    const reach = result && interval(result);
    return html`<g class="s${slot}"><text class="name" x="${area.x[0] - 10}" y="${y + 4}" text-anchor="end">${name}</text>
${reach && html`<path class="interval" stroke="${colour(slot)}" d="M${inside(reach[0])} ${y}H${inside(reach[1])}"/>`}
${result && html`<path class="mean" stroke="${colour(slot)}" d="M${at(x.place(result.mean))} ${y - 7}V${y + 7}"/>`}
${values.map((value) => html`<circle class="dot" cx="${at(x.place(value))}" cy="${y}" r="3.4" fill="${colour(slot)}"><title>${name}: ${show(value)}</title></circle>`)}</g>`;
  };
  return chart({
    title,
    note,
    label: `${typeof title === "string" ? title : title.plain.text}: ${finite
      .map(({ name, values }) => `${name} ${meanAndSd(statistics(values), show)}`)
      .join(", ")}`,
    area,
    x,
    y: { ticks: [], place: () => bottom },
    xTitle,
    content: [
      html`<g class="axes" aria-hidden="true">${x.ticks.map((tick) => html`<path class="gridline" d="M${at(x.place(tick))} ${ABOVE}V${bottom}"/>`)}</g>`,
      ...finite.map(row),
    ],
  });
}
