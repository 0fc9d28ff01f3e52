import type { RobustnessRecord } from "@bioflax/runs";
import { lineChart } from "../charts/line-chart";
import { lineMark } from "../charts/marks";
import type { RunGroup } from "../groups";
import { type Html, html } from "../html";
import { percent } from "../show";
import { meanAndSd, type Statistics, statistics } from "../statistics";

/** What norms are called. */
const normTitles: Readonly<Record<string, string>> = { linf: "L∞", l2: "L2" };

/** An attack as it is named, with how hard it tried. */
interface Attack {
  readonly title: string;
  readonly note: string;
  readonly isOf: (record: RobustnessRecord) => boolean;
}

/** What tells attacks apart, whatever network they are on and within whatever ε. */
const keyOf = ({
  accuracy: _accuracy,
  from: _from,
  weights: _weights,
  ...attack
}: RobustnessRecord) => JSON.stringify(Object.entries(attack).sort());

function attacksOf(records: readonly RobustnessRecord[]): Attack[] {
  const first = new Map(records.map((record) => [keyOf(record), record]));
  return [...first].map(([key, { method, norm, steps, starts, queries, examples, split }]) => {
    const effort = [
      steps !== undefined && `${steps} steps`,
      starts !== undefined && `random starts: ${starts}`,
      queries !== undefined && `${queries} queries`,
      `${examples} ${split} examples`,
    ];
    return {
      title: `${method}, ${normTitles[norm] ?? norm}: right in %`,
      note: `${effort.filter((part) => part !== false).join(", ")}.`,
      isOf: (record) => keyOf(record) === key,
    };
  });
}

/** The records of a run's own network, or those of examples made for others. */
const recordsOf = ({ runs }: RunGroup, isOwn: boolean) =>
  runs.flatMap(({ robustness = [] }) =>
    robustness.filter(({ from }) => (from === undefined) === isOwn),
  );

/** Mean and deviation of what some records say of an ε, in per cent. */
const resultAt = (records: readonly RobustnessRecord[], eps: number): Statistics | undefined =>
  statistics(
    records.flatMap(({ accuracy }) =>
      accuracy.flatMap((one) => (one.eps === eps ? 100 * one.accuracy : [])),
    ),
  );

const distancesOf = (records: readonly RobustnessRecord[]): number[] =>
  [...new Set(records.flatMap(({ accuracy }) => accuracy.map(({ eps }) => eps)))].sort(
    (a, b) => a - b,
  );

/** How right networks stay where examples are moved to mislead them: over ε, and on examples made for others. */
export function robustness(groups: readonly RunGroup[]): Html | undefined {
  const own = groups.flatMap((group) => recordsOf(group, true));
  const transferred = groups.flatMap((group) => recordsOf(group, false));
  if (own.length === 0) return undefined;
  const attacks = attacksOf(own);
  return html`<section aria-label="Robustness"><h3>Robustness</h3>
<p class="soft">The share of examples classified right both as they are and as an attack moves them, by at most ε. Of pixels ε is in parts of the range from black to white. Gradients are those of the loss through the forward network.</p>
<div class="grid large">${attacks.map((attack) => chartOf(groups, attack))}</div>
${attacks.map((attack) => tableOf(groups, attack))}
${attacksOf(transferred).map((attack) => transferOf(groups, attack))}</section>`;
}

function chartOf(groups: readonly RunGroup[], { title, note, isOf }: Attack): Html {
  const byGroup = groups.map((group) => recordsOf(group, true).filter(isOf));
  const distances = distancesOf(byGroup.flat());
  const lines = groups.flatMap(({ label }, slot) => {
    const points = distances.map((eps) => resultAt(byGroup[slot] ?? [], eps));
    return points.some((point) => point !== undefined) ? [{ name: label, slot, points }] : [];
  });
  return lineChart({
    ...{ title, note, lines, epochs: distances, limits: [0, 100], show: percent, wide: true },
    over: { title: "ε", names: distances.map((eps) => `ε ${eps}`), isContinuous: true },
  });
}

/** A table in a card. @param head its columns, that of the rows' names first. */
function card(title: string, head: readonly (string | Html)[], rows: readonly Html[]): Html {
  return html`<figure class="card wide" tabindex="0"><figcaption><h4>${title}</h4></figcaption><table class="results"><thead><tr>${head.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>${rows}</tbody></table></figure>`;
}

/** A group's row. */
const rowOf = (label: string, slot: number, results: readonly (Statistics | undefined)[]): Html =>
  html`<tr class="s${slot}"><th scope="row">${lineMark(slot)}${label}</th>${results.map((result) => html`<td>${meanAndSd(result, percent)}</td>`)}</tr>`;

function tableOf(groups: readonly RunGroup[], { title, isOf }: Attack): Html {
  const byGroup = groups.map((group) => recordsOf(group, true).filter(isOf));
  const distances = distancesOf(byGroup.flat());
  const rows = groups.flatMap(({ label }, slot) => {
    const results = distances.map((eps) => resultAt(byGroup[slot] ?? [], eps));
    return results.some((result) => result !== undefined) ? [rowOf(label, slot, results)] : [];
  });
  return card(title, ["runs", ...distances.map((eps) => `ε ${eps}`)], rows);
}

/** The last part of a path: a folder's name. */
const nameOf = (path: string) => path.replace(/[/\\]+$/, "").replace(/^.*[/\\]/, "");

/** How right networks, a column each, stay on examples made for others, a row each: a table for each ε. */
function transferOf(groups: readonly RunGroup[], { title, isOf }: Attack): Html[] {
  const columns = groups.map((group) => recordsOf(group, false).filter(isOf));
  const distances = distancesOf(columns.flat()).filter((eps) => eps > 0);
  const isMadeFor = ({ runs }: RunGroup) => {
    const names = new Set(runs.map(({ path }) => nameOf(path)));
    return ({ from = "" }: RobustnessRecord) => names.has(from);
  };
  const head = groups.map(({ label }, slot) => html`${lineMark(slot)}${label}`);
  return distances.map((eps) => {
    const rows = groups.map((source, slot) => {
      const isHere = isMadeFor(source);
      return rowOf(
        source.label,
        slot,
        columns.map((records) => resultAt(records.filter(isHere), eps)),
      );
    });
    return card(
      `${title}, ε ${eps}, by the network they were made for`,
      ["made for", ...head],
      rows,
    );
  });
}
