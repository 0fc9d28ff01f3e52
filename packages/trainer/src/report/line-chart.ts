import { area, at, chart, lineMark, stroke } from "./chart";
import { type Html, html } from "./html";
import { fittingScale, linearScale } from "./scale";

/** A line of a chart: a value for each epoch, where there is one. */
export interface Series {
  readonly name: string;
  readonly points: readonly { readonly epoch: number; readonly value: number }[];
}

/** More points than this are a curve; fewer are marked one by one. */
const MARKED_POINTS = 40;

/**
 * Curves over epochs.
 *
 * @param options.reference a value to mark across the chart; the axis is then linear and begins at 0.
 * @param options.show how a value reads in its tooltip.
 */
export function lineChart(
  title: string,
  series: readonly Series[],
  {
    note,
    reference,
    show = String,
  }: { note?: string; reference?: number; show?: (value: number) => string } = {},
): Html {
  const points = series.flatMap(({ points }) => points);
  const x = linearScale(
    points.map(({ epoch }) => epoch),
    area.x,
    { whole: true },
  );
  const values = points.map(({ value }) => value);
  const y =
    reference === undefined
      ? fittingScale(values, area.y)
      : linearScale([0, reference, ...values], area.y);
  const curve = ({ name, points }: Series, i: number) => {
    const path = points
      .map(({ epoch, value }) => `${at(x.place(epoch))} ${at(y.place(value))}`)
      .join("L");
    const dots = points.length > MARKED_POINTS ? [] : points;
    return html`<path class="series" ${stroke(i)} d="M${path}"/>
${dots.map(({ epoch, value }) => html`<circle cx="${at(x.place(epoch))}" cy="${at(y.place(value))}" r="3" fill="var(--series-${i % 6})"><title>${name}, epoch ${epoch}: ${show(value)}</title></circle>`)}`;
  };
  const line =
    reference === undefined
      ? []
      : [html`<path class="reference" d="M${area.x[0]} ${at(y.place(reference))}H${area.x[1]}"/>`];
  const content = [...line, ...series.map(curve)];
  return chart({
    title,
    note,
    names: series.map(({ name }) => name),
    mark: lineMark,
    x,
    y,
    xTitle: "epoch",
    content,
  });
}
