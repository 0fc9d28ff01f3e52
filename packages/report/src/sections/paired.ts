import { lineMark } from "../charts/marks";
import type { RunGroup } from "../groups";
import { type Html, html } from "../html";
import type { ReportedRun } from "../reported-run";
import { interval, meanAndSd, statistics } from "../statistics";
import { score, strip } from "./results";

/** Two groups' runs of the same seed, and by how much the first is ahead. */
function differencesBySeed(
  first: RunGroup,
  second: RunGroup,
  read: (run: ReportedRun) => number | undefined,
): number[] {
  // Of several runs with one seed none is the other's pair.
  const bySeed = ({ runs }: RunGroup) =>
    new Map(
      runs
        .filter(({ about }) => runs.filter((one) => one.about.seed === about.seed).length === 1)
        .map((run) => [run.about.seed, read(run)]),
    );
  const others = bySeed(second);
  return [...bySeed(first)].flatMap(([seed, value]) => {
    const difference = (value ?? Number.NaN) - (others.get(seed) ?? Number.NaN);
    return Number.isFinite(difference) ? [difference] : [];
  });
}

/**
 * Each group beside the first: the differences between runs of the same seed, which start from the same weights and see the same
 * batches, so that what a seed does to both is gone. Left out where fewer than two seeds are shared.
 */
export function paired(groups: readonly RunGroup[]): Html | undefined {
  const [first, ...others] = groups;
  if (first === undefined) return undefined;
  const { title, read, show } = score[(first.runs[0] as ReportedRun).about.task];
  const rows = others.flatMap((group, i) => {
    const differences = differencesBySeed(group, first, read);
    return differences.length < 2 ? [] : [{ group, slot: i + 1, differences }];
  });
  if (rows.length === 0) return undefined;
  const all = [0, ...rows.flatMap(({ differences }) => differences)];
  const signed = (text: string) => (/^-/.test(text) ? text.replace("-", "−") : `+${text}`);
  const reachOf = (differences: readonly number[]) => {
    const result = statistics(differences);
    return result === undefined ? undefined : interval(result);
  };
  return html`<section aria-label="Paired differences"><h3>Differences from ${first.label}, seed by seed</h3>
<p class="soft">In ${title}, each run less that of ${first.label} with the same seed: mean ± standard deviation over n pairs, and the mean’s 95 % interval. Where it holds 0, these seeds do not tell the two apart.</p>
<div class="card wide fit" tabindex="0" role="group" aria-label="Table of paired differences"><table class="results paired"><thead><tr><th scope="col"><span class="hidden">runs</span></th><th scope="col">pairs</th><th scope="col">difference</th><td class="strip">${strip([], all, 0)}</td><th scope="col">95 % interval</th><th scope="col">told apart</th></tr></thead>
<tbody>${rows.map(({ group, slot, differences }) => {
    const reach = reachOf(differences) as [number, number];
    return html`<tr class="s${slot}"><th scope="row">${lineMark(slot)}${group.label}</th><td>${differences.length}</td><td class="main">${signed(meanAndSd(statistics(differences), show))}</td><td class="strip">${strip(differences, all, slot, (value) => signed(show(value)))}</td><td>${reach.map((end) => signed(show(end))).join(" to ")}</td><td>${reach[0] > 0 || reach[1] < 0 ? "yes" : "no"}</td></tr>`;
  })}</tbody></table></div></section>`;
}
