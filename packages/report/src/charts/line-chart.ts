import { Html, html } from "../html";
import type { Line } from "../lines";
import { interval, meanAndSd, type Statistics } from "../statistics";
import { type Area, cardArea, chart, panelArea, panelWidth } from "./chart";
import { placeLabels } from "./end-labels";
import { at, colour, stroke, within } from "./marks";
import { angleScale, fittingScale, linearScale, type Scale } from "./scale";

type Limits = readonly [low: number, high: number];

/** How a chart of lines looks. */
export interface LineChartOptions {
  readonly title: string | Html;
  readonly note?: string;
  readonly lines: readonly Line[];
  readonly epochs: readonly number[];
  /** Whether values are angles in degrees; a right one is then marked. */
  readonly angles?: boolean;
  /** What no value is below or above, whatever a band would reach. */
  readonly limits?: Limits;
  /** How a value reads. */
  readonly show?: (value: number) => string;
  /** One of many small charts with the same axis of values; `columns` of them stand beside each other. */
  readonly panel?: { readonly values: readonly number[]; readonly columns: number };
  /** Whether it is half of a page wide, and not a third. */
  readonly wide?: boolean;
  /** What stands in place of epochs: its name, and each one's; and whether it is no count, as epochs are. */
  readonly over?: {
    readonly title: string;
    readonly names: readonly string[];
    readonly isContinuous?: boolean;
  };
}

/** Fewer epochs than this are marked one by one. */
const MARKED_EPOCHS = 16;
/** Longer names than this do not fit at the end of a line. */
const LONGEST_NAME = 16;

/** Room for names at the ends of lines. */
const roomFor = (longest: number) => Math.ceil(longest * 6.6) + 18;

/** Whether names stand at the ends of their lines in a small chart, or have to be told elsewhere. */
export function fitsPanel(names: readonly string[], columns: number): boolean {
  return roomFor(Math.max(...names.map(({ length }) => length))) <= 0.3 * panelWidth(columns);
}

/**
 * What an axis of values has to show: means, and one standard deviation below and above. Intervals of few runs are wider,
 * and end where the axis does: what is to be seen would be flat else.
 */
export function extentOf(lines: readonly Line[], limits?: Limits): number[] {
  const values = lines.flatMap(({ points }) =>
    points.flatMap((point) =>
      point === undefined
        ? []
        : [point.mean, point.mean - (point.sd ?? 0), point.mean + (point.sd ?? 0)],
    ),
  );
  return limits === undefined ? values : values.map((value) => within(limits, value));
}

/** Curves over epochs, with a band of the mean's 95 % interval where there are several runs. */
export function lineChart(options: LineChartOptions): Html {
  const {
    title,
    note,
    lines,
    epochs,
    angles = false,
    limits,
    show = String,
    panel,
    wide,
  } = options;
  const over: NonNullable<LineChartOptions["over"]> = options.over ?? {
    title: "epoch",
    names: epochs.map((epoch) => `epoch ${epoch}`),
  };
  const longest = Math.max(...lines.map(({ name }) => name.length));
  const fits = panel
    ? fitsPanel(
        lines.map(({ name }) => name),
        panel.columns,
      )
    : longest <= LONGEST_NAME;
  const labelled = (lines.length > 1 || (panel !== undefined && longest > 0)) && fits;
  const right = labelled ? roomFor(longest) : undefined;
  const area = panel ? panelArea(panel.columns, right) : cardArea(right, wide);
  const most = panel === undefined ? 8 : 5;
  const x = linearScale(epochs, area.x, { whole: over.isContinuous !== true, most });
  const y = verticalScale(panel?.values ?? extentOf(lines, limits), area, angles, lines);
  const line = angles
    ? [html`<path class="reference" d="M${area.x[0]} ${at(y.place(90))}H${area.x[1]}"/>`]
    : [];
  const last = (points: Line["points"]) => points.findLast((point) => point !== undefined);
  const texts = (points: Line["points"]) =>
    points.map((point) => (point === undefined ? null : meanAndSd(point, show)));
  return chart({
    title,
    note,
    label: `${title instanceof Html ? title.plain.text : title}, by ${over.title}; at the end ${lines
      .map(({ name, points }) => `${name} ${meanAndSd(last(points), show)}`)
      .join(", ")}`,
    area,
    x,
    y,
    xTitle: over.title,
    content: [
      ...line,
      ...lines.map((one) => bandOf(one, epochs, x, y, { area, limits })),
      ...lines.map((one) => curveOf(one, { epochs, names: over.names, x, y, show })),
      ...(labelled ? namesOf(lines, epochs, x, y, area) : []),
    ],
    readout: {
      names: over.names,
      x: epochs.map((epoch) => Number(at(x.place(epoch)))),
      y: area.y,
      lines: lines.map(({ name, slot, points }) => ({ name, slot, values: texts(points) })),
    },
  });
}

