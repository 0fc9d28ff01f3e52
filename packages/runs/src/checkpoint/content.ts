import * as z from "zod";

/** A number JSON has a word for or not. */
const real = z
  .union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"])])
  .transform((value) => Number(value));
const count = z.int().min(0);
const seconds = z.number().min(0);

/** What a checkpoint says beside its tensors. */
const contentSchema = z.object({
  /** The settings, as `config.json` has them. */
  config: z.record(z.string(), z.unknown()),
  /**
   * What made it: on another engine or device, with other threads or versions, the numbers may differ in their last
   * bits.
   */
  made: z.object({
    engine: z.string(),
    device: z.string(),
    /** Why that engine and device, where they were chosen. */
    why: z.exactOptional(z.string()),
    threads: count,
    /** How many networks trained as one, this one counted; missing of one that trained by itself. */
    replicas: z.exactOptional(count),
    versions: z.record(z.string(), z.string()),
  }),
  /** The data it was trained on, as `fingerprintOf` has it. */
  data: z.string(),
  /** How many steps have been taken. */
  stepsTaken: count,
  progress: z.object({
    epochs: count,
    metricsBytes: count,
    partial: z.object({
      examples: count,
      lossTotal: real,
      alignment: z.array(z.record(z.string(), real)),
      trainSeconds: seconds,
    }),
    elapsed: z.object({
      trainSeconds: seconds,
      examples: count,
      totalSeconds: seconds,
      secondsToFirstStep: z.exactOptional(seconds),
    }),
    firstLoss: z.exactOptional(real),
  }),
});

/** What a checkpoint says beside its tensors. */
export type CheckpointContent = z.output<typeof contentSchema>;

/** What a checkpoint's text says. @throws Error when it makes no sense. */
export function parseCheckpointContent(text: string): CheckpointContent {
  return contentSchema.parse(JSON.parse(text));
}
