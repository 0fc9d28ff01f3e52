import { panelWidth } from "../charts/chart";
import { extentOf, fitsPanel, lineChart } from "../charts/line-chart";
import { lineMark } from "../charts/marks";
import type { RunGroup } from "../groups";
import { type Html, html } from "../html";
import { epochsOf, lineOf } from "../lines";
import { degrees, fewDigits } from "../show";
import { byDepth } from "./alignment-by-depth";

/** How a measure is shown. */
export type Look = Pick<Measure, "angles" | "show">;

/** A measure of alignment, of the whole network and of its layers. */
interface Measure {
  /** Its name in `metrics.jsonl`, after a layer's. */
  readonly name: string;
  readonly title: string;
  readonly note: string;
  readonly angles?: boolean;
  readonly show: (value: number) => string;
}

const measures: readonly Measure[] = [
  {
    name: "gradientAngle",
    title: "Gradients: angle in degrees",
    note: "To backpropagation’s; below 90°, a step goes downhill.",
    angles: true,
    show: degrees,
  },
  {
    name: "signalAngle",
    title: "Error signals: angle in degrees",
    note: "To backpropagation’s, of what arrives at the hidden layers.",
    angles: true,
    show: degrees,
  },
  {
    name: "weightsAngle",
    title: "Feedback weights: angle in degrees",
    note: "To the forward weights they stand in for; 90° is chance.",
    angles: true,
    show: degrees,
  },
  {
    name: "gradientNormRatio",
    title: "Gradients: ratio of norms",
    note: "That of backpropagation’s to that of the rule’s.",
    show: fewDigits,
  },
  {
    name: "weightNormRatio",
    title: "Feedback weights: ratio of norms",
    note: "Theirs to that of the forward weights.",
    show: fewDigits,
  },
];

/** Where something is measured: in the whole network, or in a layer. */
export interface Place {
  /** `whole network`, or the layer's name in `metrics.jsonl`. */
  readonly title: string;
  /** Before the name of a measure. */
  readonly prefix: string;
}

const wholeNetwork: Place = { title: "whole network", prefix: "" };

/** More layers than this are too many lines for one chart, and too many columns. */
const MOST_PLACES = 6;

/** Where anything is measured: the whole network first, then layer by layer. */
function placesOf(names: readonly string[]): Place[] {
  const layers = new Set(
    names.map((name) => name.slice(0, Math.max(0, name.lastIndexOf(".")))).filter((name) => name),
  );
  const sorted = [...layers].sort((a, b) => {
    // What would be sent to the data is no layer, and stands last.
    const [first, second] = [a, b].map((name) => Number(!name.startsWith("layers."))) as [
      number,
      number,
    ];
    return first - second || a.localeCompare(b, "en", { numeric: true });
  });
  return [wholeNetwork, ...sorted.map((layer) => ({ title: layer, prefix: `${layer}.` }))];
}

/** How gradients, error signals and feedback weights agree with backpropagation's, over epochs and by layer. */
export function alignment(
  groups: readonly RunGroup[],
  noteOf: (layer: string) => string | undefined,
): Html | undefined {
  const runs = groups.flatMap(({ runs }) => runs);
  const epochs = epochsOf(runs);
  const names = new Set(
    runs.flatMap(({ records }) => records.flatMap(({ alignment = {} }) => Object.keys(alignment))),
  );
  const places = placesOf([...names]);
  const shown = measures.filter(({ name }) =>
    places.some(({ prefix }) => names.has(prefix + name)),
  );
  if (shown.length === 0) return undefined;
  const setup = { groups, places, epochs, noteOf };
  const charts =
    groups.length === 1 && places.length <= MOST_PLACES
      ? html`<div class="grid">${shown.map((measure) => inOne(measure, setup))}</div>`
      : shown.map((measure) => inPanels(measure, setup));
  return html`<section aria-label="Alignment"><h3>Alignment with backpropagation</h3>${charts}</section>`;
}

interface Setup {
  readonly groups: readonly RunGroup[];
  readonly places: readonly Place[];
  readonly epochs: readonly number[];
  readonly noteOf: (layer: string) => string | undefined;
}

/** A line for each layer, of one group of runs. */
function inOne({ name, ...look }: Measure, { groups, places, epochs }: Setup): Html {
  const lines = places.flatMap(({ title, prefix }, slot) =>
    lineOf(
      title,
      slot,
      groups[0]?.runs ?? [],
      epochs,
      (record) => record.alignment?.[prefix + name],
    ),
  );
  return lineChart({ ...look, lines, epochs });
}

/** A small chart for each layer, all with the same axis; of a deep network folded away behind what they end at. */
function inPanels({ name, title, note, ...look }: Measure, setup: Setup): Html {
  const { groups, places, epochs, noteOf } = setup;
  const all = places.map((place, column) => {
    const lines = groups.flatMap(({ label, runs }, slot) =>
      lineOf(label, slot, runs, epochs, ({ alignment }) => alignment?.[place.prefix + name]),
    );
    return { place, column, lines };
  });
  const measured = all.filter(({ lines }) => lines.length > 0);
  const values = all.flatMap(({ lines }) => extentOf(lines));
  const labels = groups.map(({ label }) => label);
  const named = groups.length > 1 && fitsPanel(labels, places.length);
  const panel = ({ place, column, lines }: (typeof all)[number]) => {
    const about = noteOf(place.title);
    const chart = lineChart({
      ...look,
      title: html`${place.title}${about !== undefined && html` <small class="soft">${about}</small>`}`,
      lines,
      epochs,
      panel: { values, columns: places.length },
    });
    return html`<div style="--column:${column + 1}">${chart}</div>`;
  };
  const deep = places.length > MOST_PLACES;
  const panels = html`<div class="panels${!deep && " aligned"}" style="--columns:${places.length};--panel:${panelWidth(places.length) + 22}px">${measured.map(panel)}</div>`;
  return html`<section class="panels-of" aria-label="${title}"><h4>${title}</h4><p class="soft">${note}${!named && html` <span class="key">${labels.map((label, slot) => html`<span class="s${slot}">${lineMark(slot)}${label}</span>`)}</span>`}</p>
${
  deep
    ? html`<div class="grid large">${byDepth({ name, look, groups, epochs, places: measured.map(({ place }) => place) })}</div>
<details class="card"><summary>Layer by layer, over epochs</summary>${panels}</details>`
    : panels
}</section>`;
}
