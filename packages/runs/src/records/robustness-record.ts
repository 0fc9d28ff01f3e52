import { sentence } from "@bioflax/core";
import * as z from "zod";
import { RunFolderError } from "./run-folder-error";
import { whyUnreadable } from "./why-unreadable";

/** The name of the file in a run folder that has what attacks came to; there is none where nobody attacked it. */
export const ROBUSTNESS_FILE = "robustness.json";

const share = z.number().min(0).max(1);
const whole = z.int().min(0);

const recordSchema = z.strictObject({
  method: z.string().min(1),
  norm: z.string().min(1),
  steps: z.exactOptional(whole),
  stepSize: z.exactOptional(z.number()),
  starts: z.exactOptional(whole),
  queries: z.exactOptional(whole),
  seed: z.exactOptional(whole),
  split: z.string(),
  examples: whole,
  weights: z.string(),
  from: z.exactOptional(z.string()),
  accuracy: z.array(z.strictObject({ eps: z.number().min(0), accuracy: share })).min(1),
});

/** What an attack on a run's network came to. */
export interface RobustnessRecord {
  /** How adversarial examples were made: `fgsm`, `pgd`, `square`. */
  readonly method: string;
  /** By which norm they were kept near: `linf`, `l2`. */
  readonly norm: string;
  /** How many steps up the loss they took; missing of an attack that takes none. */
  readonly steps?: number;
  /** The length of each, in the unit of ε; missing where it is a part of ε. */
  readonly stepSize?: number;
  /** From how many random places they started; 0: from the example itself; missing where that is no question. */
  readonly starts?: number;
  /** How often the network was asked for the outputs of each; missing of an attack that climbs the loss. */
  readonly queries?: number;
  /** Of its random numbers; missing where it draws none. */
  readonly seed?: number;
  /** Which part of the data was attacked. */
  readonly split: string;
  /** The first so many examples of it. */
  readonly examples: number;
  /** The network's weights, as they were asked for: `final`, `best` … or a file. */
  readonly weights: string;
  /** The name of the run folder whose network the examples were made for; missing where it is this one. */
  readonly from?: string;
  /**
   * The share of the examples that are classified right as they are and within each ε. Of pixels ε is in parts of the
   * range from black to white.
   */
  readonly accuracy: readonly { readonly eps: number; readonly accuracy: number }[];
}

/**
 * What a `robustness.json` tells.
 *
 * @param text undefined where there is no such file: a run that nobody attacked.
 * @param file what errors call it.
 * @throws RunFolderError when it tells something else.
 */
export function parseRobustness(
  text: string | undefined,
  file: string,
): readonly RobustnessRecord[] {
  if (text === undefined) return [];
  try {
    return z.array(recordSchema).parse(JSON.parse(text));
  } catch (error) {
    throw new RunFolderError(
      `${file}: expected what attacks on the run came to, but ${sentence(whyUnreadable(error))} Delete it, and attack the run again.`,
      { cause: error },
    );
  }
}

/** Whether two records are of the same attack, whatever it came to. */
function isSameAttack(one: RobustnessRecord, other: RobustnessRecord): boolean {
  const { accuracy: _one, ...a } = one;
  const { accuracy: _other, ...b } = other;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]) as Set<keyof typeof a>;
  return [...keys].every((key) => a[key] === b[key]);
}

/** Records with another, in place of one of the same attack. */
export const withRobustness = (
  records: readonly RobustnessRecord[],
  added: RobustnessRecord,
): readonly RobustnessRecord[] => [
  ...records.filter((record) => !isSameAttack(record, added)),
  added,
];
