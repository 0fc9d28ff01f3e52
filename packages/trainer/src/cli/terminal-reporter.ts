import { printable } from "@bioflax/core";
import type { Summary } from "@bioflax/runs";
import { bioflaxVersion } from "../base/version";
import { takesSetting } from "../config/models";
import { describeNetwork } from "../experiment/describe-network";
import { describeRules } from "../experiment/describe-rules";
import { describeLearning } from "../experiment/learning-options";
import { describeRate } from "../experiment/schedule";
import { describeOptimizerOptions, lossNameOf } from "../experiment/training";
import type { Reporter, RunStart, TrainedRun } from "../loggers/reporter";
import { colorsFor } from "./colors";
import { EpochTable } from "./epoch-table";
import { count, duration, loss, megabytes, percent } from "./format";
import type { Io } from "./io";
import { ProgressBar } from "./progress-bar";

/** A reporter that leaves the terminal in order. */
export interface TerminalReporter extends Reporter {
  /** Removes what is only there while the run goes on. */
  close(): void;
}

type Result = { readonly loss: number; readonly accuracy?: number };

function result(name: string, { loss: value, accuracy }: Result): string {
  return accuracy === undefined
    ? `${name} loss ${loss(value)}`
    : `${name} accuracy ${percent(accuracy)}`;
}

function bestLine({ best }: Summary): string {
  if (best === undefined) return "no epoch completed";
  const results = [
    ...(best.val ? [result("validation", best.val)] : []),
    result("test", best.test),
  ];
  return `best epoch ${best.epoch}: ${results.join(", ")}`;
}

/** What came of a run, in a line. */
export function lastLine({ folder, summary }: TrainedRun): string {
  return `${summary.status} in ${duration(summary.timing.totalSeconds)} · ${bestLine(summary)} · ${folder}\n`;
}

/** What is about to be trained, as names and words. */
export function describeRun({
  config,
  dataset,
  network,
  engine,
  device,
  why,
  cpuFallbackOps,
  threads,
  folder,
}: RunStart): [string, string][] {
  const weights = network.parameters
    .filter(({ learns }) => learns)
    .reduce((total, { shape }) => total + shape.reduce((a, b) => a * b, 1), 0);
  const sizes = describeNetwork(config, network.spec);
  const splits = [
    `${count(dataset.train.indices.length)} train`,
    ...(dataset.validation ? [`${count(dataset.validation.indices.length)} validation`] : []),
    `${count(dataset.test.indices.length)} test`,
  ];
  const hasActivations = takesSetting(config, "activations");
  const activations = [
    ...(hasActivations ? config.activations : []),
    ...(config.outputActivation === "identity" ? [] : [config.outputActivation]),
  ];
  const isLinear = hasActivations && activations.length === 0;
  const extras = [
    ...(config.dropout > 0 ? [`dropout ${config.dropout}`] : []),
    ...(config.labelSmoothing > 0 ? [`labels smoothed by ${config.labelSmoothing}`] : []),
    ...(config.adversarialEps > 0 ? [`adversarial within ${config.adversarialEps}`] : []),
    ...describeOptimizerOptions(config),
    ...(config.weightDecay > 0 ? [`weight decay ${config.weightDecay}`] : []),
    ...describeLearning(config),
  ];
  return [
    ["rule", describeRules(network.rules)],
    ["data", `${dataset.name}: ${splits.join(", ")}`],
    [
      "network",
      `${[sizes, ...activations, ...(isLinear ? ["linear"] : [])].join(", ")}; ${count(weights)} weights that learn`,
    ],
    [
      "training",
      [
        `${lossNameOf(config)}, ${config.optimizer}, ${describeRate(config)}`,
        ...extras,
        `batch ${config.batchSize}, ${config.epochs} ${config.epochs === 1 ? "epoch" : "epochs"}, seed ${config.seed}`,
      ].join(", "),
    ],
    [
      "engine",
      `${engine} on ${device}${why === undefined ? "" : ` (auto: ${why})`}, ${threads} ${threads === 1 ? "thread" : "threads"}${config.precision === "float32" ? "" : `, products in ${config.precision}`}`,
    ],
    ...(cpuFallbackOps === undefined
      ? []
      : ([["fallback", describeFallback(cpuFallbackOps)]] as [string, string][])),
    ["run", folder],
  ];
}

/** What a device leaves to the processor: "Col2Im ×2 of a step run on the processor", or that nothing does. */
function describeFallback(left: Readonly<Record<string, number>>): string {
  const operators = Object.entries(left).map(([operator, times]) => `${operator} ×${times}`);
  return operators.length === 0
    ? "none: the device runs every operator of a training step"
    : `${operators.join(", ")} of a training step run on the processor`;
}

/** Shows a run on stderr: what is trained, a bar while an epoch runs, a line for each epoch, and what came of it. */
export function terminalReporter({ stderr, env }: Io): TerminalReporter {
  const colors = colorsFor(stderr, env);
  const { bold, dim, green, yellow } = colors;
  const bar = new ProgressBar(stderr, colors);
  const facts = (rows: [string, string][]) =>
    rows.map(([name, text]) => `  ${dim(name.padEnd(9))} ${text}\n`).join("");
  let table: EpochTable | undefined;
  let epochs = 0;
  let downloading: string | undefined;
  return {
    warning(message) {
      bar.clear();
      stderr.write(`${yellow("warning:")} ${printable(message)}\n`);
    },
    downloading({ name, received, total }) {
      if (name !== downloading) {
        bar.clear();
        stderr.write(`downloading ${name}, ${megabytes(total)} MB\n`);
        bar.start("data", total);
        downloading = name;
      }
      bar.update(received, `${megabytes(received)} MB`);
    },
    notice(text) {
      bar.clear();
      stderr.write(`${yellow("note:")} ${printable(text)}\n`);
    },
    started(start) {
      bar.clear();
      table = new EpochTable(start);
      epochs = start.config.epochs;
      stderr.write(
        `${bold("bioflax")} ${bioflaxVersion}\n${facts(describeRun(start))}\n${dim(table.header())}\n`,
      );
    },
    epochStarted: (epoch, examples) => bar.start(`epoch ${epoch}/${epochs}`, examples),
    progress: (examples) => bar.update(examples),
    evaluating: () => bar.full("evaluating"),
    epochFinished(record) {
      bar.clear();
      stderr.write(`${table?.line(record)}\n`);
    },
    diagnosing(what) {
      bar.clear();
      stderr.write(`${yellow("note:")} ${what}; looking for the layer in which that began\n`);
    },
    finished(run) {
      bar.clear();
      const { summary, report } = run;
      stderr.write(
        `\n${facts([
          ...(summary.test
            ? ([
                [
                  "final",
                  `${result("test", summary.test)}, train loss ${loss(summary.train?.loss as number)}`,
                ],
              ] as [string, string][])
            : []),
          [
            "speed",
            `${count(summary.throughput.examplesPerSecond)} examples/s, ${duration(summary.timing.trainSeconds)} of training`,
          ],
          ...(report ? ([["report", report]] as [string, string][]) : []),
        ])}`,
      );
      const color = summary.status === "done" ? green : yellow;
      stderr.write(lastLine(run).replace(summary.status, color(summary.status)));
    },
    close: () => bar.clear(),
  };
}

/** Prints warnings and the last line only. */
export function quietReporter({ stderr }: Io): TerminalReporter {
  return {
    warning(message) {
      stderr.write(`warning: ${printable(message)}\n`);
    },
    finished(run) {
      stderr.write(lastLine(run));
    },
    close() {},
  };
}
