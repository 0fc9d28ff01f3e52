import type { Network } from "@bioflax/core";
import type { Dataset } from "@bioflax/datasets";
import type { Config } from "../config/schema";
import type { Engine } from "../engines/engine";
import { describeNetwork } from "../experiment/describe-network";
import { papersOf, ruleByLayer, titleOf } from "../experiment/describe-rules";
import { type EpochRecord, isBetter } from "../run-folder/records";
import { alignmentCurves, learningCurves } from "./curves";
import { Html, html } from "./html";
import { samples } from "./samples";
import { style } from "./style";
import { commandLine, numbersTable, settingsTable } from "./tables";

/** What a report tells of. */
export interface ReportInput {
  readonly config: Config;
  readonly dataset: Dataset;
  readonly network: Network;
  /** The trained network, for sample predictions. */
  readonly engine: Engine;
  readonly records: readonly EpochRecord[];
}

/**
 * A page about a run: its settings, its curves and what it predicts.
 *
 * @returns an HTML page that needs nothing but itself.
 */
export async function createReport({
  config,
  dataset,
  network,
  engine,
  records,
}: ReportInput): Promise<string> {
  const heading = `${titleOf(network.rules)} on ${dataset.name}`;
  const byLayer = ruleByLayer(network.rules);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${heading} · bioflax</title>
<style>${safeStyle}</style>
</head>
<body><main>
<h1>${heading}</h1>
<p class="soft">Network ${describeNetwork(config, network.spec)}${byLayer !== undefined && ` (${byLayer})`} · ${engine.name} engine on ${engine.device} · ${papersOf(network.rules)}</p>
<p class="command"><code>${commandLine(config).map((part) => html`<span>${part}</span> `)}</code></p>
${keyFigures(dataset, config, records)}
${learningCurves(records)}
${alignmentCurves(records)}
${await samples(dataset, engine)}
${settingsTable(config)}
${numbersTable(records)}
</main></body>
</html>
`;
  return page.text;
}

/** Our own style sheet needs no escaping. */
const safeStyle = new Html(style);

function keyFigures(
  dataset: Dataset,
  config: Config,
  records: readonly EpochRecord[],
): Html | undefined {
  const best = records.reduce<EpochRecord | undefined>(
    (so, one) => (isBetter(dataset.task, one, so) ? one : so),
    undefined,
  );
  const last = records.at(-1);
  if (best === undefined || last === undefined) return undefined;
  const percent = (accuracy: number) => `${(accuracy * 100).toFixed(2)} %`;
  const angle = (name: string, degrees: number | undefined): [string, string][] =>
    degrees === undefined ? [] : [[name, `${degrees.toFixed(0)}°`]];
  const figures: [string, string][] = [
    ...(last.test.accuracy === undefined
      ? []
      : ([["Test accuracy", percent(last.test.accuracy)]] as [string, string][])),
    ["Test loss", last.test.loss.toPrecision(3)],
    ["Train loss", last.train.loss.toPrecision(3)],
    [
      "Epochs",
      records.length < config.epochs
        ? `${records.length} of ${config.epochs}`
        : String(records.length),
    ],
    ["Best epoch", String(best.epoch)],
    ...angle("Gradient angle", last.alignment?.gradientAngle),
    ...angle("Signal angle", last.alignment?.signalAngle),
  ];
  return html`<dl class="figures">${figures.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}
