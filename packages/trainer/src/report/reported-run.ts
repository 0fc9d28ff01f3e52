import type { Dataset } from "@bioflax/datasets";
import {
  createPage,
  type ReportedRun,
  type ReportedSetting,
  type ReportedSweep,
} from "@bioflax/report";
import { bioflaxVersion } from "../base/version";
import { allSettings } from "../config/settings";
import { thresholdOf } from "../experiment/training";
import type { ResolvedRun } from "../stored/run-config";
import { byLabel } from "../trained/evaluate";
import { describeRun } from "./describe-run";
import { testSetOf } from "./test-set";

/** The outputs of a run's final network for a test set, or why there are none. */
export type TestOutputs =
  | { readonly dataset: Dataset; readonly outputs: Float32Array }
  | { readonly missing: string };

/** A run as a report shows it. @param predicted left out where no predictions are wanted. */
export function reportedRun(run: ResolvedRun, predicted?: TestOutputs): ReportedRun {
  if (predicted === undefined) return { ...run, about: describeRun(run.config) };
  if ("missing" in predicted)
    return { ...run, about: describeRun(run.config), predictions: predicted };
  const { dataset, outputs } = predicted;
  const threshold = thresholdOf(run.config);
  const predictions = {
    dataset: testSetOf(dataset),
    outputs,
    threshold,
    ...(dataset.task === "multi-label" && {
      labels: byLabel(dataset, dataset.test, outputs, threshold),
    }),
  };
  return { ...run, about: describeRun(run.config, dataset), predictions };
}

/** Settings that say where a run is and how it is watched, not what it computes. */
const besides: ReadonlySet<string> = new Set(["Run", "Measurements"]);

/** Settings that name runs before others do. */
const naming: Readonly<Record<string, NonNullable<ReportedSetting["naming"]>>> = {
  mode: { rank: 1, alone: true },
  layerModes: { rank: 2, alone: false },
  model: { rank: 3, alone: true },
};

/** The settings, as reports show them. */
export const reportedSettings = (): readonly ReportedSetting[] =>
  allSettings().map((setting) => {
    const { key, flag, group } = setting;
    return {
      key,
      flag,
      group,
      default: setting.default,
      decides: !besides.has(group) && key !== "seed" && key !== "threads",
      ...(Object.hasOwn(naming, key) && { naming: naming[key] as (typeof naming)[string] }),
    };
  });

/**
 * A page about runs.
 *
 * @param title says what was trained on what when left out.
 * @param sweep what they are a sweep of, where they are one.
 */
export function pageOf(
  runs: readonly ReportedRun[],
  title?: string,
  sweep?: ReportedSweep,
): string {
  return createPage(runs, {
    title,
    settings: reportedSettings(),
    madeBy: `bioflax ${bioflaxVersion}`,
    ...(sweep && { sweep }),
  });
}
