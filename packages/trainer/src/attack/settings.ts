import { BioflaxError, checkOptionNames, type OptionNames, showValue } from "@bioflax/core";
import type { DownloadProgress } from "@bioflax/datasets";
import type { SplitName } from "../trained/split-name";
import type { EngineOptions } from "../trained/start-engine";
import { type Effort, type GivenEffort, type MethodName, methods } from "./methods";
import { type NormName, norms } from "./norms";

/** How runs are attacked. */
export interface AttackOptions extends Effort, EngineOptions {
  /** `fgsm`, `pgd` or `square`; `pgd` when left out. */
  readonly method?: MethodName | undefined;
  /** `linf` or `l2`; `linf` when left out. */
  readonly norm?: NormName | undefined;
  /**
   * How far examples may be moved, one after another. Of pixels in parts of the range from black to white, whatever
   * they are normalised to; of other data in its own unit. The norm's own when left out.
   */
  readonly eps?: readonly number[] | undefined;
  /** `test` when left out. */
  readonly split?: SplitName | undefined;
  /** The first so many examples of it; all when left out. */
  readonly examples?: number | undefined;
  /** `final`, `best`, `last` or `initial`, or the path of a .safetensors file; `final` when left out. */
  readonly weights?: string | undefined;
  /** Whether examples made for one run's network are tried on the others' as well; false when left out. */
  readonly transfer?: boolean | undefined;
  /** Told of each run before it is attacked. */
  readonly onRun?: ((folder: string) => void) | undefined;
  /** Told when data is downloaded. */
  readonly onDownload?: ((progress: DownloadProgress) => void) | undefined;
}

const optionNames: OptionNames<AttackOptions> = {
  method: true,
  norm: true,
  eps: true,
  steps: true,
  stepSize: true,
  starts: true,
  queries: true,
  seed: true,
  split: true,
  examples: true,
  weights: true,
  transfer: true,
  onRun: true,
  onDownload: true,
  engine: true,
  device: true,
  threads: true,
};

/** What options say of how hard to try, as they are called on the command line, and from where on they are right. */
const efforts = {
  steps: { flag: "--steps", from: 1 },
  stepSize: { flag: "--step-size", from: undefined },
  starts: { flag: "--starts", from: 0 },
  queries: { flag: "--queries", from: 1 },
  seed: { flag: "--seed", from: 0 },
} as const satisfies Record<keyof Effort, { flag: string; from: number | undefined }>;

const effortKeys = Object.keys(efforts) as readonly (keyof Effort)[];

/** An attack, with nothing left out. */
export interface AttackSettings extends GivenEffort {
  readonly method: MethodName;
  readonly norm: NormName;
  readonly eps: readonly number[];
  readonly split: SplitName;
  readonly weights: string;
  readonly transfer: boolean;
}

function oneOf<Name extends string>(
  flag: string,
  given: Name,
  table: Readonly<Record<Name, unknown>>,
): Name {
  if (Object.hasOwn(table, given)) return given;
  throw new BioflaxError(
    `${flag}: expected ${Object.keys(table).join(", ")}, received ${showValue(given)}.`,
  );
}

function checkWhole(flag: string, value: number, from: number): void {
  if (Number.isSafeInteger(value) && value >= from) return;
  throw new BioflaxError(
    `${flag}: expected a whole number from ${from}, received ${showValue(value)}.`,
  );
}

/** What of an effort a method takes. @throws BioflaxError for what it does not, or a number out of its range. */
function effortOf(method: MethodName, options: Effort): GivenEffort {
  const { effort }: { effort: Effort } = methods[method];
  const takers = (key: keyof Effort) =>
    Object.entries(methods).flatMap(([name, one]) => (Object.hasOwn(one.effort, key) ? name : []));
  const given = effortKeys.flatMap((key): [keyof Effort, number][] => {
    const { flag, from } = efforts[key];
    const value = options[key];
    if (value === undefined) return effort[key] === undefined ? [] : [[key, effort[key]]];
    if (!Object.hasOwn(effort, key))
      throw new BioflaxError(
        `${flag}: expected none with --method ${method}, received ${showValue(value)}. It is for ${takers(key).join(" and ")}.`,
      );
    if (from !== undefined) checkWhole(flag, value, from);
    else if (!(Number.isFinite(value) && value > 0))
      throw new BioflaxError(`${flag}: expected a number above 0, received ${showValue(value)}.`);
    return [[key, value]];
  });
  return Object.fromEntries(given);
}

/**
 * Checks how runs are to be attacked, and fills in what is left out.
 *
 * @throws BioflaxError for an option that is unknown, out of its range, or not of the method.
 */
export function attackSettings(options: AttackOptions): AttackSettings {
  checkOptionNames("attackRuns", options, optionNames);
  const { split = "test", weights = "final", transfer = false, examples } = options;
  const method = oneOf("--method", options.method ?? "pgd", methods);
  const norm = oneOf("--norm", options.norm ?? "linf", norms);
  const { eps = norms[norm].eps } = options;
  const isDistance = (value: unknown) => Number.isFinite(value) && (value as number) >= 0;
  if (!Array.isArray(eps) || eps.length === 0 || !eps.every(isDistance))
    throw new BioflaxError(
      `--eps: expected numbers from 0, such as 0,0.05,0.1, received ${showValue(eps)}.`,
    );
  if (examples !== undefined) checkWhole("--examples", examples, 1);
  return { ...effortOf(method, options), method, norm, eps, split, weights, transfer };
}
