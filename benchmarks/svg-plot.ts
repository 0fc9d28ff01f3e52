/** One curve. */
export interface Curve {
  readonly name: string;
  /** Curves of one colour belong together; from 0. */
  readonly colour: number;
  readonly dashed: boolean;
  /** One for each place on the x axis; undefined where there is none. */
  readonly values: readonly (number | undefined)[];
}

/** Curves over sizes, both axes logarithmic. */
export interface Plot {
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly xs: readonly number[];
  readonly curves: readonly Curve[];
}

const WIDTH = 640;
const HEIGHT = 340;
/** Where the axes are; to the right of them stand the curves' names. */
const LEFT = 52;
const RIGHT = 440;
const TOP = 40;
const BOTTOM = 290;
/** How far apart names stand. */
const LINE_HEIGHT = 17;

/** Readable on light and on dark pages, which an image cannot ask for but by the viewer's own setting. */
const style = `
text { font: 12px system-ui, sans-serif; fill: #333 }
.title { font-weight: 600; font-size: 13px }
.grid { stroke: #8884; stroke-width: 1 }
.curve { fill: none; stroke-width: 2 }
.leader { fill: none; stroke-width: 1; opacity: .5 }
.c0 { stroke: #0969da } .c1 { stroke: #cf5b1e } .c2 { stroke: #2e8b57 }
.dot.c0 { fill: #0969da } .dot.c1 { fill: #cf5b1e } .dot.c2 { fill: #2e8b57 }
@media (prefers-color-scheme: dark) { text { fill: #ddd } }`;

/** A logarithmic scale from values to places. */
function logScale(values: readonly number[], from: number, to: number): (value: number) => number {
  const [low, high] = [Math.log(Math.min(...values)), Math.log(Math.max(...values))];
  const span = high - low || 1;
  return (value) => from + ((Math.log(value) - low) / span) * (to - from);
}

/** 1, 2 and 5 times powers of ten, from the last below the values to the first above. */
function ticksAround(values: readonly number[]): number[] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const all = Array.from({ length: 16 }, (_, i) => i - 6).flatMap((power) =>
    [1, 2, 5].map((digit) => Number(`${digit}e${power}`)),
  );
  const first = all.findLastIndex((tick) => tick <= low);
  const last = all.findIndex((tick) => tick >= high);
  const some = all.slice(first, last + 1);
  // Of many, only the powers of ten and the ends.
  const isEnd = (i: number) => i === 0 || i === some.length - 1;
  return some.length <= 8
    ? some
    : some.filter((tick, i) => isEnd(i) || /^1|0\.0*1/.test(`${tick}`));
}

const at = (place: number) => place.toFixed(1);
const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** The plot as a file of SVG. */
export function svgPlot({ title, xTitle, yTitle, xs, curves }: Plot): string {
  const drawn = curves.filter(({ values }) => values.some((value) => value !== undefined));
  const values = drawn.flatMap((curve) => curve.values.flatMap((value) => value ?? []));
  const ticks = ticksAround(values);
  const x = logScale(xs, LEFT + 10, RIGHT - 10);
  const y = logScale(ticks, BOTTOM, TOP);
  const axes = [
    ...ticks.map(
      (tick) =>
        `<path class="grid" d="M${LEFT} ${at(y(tick))}H${RIGHT}"/><text x="${LEFT - 6}" y="${at(y(tick) + 4)}" text-anchor="end">${tick}</text>`,
    ),
    ...xs.map(
      (size) => `<text x="${at(x(size))}" y="${BOTTOM + 18}" text-anchor="middle">${size}</text>`,
    ),
    `<text x="${(LEFT + RIGHT) / 2}" y="${BOTTOM + 40}" text-anchor="middle">${escaped(xTitle)}</text>`,
    `<text x="${LEFT - 40}" y="${TOP - 12}">${escaped(yTitle)}</text>`,
  ];
  const lines = drawn.map(({ name, colour, dashed, values: own }) => {
    const points = own.flatMap((value, i) =>
      value === undefined ? [] : [{ x: at(x(xs[i] as number)), y: at(y(value)), value }],
    );
    const dash = dashed ? ` stroke-dasharray="6 4"` : "";
    const dots = points.map(
      (point) =>
        `<circle class="dot c${colour}" cx="${point.x}" cy="${point.y}" r="3"><title>${escaped(name)}: ${point.value.toPrecision(3)}</title></circle>`,
    );
    const path = points.map((point) => `${point.x} ${point.y}`).join("L");
    return `<path class="curve c${colour}"${dash} d="M${path}"/>${dots.join("")}`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${escaped(title)}">`,
    `<style>${style}\n</style>`,
    `<text class="title" x="${LEFT - 40}" y="14">${escaped(title)}</text>`,
    ...axes,
    ...lines,
    ...namesOf(drawn, xs, x, y),
    "</svg>\n",
  ].join("\n");
}

/** The names of curves beside their ends, no nearer to each other than a line of text. */
function namesOf(
  curves: readonly Curve[],
  xs: readonly number[],
  x: (value: number) => number,
  y: (value: number) => number,
): string[] {
  const ends = curves
    .map((curve) => {
      const last = curve.values.findLastIndex((value) => value !== undefined);
      return { ...curve, x: x(xs[last] as number), y: y(curve.values[last] as number) };
    })
    .sort((a, b) => a.y - b.y);
  let place = Number.NEGATIVE_INFINITY;
  const tops = ends.map((end) => {
    place = Math.max(place + LINE_HEIGHT, end.y);
    return place;
  });
  const overflow = Math.max(0, (tops.at(-1) ?? 0) - BOTTOM);
  return ends.map(({ name, colour, ...end }, i) => {
    const top = (tops[i] as number) - overflow;
    return `<path class="leader c${colour}" d="M${at(end.x + 5)} ${at(end.y)}L${RIGHT + 8} ${at(top)}"/><text x="${RIGHT + 12}" y="${at(top + 4)}">${escaped(name)}</text>`;
  });
}
