import type { EpochRecord } from "@bioflax/runs";
import type { ReportedRun } from "./reported-run";
import { type Statistics, statistics } from "./statistics";

/** A measurement of an epoch, where there is one. */
export type Read = (record: EpochRecord) => number | undefined;

/** A line of a chart: what some runs make of a measurement, over epochs. */
export interface Line {
  readonly name: string;
  /** Which colour and dash it has, and which switch shows and hides it. */
  readonly slot: number;
  /** One for each of the chart's epochs; undefined where nothing finite was measured. */
  readonly points: readonly (Statistics | undefined)[];
}

/** As many epochs as a chart can show. */
const MOST_EPOCHS = 120;

/** The epochs a chart of these runs shows: all, or evenly chosen ones with the first and the last. */
export function epochsOf(
  runs: readonly Pick<ReportedRun, "records">[],
  most = MOST_EPOCHS,
): number[] {
  const last = Math.max(0, ...runs.map(({ records }) => records.length));
  if (last <= most) return Array.from({ length: last }, (_, i) => i + 1);
  const step = (last - 1) / (most - 1);
  return Array.from({ length: most }, (_, i) => 1 + Math.round(i * step));
}

/**
 * Mean and deviation over runs, epoch by epoch; a list of one line, or an empty one when nothing was measured.
 *
 * @param epochs as {@link epochsOf} gives them.
 */
export function lineOf(
  name: string,
  slot: number,
  runs: readonly Pick<ReportedRun, "records">[],
  epochs: readonly number[],
  read: Read,
): Line[] {
  const points = epochs.map((epoch) =>
    statistics(
      runs.map(({ records }) => {
        const record = records[epoch - 1];
        return record && read(record);
      }),
    ),
  );
  return points.some((point) => point !== undefined) ? [{ name, slot, points }] : [];
}
