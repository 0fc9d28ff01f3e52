import type { EpochRecord } from "@bioflax/runs";
import type { RunStart } from "../loggers/reporter";
import { cosine, duration, loss, percent } from "./format";

interface Column {
  readonly title: string;
  readonly width: number;
  readonly cell: (record: EpochRecord) => string;
}

/** A table that is printed a line at a time, with the columns a run has something to put in. */
export class EpochTable {
  readonly #columns: readonly Column[];

  constructor({ config, dataset }: Pick<RunStart, "config" | "dataset">) {
    const { epochs } = config;
    const classifies = dataset.task !== "regression";
    const hasLabels = dataset.task === "multi-label";
    const validates = dataset.validation !== undefined;
    const column = (title: string, cell: Column["cell"], width = title.length): Column => ({
      title,
      width,
      cell,
    });
    const places = String(epochs).length;
    this.#columns = [
      column(
        "epoch",
        ({ epoch }) => `${String(epoch).padStart(places)}/${epochs}`,
        Math.max(5, 2 * places + 1),
      ),
      column("train loss", ({ train }) => loss(train.loss)),
      ...(validates ? [column("val loss", ({ val }) => loss(val?.loss as number), 10)] : []),
      ...(validates && classifies
        ? [column("val acc", ({ val }) => percent(val?.accuracy as number), 8)]
        : []),
      column("test loss", ({ test }) => loss(test.loss), 10),
      classifies
        ? column("test acc", ({ test }) => percent(test.accuracy as number), 8)
        : column("test R²", ({ test: { r2 = Number.NaN } }) => r2.toFixed(4), 8),
      ...(hasLabels
        ? [column("all right", ({ test }) => percent(test.exactMatch as number), 9)]
        : []),
      ...(config.computeAlignments
        ? [
            column(
              "alignment",
              ({ alignment: { gradient = Number.NaN, gradientAngle = Number.NaN } = {} }) =>
                cosine(gradient, gradientAngle),
              12,
            ),
          ]
        : []),
      column("time", ({ timing }) => duration(timing.trainSeconds + timing.evaluateSeconds), 7),
    ];
  }

  /** The titles, aligned with the lines. */
  header(): string {
    return this.#columns.map(({ title, width }) => title.padStart(width)).join("  ");
  }

  /** The line of an epoch. */
  line(record: EpochRecord): string {
    return this.#columns.map(({ cell, width }) => cell(record).padStart(width)).join("  ");
  }
}
