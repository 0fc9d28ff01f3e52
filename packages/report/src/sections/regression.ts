import { determination } from "@bioflax/metrics";
import { lineMark } from "../charts/marks";
import { scatterChart } from "../charts/scatter-chart";
import type { RunGroup } from "../groups";
import { type Html, html } from "../html";
import { type Predictions, predictionsOf } from "../reported-run";
import { statistics } from "../statistics";

/** As many points as a chart can show. */
const POINTS = 300;

/** Predictions of values beside their targets: over the input where it is one number, and else against each other. */
export function regression(groups: readonly RunGroup[]): Html | undefined {
  const charts = groups.flatMap(({ label, runs }, slot) => {
    const all = runs.flatMap((run) => predictionsOf(run) ?? []);
    const [first] = all;
    if (first === undefined || first.dataset.task !== "regression") return [];
    const several = groups.length > 1;
    const fit =
      statistics(all.map((one) => determination(targetsOf(one), one.outputs, one.dataset.outputs)))
        ?.mean ?? 0;
    const look = {
      title: html`${several && lineMark(slot)}${several ? label : "Test set"} <small class="soft">R² ${fit.toFixed(4)}${all.length > 1 && `, mean of ${all.length} runs`}</small>`,
      label: `${label || "Test set"}: predictions and targets, R² ${fit.toFixed(4)}`,
      slot,
      wide: groups.length < 3,
    };
    const ofOneNumber = all.every(
      ({ dataset }) => dataset.outputs === 1 && dataset.inputs !== undefined,
    );
    return [ofOneNumber ? overInput(all, look) : againstTargets(all, look)];
  });
  if (charts.length === 0) return undefined;
  return html`<section aria-label="Predictions"><h3>Predictions and targets</h3>
<p class="soft">Of the test set, by the final weights; the targets are grey.</p>
<div class="grid${groups.length < 3 && " large"}">${charts}</div></section>`;
}

const targetsOf = ({ dataset }: Predictions) => dataset.targets;

/** Every so many, such that about `most` are left. */
function thinned<T>(values: readonly T[], most: number): T[] {
  const step = Math.max(1, Math.ceil(values.length / most));
  return values.filter((_, i) => i % step === 0);
}

type Look = { title: Html; label: string; slot: number; wide: boolean };
type Point = readonly [number, number];

function overInput(all: readonly Predictions[], look: Look): Html {
  const sorted = (one: Predictions, values: ArrayLike<number>): Point[] => {
    const points = Array.from(
      one.dataset.inputs ?? [],
      (input, i) => [input, values[i]] as unknown as Point,
    );
    return thinned(
      points.sort((a, b) => a[0] - b[0]),
      POINTS,
    );
  };
  const first = all[0] as Predictions;
  return scatterChart({
    ...look,
    xTitle: "input",
    dots: sorted(first, targetsOf(first)),
    curves: all.map((one) => sorted(one, one.outputs)),
  });
}

function againstTargets(all: readonly Predictions[], look: Look): Html {
  const points = all.flatMap((one) => {
    const targets = targetsOf(one);
    return Array.from(one.outputs, (output, i): Point => [targets[i] as number, output]);
  });
  return scatterChart({
    ...look,
    xTitle: "target",
    dots: thinned(points, 2 * POINTS),
    diagonal: true,
  });
}
