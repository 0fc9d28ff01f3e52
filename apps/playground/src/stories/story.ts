import type { Panel } from "../settings/panels";
import type { Settings } from "../settings/settings";
import type { AngleName, History } from "../view/history";

/** What is to be seen at the end of a step, as the run itself tells it. */
export interface Check {
  /** In words. */
  readonly words: string;
  readonly rule: string;
  /** What is measured: the last test accuracy, 0 to 1, or test loss; or an angle, in degrees, of a layer from 1. */
  readonly of: "test" | { readonly angle: AngleName; readonly layer: number };
  /** It is true of numbers on this side of it. */
  readonly above?: number;
  readonly below?: number;
}

/** One step of a story: settings, how far to run, and what to see. */
export interface StoryStep {
  readonly text: string;
  /** Settings other than those of the page at its start. */
  readonly settings: Partial<Settings>;
  readonly show: readonly Panel[];
  readonly angle?: AngleName;
  /** How many epochs to run. */
  readonly epochs: number;
  readonly checks: readonly Check[];
}

/** A guided story. */
export interface Story {
  /** Its name in an address. */
  readonly name: string;
  readonly title: string;
  readonly steps: readonly StoryStep[];
}

/** The number that a check is about; undefined where there is none yet. */
export function measured(check: Check, rules: readonly string[], history: History) {
  const rule = rules.indexOf(check.rule);
  const { of } = check;
  const value =
    of === "test" ? history.test.last[rule] : history.angles[rule]?.[of.angle].last[of.layer - 1];
  return value === undefined || Number.isNaN(value) ? undefined : value;
}

/** Whether what is to be seen is so. */
export function holds(check: Check, value: number | undefined): boolean {
  const { above = Number.NEGATIVE_INFINITY, below = Number.POSITIVE_INFINITY } = check;
  return value !== undefined && value > above && value < below;
}
