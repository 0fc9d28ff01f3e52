import { sentence } from "@bioflax/core";
import * as z from "zod";
import type { EpochRecord, RunStatus, Summary } from "./records";
import { RunFolderError } from "./run-folder-error";

/** A measurement; JSON writes one that is not finite as null. */
const measured = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);

const statuses: { readonly [S in RunStatus]: S } = {
  done: "done",
  interrupted: "interrupted",
  failed: "failed",
};

const loss = z.looseObject({ loss: measured });
const evaluation = z.looseObject({
  loss: measured,
  accuracy: measured.optional(),
  exactMatch: measured.optional(),
  r2: measured.optional(),
});

/** A line of `metrics.jsonl`; what is never other than finite may not be null. */
const epochRecord = z.looseObject({
  epoch: z.int().min(1),
  learningRate: z.number().optional(),
  train: loss,
  val: evaluation.optional(),
  test: evaluation,
  alignment: z.record(z.string(), measured).optional(),
  alignmentCourse: z.array(z.record(z.string(), measured)).optional(),
  timing: z.looseObject({
    trainSeconds: z.number(),
    evaluateSeconds: z.number(),
    examplesPerSecond: measured,
  }),
});

const summarySchema = z.looseObject({
  status: z.enum(statuses),
  error: z.string().optional(),
  diverged: z.literal(true).optional(),
  warnings: z.array(z.string()).optional(),
  epochs: z.int().min(0),
  train: loss.optional(),
  val: evaluation.optional(),
  test: evaluation.optional(),
  best: z
    .object({ epoch: z.int().min(1), train: loss, val: evaluation.optional(), test: evaluation })
    .optional(),
  timing: z.looseObject({
    trainSeconds: measured,
    totalSeconds: measured,
    secondsToFirstStep: measured.optional(),
  }),
  throughput: z.looseObject({ examplesPerSecond: measured }),
  engine: z.string(),
  device: z.string(),
  why: z.string().optional(),
  threads: z.int(),
  replicas: z.int().optional(),
  versions: z.record(z.string(), z.string()),
});

/** What a text holds. @throws RunFolderError naming the place and what is wrong there. */
function parse<T>(schema: z.ZodType<T>, text: string, place: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new RunFolderError(`${place}: expected JSON, but ${sentence((error as Error).message)}`, {
      cause: error,
    });
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0] as z.core.$ZodIssue;
  throw new RunFolderError(
    `${place}: expected what a run writes there, but ${sentence(`${path.join(".") || "the whole"}: ${message}`)}`,
  );
}

/**
 * The epochs in a `metrics.jsonl`.
 *
 * @param file what errors call it.
 * @throws RunFolderError for a line that is no epoch, or not the next one. A last line without its end is left out.
 */
export function parseRecords(text: string, file: string): EpochRecord[] {
  const lines = text.split("\n").slice(0, -1);
  return lines.map((line, i) => {
    const place = `${file}, line ${i + 1}`;
    const record = parse(epochRecord as z.ZodType<EpochRecord>, line, place);
    if (record.epoch !== i + 1)
      throw new RunFolderError(
        `${place}: expected epoch ${i + 1}, received epoch ${record.epoch}.`,
      );
    return record;
  });
}

/** The record in a line of a `metrics.jsonl`; undefined when it is none of that epoch. */
export function parseRecord(line: string, epoch: number): EpochRecord | undefined {
  try {
    const record = epochRecord.parse(JSON.parse(line));
    return record.epoch === epoch ? (record as EpochRecord) : undefined;
  } catch {
    return undefined;
  }
}

/** What a `summary.json` holds. @throws RunFolderError when it is none. */
export function parseSummary(text: string, file: string): Summary {
  return parse(summarySchema as z.ZodType<Summary>, text, file);
}
