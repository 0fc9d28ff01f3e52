import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { useScheme } from "./use-scheme";

/** One line of a chart. */
export interface Line {
  readonly label: string;
  /** The variable of the style sheet that has its colour. */
  readonly color: string;
  readonly values: readonly number[];
  readonly dash?: readonly number[];
}

interface ChartProps {
  readonly title: string;
  /** What the horizontal axis counts. */
  readonly axis: string;
  readonly x: readonly number[];
  readonly lines: readonly Line[];
  readonly height?: number;
  /** From where to where the vertical axis goes; as the lines do when left out. */
  readonly range?: readonly [number, number];
  /** Whether a line stays at a number until the next place; it goes straight there when left out. */
  readonly stepped?: boolean;
}

/** What a variable of the style sheet is here, with `light-dark` resolved. */
function colorOf(element: HTMLElement, variable: string): string {
  element.style.color = `var(${variable})`;
  const { color } = getComputedStyle(element);
  element.style.removeProperty("color");
  return color;
}

const shown = (value: number | undefined) =>
  value === undefined || Number.isNaN(value) ? "none" : value.toPrecision(3);

/** Lines over the same places, drawn by uPlot. */
export function Chart({ title, axis, x, lines, height = 180, range, stepped = false }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const scheme = useScheme();
  const kind = JSON.stringify([
    range,
    height,
    stepped,
    lines.map(({ label, color, dash }) => [label, color, dash]),
    scheme,
  ]);

  // Made anew where its lines are others; their numbers come below.
  useEffect(() => {
    const element = box.current as HTMLDivElement;
    const axes = {
      stroke: colorOf(element, "--soft"),
      grid: { stroke: colorOf(element, "--line"), width: 1 },
      ticks: { show: false },
      font: "11px sans-serif",
    };
    const paths = uPlot.paths.stepped?.({ align: 1 });
    const made = new uPlot(
      {
        width: element.clientWidth,
        height,
        legend: { show: false },
        cursor: { show: false },
        scales: { x: { time: false }, y: range === undefined ? {} : { range: [...range] } },
        axes: [
          { ...axes, size: 28 },
          { ...axes, size: 44 },
        ],
        series: [
          {},
          ...lines.map(({ label, color, dash }) => ({
            label,
            stroke: colorOf(element, color),
            width: 1.75,
            spanGaps: false,
            points: { show: (plot: uPlot) => (plot.data[0]?.length ?? 0) < 3 },
            ...(dash && { dash: [...dash] }),
            ...(stepped && paths && { paths }),
          })),
        ],
      },
      [[...x], ...lines.map(({ values }) => values.map(gap))] as uPlot.AlignedData,
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [kind]);

  const last = x.at(-1);
  useEffect(() => {
    plot.current?.setData([
      [...x],
      ...lines.map(({ values }) => values.map(gap)),
    ] as uPlot.AlignedData);
  }, [x, last, kind]);

  const latest = lines.map(({ label, values }) => `${label} ${shown(values.at(-1))}`).join(", ");
  return (
    <figure class="chart">
      <figcaption>
        {title} <span class="axis">by {axis}</span>
      </figcaption>
      <div ref={box} role="img" aria-label={`${title}, latest: ${latest}`} style={{ height }} />
    </figure>
  );
}

/** What is no number is a gap. */
const gap = (value: number) => (Number.isFinite(value) ? value : null);
