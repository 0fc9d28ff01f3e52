import { BioflaxError, didYouMean, showValue } from "@bioflax/core";
import type { EpochRecord, Summary } from "@bioflax/runs";
import type { Config } from "../../config/schema";
import { targetsOf } from "../../config/targets";
import { type Goal, goals, isGoal } from "../spec/goal";

type Measured = Pick<EpochRecord, "train" | "val" | "test"> & Pick<EpochRecord, "alignment">;

/** The measurements of an epoch by name: `val.accuracy`, `alignment.gradientAngle`. */
function metricsOf(record: Measured): Readonly<Record<string, number>> {
  const { train, val, test, alignment } = record;
  return Object.fromEntries(
    Object.entries({ train, val, test, alignment }).flatMap(([part, values]) =>
      Object.entries(values ?? {}).flatMap(([name, value]): [string, number][] =>
        typeof value === "number" ? [[`${part}.${name}`, value]] : [],
      ),
    ),
  );
}

/** The measurements of a run by name: of its last epoch, and after `best.` those of its best one. */
export function runMetrics(
  last: EpochRecord | undefined,
  best: Summary["best"],
): Readonly<Record<string, number>> {
  const atBest: Readonly<Record<string, number>> =
    best === undefined ? {} : { epoch: best.epoch, ...metricsOf(best) };
  return {
    ...(last && metricsOf(last)),
    ...Object.fromEntries(Object.entries(atBest).map(([name, value]) => [`best.${name}`, value])),
  };
}

/** Whether more of a metric is better, or less; undefined where its name does not say. */
function usualGoal(metric: string): Goal | undefined {
  if (/\.(accuracy|exactMatch|r2)$/.test(metric)) return "max";
  return /\.loss$|Angle$/.test(metric) ? "min" : undefined;
}

/** What runs measure in each epoch, alignments apart, whose names are of layers. */
const measured = [
  "train.loss",
  ...["val", "test"].flatMap((part) =>
    ["loss", "accuracy", "exactMatch", "r2"].map((name) => `${part}.${name}`),
  ),
];

/** What is wrong with a metric, as far as its name tells before anything has run; undefined of one that may be. */
export function metricProblem(metric: string, goal: Goal | undefined): string | undefined {
  const name = metric.replace(/^best\./, "");
  const isKnown = measured.includes(name) || /^alignment\../.test(name) || metric === "best.epoch";
  if (!isKnown)
    return `expected something that runs measure, ${measured.join(", ")} or alignment.…, each also after "best.", received ${showValue(metric)}.${didYouMean(metric, measured)}`;
  return goal === undefined && usualGoal(metric) === undefined
    ? `expected goal: ${goals.join(" or ")} (on the command line, --goal) beside ${metric}, whose name does not say which is better`
    : undefined;
}

/** Why a run with some settings measures no such metric: half a sentence; undefined where it may. */
export function whyUnmeasured(
  metric: string,
  {
    dataset,
    valSplit,
    computeAlignments,
  }: Pick<Config, "dataset" | "valSplit" | "computeAlignments">,
): string | undefined {
  const name = metric.replace(/^best\./, "");
  const { task } = targetsOf(dataset);
  if (task === "regression" && /\.(accuracy|exactMatch)$/.test(name))
    return `${dataset} is regression, where there are losses and r2 alone`;
  if (task !== "regression" && name.endsWith(".r2"))
    return `${dataset} is no regression, where r2 says how much of the targets is explained`;
  if (task === "classification" && name.endsWith(".exactMatch"))
    return `${dataset} has one class an example, where accuracy says it`;
  if (name.startsWith("val.") && valSplit === 0) return "there is no validation (--val-split 0)";
  if (name.startsWith("alignment.") && !computeAlignments)
    return "no alignment is measured (--no-compute-alignments)";
  return undefined;
}

/** What runs are compared by where nothing is said: the first of these that they have. */
const usual = ["val.accuracy", "val.loss", "test.accuracy", "test.loss"];

/** What runs are compared by, and whether more of it is better. */
export interface Comparison {
  readonly metric: string;
  readonly goal: Goal;
}

/**
 * What runs are compared by.
 *
 * @param known the metrics they have.
 * @throws BioflaxError for a metric that none has, with the nearest, or whose goal nobody knows.
 */
export function comparisonOf(
  {
    metric: wanted,
    goal,
  }: { readonly metric?: string | undefined; readonly goal?: Goal | undefined },
  known: ReadonlySet<string>,
): Comparison {
  if (wanted !== undefined && typeof wanted !== "string")
    throw new BioflaxError(
      `metric: expected a name, such as val.accuracy, received ${showValue(wanted)}.`,
    );
  if (goal !== undefined && !isGoal(goal))
    throw new BioflaxError(`goal: expected ${goals.join(" or ")}, received ${showValue(goal)}.`);
  const metric = wanted ?? usual.find((name) => known.has(name));
  if (metric === undefined || !known.has(metric)) {
    if (known.size === 0)
      throw new BioflaxError(
        "metric: expected runs that have completed an epoch, received none that has.",
      );
    const names = [...known].filter((name) => !/layers\.|^best\./.test(name));
    throw new BioflaxError(
      `--metric: expected something the runs have measured, received ${showValue(metric ?? "none")}.${didYouMean(metric ?? "", known)} ` +
        `They have ${names.join(", ")}, and the same at the best epoch after "best.".`,
    );
  }
  const towards = goal ?? usualGoal(metric);
  if (towards === undefined)
    throw new BioflaxError(
      `--metric ${metric}: expected --goal min or --goal max beside it: its name does not say which is better.`,
    );
  return { metric, goal: towards };
}
