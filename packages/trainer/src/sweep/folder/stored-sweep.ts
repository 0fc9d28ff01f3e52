import { BioflaxError, sentence } from "@bioflax/core";
import * as z from "zod";
import { bioflaxVersion } from "../../base/version";
import { settingsFrom } from "../../stored/run-config";
import { type RunResult, resultKinds } from "../execute/reporter";
import type { SweepPlan, SweepRun, SweptSetting } from "../plan/plan-sweep";
import { type Goal, goals } from "../spec/goal";

/** The file of a sweep's folder that lists its runs. */
export const SWEEP_FILE = "sweep.json";

const storedRun = z.object({
  name: z.string().min(1),
  swept: z.record(z.string(), z.unknown()),
  /** Those settings that are not the same in all runs. */
  settings: z.record(z.string(), z.unknown()),
  /** What it has in common with runs it trains with as replicas. */
  group: z.string().optional(),
  /** What came of it in the execution that wrote this last; missing where nothing did. */
  result: z
    .object({
      kind: z.enum(resultKinds),
      error: z.string().optional(),
      seconds: z.number().optional(),
      peakBytes: z.number().optional(),
    })
    .optional(),
});

const storedSweep = z.object({
  format: z.literal(1),
  madeBy: z.string(),
  name: z.string(),
  swept: z.array(z.object({ key: z.string(), flag: z.string(), log: z.boolean() })),
  metric: z.string().optional(),
  goal: z.enum(goals).optional(),
  /** Those settings that are the same in all runs; paths are relative to the sweep's folder where they were given so. */
  settings: z.record(z.string(), z.unknown()),
  runs: z.array(storedRun),
});

/** A sweep as its folder has it. */
export type StoredSweep = z.output<typeof storedSweep>;

/** What a sweep's folder says of it, beside its runs. */
export interface SweepFacts {
  readonly name: string;
  readonly swept: readonly SweptSetting[];
  readonly metric?: string | undefined;
  readonly goal?: Goal | undefined;
}

/** The facts of a plan. */
export const factsOf = ({ name, swept, metric, goal }: SweepPlan): SweepFacts => ({
  name,
  swept,
  metric,
  goal,
});

/** A sweep as the text of its file. @param folder the sweep's, which paths are written relative to. */
export function encodeSweep(
  { name, swept, metric, goal }: SweepFacts,
  runs: readonly { readonly run: SweepRun; readonly result?: RunResult | undefined }[],
  folder: string,
): string {
  const all = runs.map(({ run }) => ({
    ...settingsFrom(folder, run.config),
    ...(run.config.plugins && { plugins: run.config.plugins }),
  }));
  const text = (settings: Readonly<Record<string, unknown>>, key: string) =>
    JSON.stringify(settings[key]);
  const [first = {} as (typeof all)[number]] = all;
  const common = Object.keys(first).filter((key) =>
    all.every((settings) => text(settings, key) === text(first, key)),
  );
  const only = (settings: Readonly<Record<string, unknown>>, isCommon: boolean) =>
    Object.fromEntries(
      Object.entries(settings).filter(([key]) => common.includes(key) === isCommon),
    );
  const stored: StoredSweep = {
    format: 1,
    madeBy: `bioflax ${bioflaxVersion}`,
    name,
    swept: [...swept],
    ...(metric !== undefined && { metric }),
    ...(goal !== undefined && { goal }),
    settings: only(first, true),
    runs: runs.map(({ run, result }, i) => ({
      name: run.name,
      swept: { ...run.swept },
      settings: only(all[i] as (typeof all)[number], false),
      ...(run.group !== undefined && { group: run.group }),
      ...(result && { result: { ...result } }),
    })),
  };
  return `${JSON.stringify(stored, null, 2)}\n`;
}

/** A sweep from the text of its file. @param file what errors call it. @throws BioflaxError when it is none. */
export function parseStoredSweep(text: string, file: string): StoredSweep {
  const refuse = (why: string, cause: unknown) =>
    new BioflaxError(
      `${file}: expected the runs of a sweep, but ${sentence(why)} Start the sweep again with its file or its options to have it made anew; its runs are kept.`,
      { cause },
    );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refuse((error as Error).message, error);
  }
  const read = storedSweep.safeParse(value);
  if (read.success) return read.data;
  const { path, message } = read.error.issues[0] as z.core.$ZodIssue;
  throw refuse(`${path.join(".") || "the whole"}: ${message}`, read.error);
}
