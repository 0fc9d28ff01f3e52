import { lineMark } from "../charts/marks";
import type { RunGroup } from "../groups";
import { type Html, html } from "../html";
import { type LabelShares, type Predictions, predictionsOf } from "../reported-run";
import { meanAndSd, statistics } from "../statistics";

const measures = {
  "right (%)": "accuracy",
  "precision (%)": "precision",
  "recall (%)": "recall",
} as const satisfies Record<string, keyof LabelShares>;

/** How each label of the test set is told by some predictions. */
export function labelResults({ labels = [] }: Predictions): readonly LabelShares[] {
  return labels;
}

/** How well each label is told, where examples may have several: a table for each group, the mean over its seeds. */
export function labels(groups: readonly RunGroup[]): Html | undefined {
  const tables = groups.flatMap(({ label, runs }, slot) => {
    const all = runs.flatMap((run) => predictionsOf(run) ?? []);
    if (all[0]?.dataset.task !== "multi-label") return [];
    const name = groups.length > 1 ? html`${lineMark(slot)}${label}` : html`Test set`;
    return [
      html`<figure class="card s${slot}"><figcaption><h4>${name}</h4></figcaption>${tableOf(all)}</figure>`,
    ];
  });
  if (tables.length === 0) return undefined;
  return html`<section aria-label="Labels"><h3>How well each label is told</h3>
<p class="soft">By the final weights, whatever the other labels. Right: the share of examples for which it is told right whether they have the label; precision: of those it is given to, the share that has it; recall: of those that have it, the share it is given to.</p>
<div class="matrices">${tables}</div></section>`;
}

function tableOf(all: readonly Predictions[]): Html {
  const results = all.map(labelResults);
  const rows = (results[0] as readonly LabelShares[]).map(({ label, name }) => {
    const cells = Object.values(measures).map((measure) => {
      const shares = results.map((one) => one[label]?.[measure]);
      const text = meanAndSd(
        statistics(shares.map((share) => (share === undefined ? undefined : 100 * share))),
        (value) => value.toFixed(2),
      );
      return html`<td>${text}</td>`;
    });
    const examples = statistics(results.map((one) => one[label]?.examples))?.mean ?? 0;
    return html`<tr><th scope="row">${name ?? String(label)}</th><td>${Math.round(examples)}</td>${cells}</tr>`;
  });
  return html`<table class="results"><thead><tr><th scope="col">label</th><th scope="col">examples</th>${Object.keys(measures).map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${rows}</tbody></table>`;
}
