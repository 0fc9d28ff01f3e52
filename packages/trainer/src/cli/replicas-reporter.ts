import { printable } from "@bioflax/core";
import { statistics } from "@bioflax/report";
import type { EpochRecord } from "@bioflax/runs";
import { bioflaxVersion } from "../base/version";
import type { Reporter } from "../loggers/reporter";
import { colorsFor } from "./colors";
import { duration, loss, percent } from "./format";
import type { Io } from "./io";
import { ProgressBar } from "./progress-bar";
import { describeRun, lastLine } from "./terminal-reporter";

/** Shows how replicas go. */
export interface ReplicasReporter {
  /** Who is told of one of them, by its number from 0. */
  readonly reporterOf: (replica: number) => Reporter;
  /** Removes what is only there while they go on. */
  readonly close: () => void;
}

/** Mean and standard deviation, as people read them: of what are numbers, as reports have it. */
function spread(values: readonly number[], show: (value: number) => string): string {
  const { mean, sd } = statistics(values) ?? { mean: Number.NaN };
  return sd === undefined ? show(mean) : `${show(mean)} ± ${show(sd)}`;
}

/** An epoch of all in a line: mean ± standard deviation. */
function epochLine(records: readonly EpochRecord[], epochs: number): string {
  const [first] = records as readonly [EpochRecord];
  const of = (name: "val" | "test", what: "loss" | "accuracy") =>
    records.flatMap((record) => record[name]?.[what] ?? []);
  const shown = (name: "val" | "test", label: string) => {
    const accuracies = of(name, "accuracy");
    if (accuracies.length > 0) return [`${label} accuracy ${spread(accuracies, percent)}`];
    const losses = of(name, "loss");
    return losses.length > 0 ? [`${label} loss ${spread(losses, loss)}`] : [];
  };
  const { trainSeconds, evaluateSeconds } = first.timing;
  return [
    `epoch ${first.epoch}/${epochs}`,
    `train loss ${spread(
      records.map(({ train }) => train.loss),
      loss,
    )}`,
    ...shown("val", "val"),
    ...shown("test", "test"),
    duration(trainSeconds + evaluateSeconds),
  ].join(" · ");
}

/**
 * Shows replicas on stderr: what is trained, a bar, each epoch as mean ± standard deviation over them, and what came of
 * each.
 *
 * @param seeds theirs, in their order.
 * @param quiet whether only warnings and last lines are shown.
 */
export function replicasReporter(
  { stderr, env }: Io,
  seeds: readonly number[],
  quiet: boolean,
): ReplicasReporter {
  const colors = colorsFor(stderr, env);
  const { bold, dim, yellow } = colors;
  const bar = new ProgressBar(stderr, colors);
  const going = new Set(seeds.keys());
  const records = new Map<number, EpochRecord>();
  let epochs = 0;
  let isStarted = false;
  const say = (text: string) => {
    bar.clear();
    stderr.write(`${text}\n`);
  };
  /** Shows an epoch once all that go on have come to its end. */
  const showEpoch = () => {
    if (records.size === 0 || [...going].some((replica) => !records.has(replica))) return;
    if (!quiet) say(epochLine([...records.values()], epochs));
    records.clear();
  };
  const ended = (replica: number) => {
    going.delete(replica);
    showEpoch();
  };
  return {
    close: () => bar.clear(),
    reporterOf(replica) {
      const who = `seed ${seeds[replica]}: `;
      const isFirst = () => replica === Math.min(...going);
      return {
        warning: (message) => say(`${yellow("warning:")} ${who}${printable(message)}`),
        notice(text) {
          if (!quiet) say(`${yellow("note:")} ${who}${printable(text)}`);
        },
        started(start) {
          if (isStarted || quiet) return;
          isStarted = true;
          epochs = start.config.epochs;
          const facts = describeRun(start).filter(([name]) => name !== "run");
          const rows = [...facts, ["replicas", `seeds ${seeds.join(", ")}`] as const];
          say(
            `${bold("bioflax")} ${bioflaxVersion}\n${rows.map(([name, text]) => `  ${dim(name.padEnd(9))} ${text}`).join("\n")}\n`,
          );
        },
        epochStarted(epoch, examples) {
          if (!quiet && isFirst()) bar.start(`epoch ${epoch}/${epochs}`, examples);
        },
        progress(examples) {
          if (!quiet && isFirst()) bar.update(examples);
        },
        epochFinished(record) {
          records.set(replica, record);
          showEpoch();
        },
        diagnosing: (what) => {
          if (!quiet)
            say(`${yellow("note:")} ${who}${what}; looking for the layer in which that began`);
        },
        finished(run) {
          ended(replica);
          bar.clear();
          stderr.write(`${who}${lastLine(run)}`);
        },
        failed: () => ended(replica),
      };
    },
  };
}
