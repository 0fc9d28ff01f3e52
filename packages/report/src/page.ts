import { lineMark } from "./charts/marks";
import { type Grouping, groupRuns, type RunGroup } from "./groups";
import { Html, html } from "./html";
import type { ReportedRun } from "./reported-run";
import { script, scriptDigest } from "./script/script";
import { alignment } from "./sections/alignment";
import { confusion } from "./sections/confusion";
import { differences } from "./sections/differences";
import { labels } from "./sections/labels";
import { layerNotes } from "./sections/layer-notes";
import { learning } from "./sections/learning";
import { notices } from "./sections/notices";
import { numbers } from "./sections/numbers";
import { paired } from "./sections/paired";
import { regression } from "./sections/regression";
import { byResult, keyFigures, resultsTable } from "./sections/results";
import { robustness } from "./sections/robustness";
import { runsTable } from "./sections/runs";
import { allSettings, commandOf } from "./sections/settings";
import { bySweep, type ReportedSweep, sweptSettings } from "./sections/swept-settings";
import { testImages } from "./sections/test-images";
import type { ReportedSetting } from "./setting";
import { style, switches } from "./style";

/** The runs on one data set. */
interface Part extends Grouping {
  readonly dataset: string;
}

/** What a page is made with, beside the runs. */
export interface PageOptions {
  /** Its title; says what was trained on what when left out. */
  readonly title?: string | undefined;
  /** The settings that runs have, in the order they are shown in; others are left out. */
  readonly settings: readonly ReportedSetting[];
  /** What made it: `bioflax 1.0.0`. */
  readonly madeBy: string;
  /** What they are a sweep of, where they are one. */
  readonly sweep?: ReportedSweep | undefined;
}

/** As many groups of a sweep have curves: the best. */
const MOST_CURVES = 24;

/**
 * A page about one or several runs, a part for each data set.
 *
 * @param runs at least one.
 * @returns an HTML page that needs nothing but itself, and does without its script: that only reads out values.
 */
export function createPage(
  runs: readonly ReportedRun[],
  { title, settings, madeBy, sweep }: PageOptions,
): string {
  const names = [...new Set(runs.map(({ about }) => about.dataset))];
  const parts = names.map((dataset): Part => {
    const { groups, differing } = groupRuns(
      runs.filter(({ about }) => about.dataset === dataset),
      settings,
    );
    const sorted = sweep === undefined ? byResult(groups) : bySweep(groups, sweep);
    return { dataset, groups: sorted, differing };
  });
  const heading = title ?? headingOf(runs, names);
  const most = Math.max(...parts.map(({ groups }) => groups.length));
  const policy = `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-${scriptDigest}'`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${heading} · bioflax</title>
<style>${new Html(style + switches(most))}</style>
</head>
<body><main>
<header><h1>${heading}</h1>
${runs.length === 1 ? aboutRun(runs[0] as ReportedRun, settings) : html`<p class="soft">${aboutRuns(runs)}</p>`}</header>
${parts.map((part) => partOf(part, { settings, sweep }, parts.length > 1))}
<footer class="soft">Made by ${madeBy} from ${runs.length === 1 ? "a run folder" : `${runs.length} run folders`}.</footer>
</main><script>${new Html(script)}</script></body>
</html>
`;
  return page.text;
}

function headingOf(runs: readonly ReportedRun[], datasets: readonly string[]): string {
  const on = `on ${listed(datasets)}`;
  const rules = [...new Set(runs.map(({ about }) => about.rules))];
  return rules.length <= 2 ? `${listed(rules)} ${on}` : `${rules.length} learning rules ${on}`;
}

/** `a`, `a and b`, `a, b, and c`. */
const listed = (names: readonly string[]) => new Intl.ListFormat("en").format(names);

function aboutRun(
  { about, config, summary }: ReportedRun,
  settings: readonly ReportedSetting[],
): Html {
  const { network, ruleByLayer: byLayer, papers } = about;
  const engine = summary && ` · ${summary.engine} engine on ${summary.device}`;
  return html`<p class="soft">${network}${byLayer !== undefined && ` (${byLayer})`}${engine} · ${papers}</p>${commandOf(config, settings)}`;
}

function aboutRuns(runs: readonly ReportedRun[]): string {
  const seeds = new Set(runs.map(({ about }) => about.seed)).size;
  const networks = [...new Set(runs.map(({ about }) => about.network))];
  const engines = [
    ...new Set(
      runs.flatMap(({ summary }) =>
        summary ? `${summary.engine} engine on ${summary.device}` : [],
      ),
    ),
  ];
  return [
    `${runs.length} runs, ${seeds} ${seeds === 1 ? "seed" : "seeds"}`,
    ...(networks.length === 1 ? networks : []),
    ...engines,
  ].join(" · ");
}

function partOf(
  { dataset, groups, differing }: Part,
  { settings, sweep }: Pick<PageOptions, "settings" | "sweep">,
  several: boolean,
): Html {
  const runs = groups.flatMap(({ runs }) => runs);
  const compared = groups.length > 1;
  const shown = sweep === undefined ? groups : groups.slice(0, MOST_CURVES);
  return html`<article class="part" aria-label="${dataset}">${several && html`<h2>${dataset}</h2>`}
${notices(groups)}
${differences({ groups, differing })}
${runs.length === 1 ? keyFigures(runs[0] as ReportedRun) : resultsTable(groups)}
${paired(shown)}
${sweep !== undefined && sweptSettings(groups, sweep)}
${compared && legend(shown)}
${shown.length < groups.length && html`<p class="soft">Curves of the ${MOST_CURVES} best of ${groups.length}.</p>`}
${learning(shown)}
${alignment(shown, layerNotes(runs))}
${confusion(groups)}
${labels(groups)}
${testImages(groups)}
${regression(groups)}
${robustness(shown)}
${allSettings(groups, settings)}
${runsTable(groups)}
${numbers(groups)}
</article>`;
}

/** The groups' names with their lines, and switches that show and hide them; it stays in sight. */
function legend(groups: readonly RunGroup[]): Html {
  const band = groups.some(({ runs }) => runs.length > 1);
  return html`<fieldset class="legend"><legend class="hidden">Runs to show</legend>${groups.map(
    ({ label, runs }, slot) =>
      html`<label><input type="checkbox" checked data-slot="${slot}">${lineMark(slot)}${label} <small class="soft">n = ${runs.length}</small></label>`,
  )}${band && html`<span class="soft">bands: 95 % intervals of the means</span>`}</fieldset>`;
}
