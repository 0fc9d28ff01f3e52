import type { EpochRecord } from "../run-folder/records";
import { type Html, html } from "./html";
import { lineChart, type Series } from "./line-chart";

type Read = (record: EpochRecord) => number | undefined;

function seriesOf(records: readonly EpochRecord[], name: string, read: Read): Series[] {
  const points = records.flatMap((record) => {
    const value = read(record);
    return value === undefined || !Number.isFinite(value) ? [] : [{ epoch: record.epoch, value }];
  });
  return points.length === 0 ? [] : [{ name, points }];
}

const percent = (value: number) => `${value.toFixed(2)} %`;
const share = (value: number | undefined) => (value === undefined ? undefined : value * 100);

/** Loss and accuracy over epochs. */
export function learningCurves(records: readonly EpochRecord[]): Html | undefined {
  if (records.length === 0) return undefined;
  const of = (name: string, read: Read) => seriesOf(records, name, read);
  const losses = [
    ...of("test", ({ test }) => test.loss),
    ...of("validation", ({ val }) => val?.loss),
    ...of("train", ({ train }) => train.loss),
  ];
  const accuracies = [
    ...of("test", ({ test }) => share(test.accuracy)),
    ...of("validation", ({ val }) => share(val?.accuracy)),
  ];
  return html`<h2>Learning</h2><div class="grid">
${lineChart("Loss", losses)}
${accuracies.length > 0 && lineChart("Accuracy in %", accuracies, { show: percent })}
</div>`;
}

/** The values of `name` for the whole network and for each layer. */
function byLayer(records: readonly EpochRecord[], name: string): Series[] {
  const layers = Object.keys(records[0]?.alignment ?? {}).flatMap((key) => {
    const [, layer] = /^layers\.(\d+)\.(.*)$/.exec(key) ?? [];
    return layer !== undefined && key === `layers.${layer}.${name}` ? [layer] : [];
  });
  return [
    ...seriesOf(records, "whole network", ({ alignment }) => alignment?.[name]),
    ...layers.flatMap((layer) =>
      seriesOf(
        records,
        `layer ${layer}`,
        ({ alignment }) => alignment?.[`layers.${layer}.${name}`],
      ),
    ),
  ];
}

const degrees = (value: number) => `${value.toFixed(1)}°`;

/** How gradients, error signals and feedback weights agree with backpropagation's, over epochs and by layer. */
export function alignmentCurves(records: readonly EpochRecord[]): Html | undefined {
  const gradient = byLayer(records, "gradientAngle");
  const signals = byLayer(records, "signalAngle");
  const weights = byLayer(records, "weightsAngle");
  const norms = byLayer(records, "gradientNormRatio");
  if (gradient.length === 0) return undefined;
  return html`<h2>Alignment with backpropagation</h2><div class="grid">
${lineChart("Gradients: angle in degrees", gradient, { note: "Below 90°, a step goes downhill.", reference: 90, show: degrees })}
${signals.length > 0 && lineChart("Error signals: angle in degrees", signals, { note: "Of what arrives at the hidden layers.", reference: 90, show: degrees })}
${weights.length > 0 && lineChart("Feedback weights: angle in degrees", weights, { note: "To the forward weights they stand in for; 90° is chance.", reference: 90, show: degrees })}
${norms.length > 0 && lineChart("Gradients: ratio of norms", norms, { note: "Backpropagation's to the rule's.", show: (value) => value.toPrecision(3) })}
</div>`;
}
