import { createHash } from "node:crypto";
import type { SweepPlan } from "./plan-sweep";

/**
 * The name of a sweep that no file gives one: what is trained and what is swept, and a digest of its runs, so that the
 * same command goes on with the same sweep.
 */
export function sweepName({ runs, swept, search }: SweepPlan): string {
  const digest = createHash("sha256")
    .update(
      JSON.stringify([
        runs.map((run) => run.digest).sort(),
        search ? [search.sample.digest, search.spec.space] : null,
      ]),
    )
    .digest("hex")
    .slice(0, 6);
  const all = search === undefined ? runs : [search.sample];
  const datasets = [...new Set(all.map(({ config }) => config.dataset))];
  const parts = [...(datasets.length === 1 ? datasets : []), ...swept.map(({ flag }) => flag)];
  return `${parts.join("-").slice(0, 60) || "sweep"}-${digest}`;
}