/** The axis of values: of angles where a right one is marked. */
function verticalScale(
  values: readonly number[],
  area: Area,
  angles: boolean,
  lines: readonly Line[],
): Scale {
  if (angles) return angleScale(values, area.y);
  const means = lines.flatMap(({ points }) => points.flatMap((point) => point?.mean ?? []));
  return fittingScale(values, area.y, Math.min(...means));
}

/** The stretches of a line between its gaps. */
function stretchesOf({ points }: Line, epochs: readonly number[]) {
  const stretches: { epoch: number; point: Statistics }[][] = [[]];
  points.forEach((point, i) => {
    if (point === undefined) stretches.push([]);
    else stretches.at(-1)?.push({ epoch: epochs[i] as number, point });
  });
  return stretches.filter((stretch) => stretch.length > 0);
}

function bandOf(
  line: Line,
  epochs: readonly number[],
  x: Scale,
  y: Scale,
  { area, limits }: { area: Area; limits: Limits | undefined },
): Html {
  const inside = (value: number) => (limits === undefined ? value : within(limits, value));
  const path = stretchesOf(line, epochs).map((stretch) => {
    const edge = (side: 0 | 1) =>
      stretch.map(({ epoch, point }) => {
        const value = interval(point)?.[side] ?? point.mean;
        return `${at(x.place(epoch))} ${at(within(area.y, y.place(inside(value))))}`;
      });
    return `M${[...edge(1), ...edge(0).reverse()].join("L")}Z`;
  });
  const hasBand = line.points.some((point) => (point?.sd ?? 0) > 0);
  return html`${hasBand && html`<path class="band s${line.slot}" fill="${colour(line.slot)}" stroke="${colour(line.slot)}" d="${path.join("")}"/>`}`;
}

function curveOf(
  line: Line,
  {
    epochs,
    names,
    x,
    y,
    show,
  }: {
    epochs: readonly number[];
    names: readonly string[];
    x: Scale;
    y: Scale;
    show: (value: number) => string;
  },
): Html {
  const { name, slot } = line;
  const called = new Map(epochs.map((epoch, i) => [epoch, names[i]]));
  const stretches = stretchesOf(line, epochs);
  const path = stretches.map(
    (stretch) =>
      `M${stretch.map(({ epoch, point }) => `${at(x.place(epoch))} ${at(y.place(point.mean))}`).join("L")}`,
  );
  // A lone epoch between two gaps would be no line at all.
  const marked =
    epochs.length <= MARKED_EPOCHS ? stretches : stretches.filter((one) => one.length === 1);
  const dots = marked
    .flat()
    .map(
      ({ epoch, point }) =>
        html`<circle cx="${at(x.place(epoch))}" cy="${at(y.place(point.mean))}" r="2.4" fill="${colour(slot)}"><title>${name}, ${called.get(epoch)}: ${meanAndSd(point, show)}</title></circle>`,
    );
  return html`<g class="s${slot}"><path class="line" ${stroke(slot)} d="${path.join("")}"/>${dots}</g>`;
}

/** The names of lines at their ends. */
function namesOf(
  lines: readonly Line[],
  epochs: readonly number[],
  x: Scale,
  y: Scale,
  area: Area,
): Html[] {
  const ends = lines.flatMap(({ name, slot, points }) => {
    const last = points.findLastIndex((point) => point !== undefined);
    const { mean } = points[last] as Statistics;
    return [{ name, slot, end: y.place(mean), from: x.place(epochs[last] as number) }];
  });
  const from = new Map(ends.map(({ slot, from }) => [slot, from]));
  const right = area.x[1];
  return placeLabels(ends, area.y).map(
    ({ name, slot, end, y: place }) =>
      html`<g class="s${slot}" aria-hidden="true"><path class="leader" stroke="${colour(slot)}" d="M${at((from.get(slot) as number) + 3)} ${at(end)}L${right + 9} ${at(place)}"/><text class="name" x="${right + 12}" y="${at(place + 4)}">${name}</text></g>`,
  );
}
