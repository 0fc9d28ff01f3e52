import { Html, html } from "../html";
import type { Line } from "../lines";
import { meanAndSd, type Statistics } from "../statistics";
import { type Area, cardArea, chart, panelArea } from "./chart";
import { placeLabels } from "./end-labels";
import { at, colour, stroke } from "./marks";
import { angleScale, fittingScale, linearScale, type Scale } from "./scale";

/** How a chart of lines looks. */
export interface LineChartOptions {
  readonly title: string | Html;
  readonly note?: string;
  readonly lines: readonly Line[];
  readonly epochs: readonly number[];
  /** Whether values are angles in degrees; a right one is then marked. */
  readonly angles?: boolean;
  /** How a value reads. */
  readonly show?: (value: number) => string;
  /** One of many small charts; what they share, the axis included, is said elsewhere. */
  readonly panel?: { readonly values: readonly number[] };
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

/** What a line and its band reach. */
export function extentOf(lines: readonly Line[]): number[] {
  return lines.flatMap(({ points }) =>
    points.flatMap((point) => (point === undefined ? [] : [point.mean, ...band(point)])),
  );
}

/** One standard deviation below and above; nothing for a single run. */
function band({ mean, sd }: Statistics): number[] {
  return sd === undefined ? [] : [mean - sd, mean + sd];
}

/** Curves over epochs, with a band of one standard deviation where there are several runs. */
export function lineChart(options: LineChartOptions): Html {
  const { title, note, lines, epochs, angles = false, show = String, panel, wide } = options;
  const over: NonNullable<LineChartOptions["over"]> = options.over ?? {
    title: "epoch",
    names: epochs.map((epoch) => `epoch ${epoch}`),
  };
  const longest = Math.max(...lines.map(({ name }) => name.length));
  const labelled = panel === undefined && lines.length > 1 && longest <= LONGEST_NAME;
  const area =
    panel === undefined ? cardArea(labelled ? Math.ceil(longest * 6.6) + 18 : 14, wide) : panelArea;
  const most = panel === undefined ? 8 : 5;
  const x = linearScale(epochs, area.x, { whole: over.isContinuous !== true, most });
  const y = verticalScale(panel?.values ?? extentOf(lines), area, angles, lines);
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
    xTitle: panel === undefined ? over.title : "",
    content: [
      ...line,
      ...lines.map((one) => bandOf(one, epochs, x, y)),
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

function bandOf(line: Line, epochs: readonly number[], x: Scale, y: Scale): Html {
  const path = stretchesOf(line, epochs).map((stretch) => {
    const edge = (side: 1 | -1) =>
      stretch.map(
        ({ epoch, point: { mean, sd = 0 } }) =>
          `${at(x.place(epoch))} ${at(y.place(mean + side * sd))}`,
      );
    return `M${[...edge(1), ...edge(-1).reverse()].join("L")}Z`;
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
