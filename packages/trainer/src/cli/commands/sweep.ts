import { type Command, InvalidArgumentError, Option } from "commander";
import { allSettings, camelCased, findSetting } from "../../config/settings";
import { ConfigError } from "../../resolve/resolve";
import type { SweepReportOptions } from "../../sweep/results/report-sweep";
import type { Goal } from "../../sweep/spec/goal";
import { type ReplicaChoice, replicaChoices } from "../../sweep/spec/replica-choice";
import type { SweepInput } from "../../sweep/spec/sweep-spec";
import { parseValue } from "../arguments";
import { goalOption } from "../goal-option";
import { exitStatus } from "../io";
import { addPlugins, addSettings, type GivenOptions, valuesOf } from "../setting-options";
import { stoppable } from "../stop-signals";
import type { AddCommand, CommandSetup } from "./command";

const examples = `
Examples:
  bioflax sweep sweep.yaml                                 every run that the file lists, see docs/sweeps.md
  bioflax sweep --set lr=0.01,0.03,0.1 --set mode=fa,dfa --seeds 0..4 --dataset sinreg
  bioflax sweep sweep.yaml --dry-run                       which runs, how long, how much memory
  bioflax sweep status sweeps/sweep                        what has come of it by now
  bioflax sweep best sweeps/sweep --metric val.accuracy    mean ± sd over seeds, the best first
  bioflax sweep report sweeps/sweep                        a page about all of it

It takes every setting of bioflax train, for all runs. Started again, it goes on: what has ended is not trained again.
`;

/** A whole number on the command line. */
const wholeNumber = (from: number) => (text: string) => {
  if (!/^\d+$/.test(text) || Number(text) < from)
    throw new InvalidArgumentError(`Expected a whole number from ${from}.`);
  return Number(text);
};

/** What the command has beside settings. */
interface SweepOptions {
  readonly set?: readonly string[];
  readonly seeds?: string;
  readonly out?: string;
  readonly jobs?: number;
  readonly retries?: number;
  readonly maxFailures?: number;
  readonly replicas?: ReplicaChoice;
  readonly metric?: string;
  readonly goal?: Goal;
  readonly dryRun?: true;
  readonly launcher?: "slurm";
  readonly search?: "optuna";
  readonly trials?: number;
  readonly sampler?: string;
  readonly pruner?: string;
  readonly python?: string;
}

/**
 * The lists of values that `--set name=value,value` gives. A setting that takes several values has blanks between them:
 * `--set "hidden-layers=500 500,100"`.
 *
 * @throws ConfigError for one that is none.
 */
function setsOf(given: readonly string[] = []): Record<string, readonly unknown[]> {
  const sets: Record<string, readonly unknown[]> = {};
  for (const text of given) {
    const [, name, values = ""] = /^([A-Za-z][\w-]*)=(.*)$/s.exec(text) ?? [];
    if (name === undefined)
      throw new ConfigError([
        `--set: expected a setting and its values, such as lr=0.01,0.1, received ${text}`,
      ]);
    const setting = findSetting(camelCased(name));
    const key = setting?.key ?? name;
    if (Object.hasOwn(sets, key))
      throw new ConfigError([
        `--set: ${name}: expected all values of a setting in one list, such as lr=0.01,0.1, received two lists`,
      ]);
    sets[key] = values
      .split(",")
      .map((value) => value.trim())
      .map((value) =>
        setting === undefined
          ? value
          : parseValue(setting, setting.many ? value.replaceAll(/\s+/g, ",") : value),
      );
  }
  return sets;
}

/** What the command line says of a search, where it says anything. */
function searchOf({ search, trials, sampler, pruner, python }: SweepOptions) {
  const given = Object.entries({ with: search, trials, sampler, pruner, python }).filter(
    ([, value]) => value !== undefined,
  );
  return given.length === 0 ? {} : { search: Object.fromEntries(given) };
}

/** Settings of a sweep's command that say how the command behaves. */
const behaviour = ["config", "quiet", "json"];

/** `bioflax sweep`: many runs, listed in a file or on the command line. */
export const addSweep: AddCommand = (program, setup) => {
  const { io, finished } = setup;
  const group = "Sweep:";
  const sweep = program
    .command("sweep")
    .description("train many runs beside each other, and compare them")
    .argument("[file]", "YAML or JSON file that lists them")
    .enablePositionalOptions()
    .addOption(
      new Option(
        "--set <name=values>",
        "values of a setting, with commas between them: every combination is a run; may be repeated",
      )
        .argParser((value: string, before: string[] = []) => [...before, value])
        .helpGroup(group),
    )
    .addOption(
      new Option("--seeds <seeds>", "seeds of every combination: 0..4 or 0,1,2").helpGroup(group),
    )
    .addOption(
      new Option(
        "--out <dir>",
        "folder of the sweep, new, or one to go on in (default: sweeps/<name>)",
      ).helpGroup(group),
    )
    .addOption(
      new Option(
        "--jobs <n>",
        "runs at a time (default: as many as there are cores for this process, by one thread each; 1 on a GPU)",
      )
        .argParser(wholeNumber(1))
        .helpGroup(group),
    )
    .addOption(
      new Option("--retries <n>", "how often a run that died is tried again (default: 1)")
        .argParser(wholeNumber(0))
        .helpGroup(group),
    )
    .addOption(
      new Option("--max-failures <n>", "failed runs after which the rest is left (default: none)")
        .argParser(wholeNumber(1))
        .helpGroup(group),
    )
    .addOption(
      new Option(
        "--replicas <which>",
        "which runs that share a graph train as one: those that gain by it, all, or none (default: auto)",
      )
        .choices(replicaChoices)
        .helpGroup(group),
    )
    .addOption(
      new Option("--metric <name>", "what runs are compared by, such as val.accuracy").helpGroup(
        group,
      ),
    )
    .addOption(goalOption().helpGroup(group))
    .addOption(
      new Option("--dry-run", "list the runs, and how much time and memory they take").helpGroup(
        group,
      ),
    )
    .addOption(
      new Option(
        "--launcher <name>",
        "who executes it, in place of this machine: a job array of slurm",
      )
        .choices(["slurm"])
        .helpGroup(group),
    )
    .addOption(
      new Option("--search <name>", "who proposes values, in place of all combinations")
        .choices(["optuna"])
        .helpGroup(group),
    )
    .addOption(
      new Option("--trials <n>", "how many proposals a search tries")
        .argParser(wholeNumber(1))
        .helpGroup(group),
    )
    .addOption(
      new Option(
        "--sampler <name>",
        "Optuna's sampler: TPE, Random, QMC, … (default: TPE)",
      ).helpGroup(group),
    )
    .addOption(
      new Option(
        "--pruner <name>",
        "Optuna's pruner: Median, Hyperband, … (default: none)",
      ).helpGroup(group),
    )
    .addOption(
      new Option("--python <command>", "a Python that has Optuna (default: python3)").helpGroup(
        group,
      ),
    )
    .addHelpOption(new Option("-h, --help", "print help").helpGroup(group))
    .addHelpText("after", examples)
    .action(async (file: string | undefined, options: SweepOptions & GivenOptions) => {
      const { config, quiet = false, json = false, ...values } = valuesOf(options);
      // The sweep's own, by the names that `bioflax train` has options for, too.
      const { out: _out, seeds: _seeds, ...flags } = values;
      const sets = setsOf(options.set);
      const over = {
        ...(options.seeds !== undefined && { seeds: options.seeds }),
        ...(options.replicas !== undefined && { replicas: options.replicas }),
        ...(options.metric !== undefined && { metric: options.metric }),
        ...(options.goal !== undefined && { goal: options.goal }),
        ...searchOf(options),
      };
      if (file === undefined && options.set === undefined && options.seeds === undefined)
        throw new ConfigError([
          "sweep: expected the file of a sweep, or lists of values, such as --set lr=0.01,0.1 or --seeds 0..4, received none",
        ]);
      if (file !== undefined && config !== undefined)
        throw new ConfigError([
          "--config: expected none beside the file of a sweep, which names it under base: { extends: … }",
        ]);
      const source: string | SweepInput =
        file ?? (config === undefined ? {} : { base: { extends: String(config) } });
      const { runSweep } = await import("./run-sweep");
      const status = await stoppable(io, { quiet: Boolean(quiet) }, (signal) =>
        runSweep(
          {
            source,
            additions: { flags, sets, over },
            options: { ...options, quiet: Boolean(quiet), json: Boolean(json) },
          },
          io,
          signal,
        ),
      );
      finished(status);
    });
  addSettings(
    sweep,
    allSettings().filter(
      ({ key, commandLineOnly }) => key !== "out" && (!commandLineOnly || behaviour.includes(key)),
    ),
  );
  addTask(sweep, setup);
  addStatus(sweep, setup);
  addBest(sweep, setup);
  addSweepReport(sweep, setup);
};

/** What a task of a job array runs; it is in no help text, for a script has it. */
function addTask(sweep: Command, { io, finished }: CommandSetup): void {
  sweep
    .command("task", { hidden: true })
    .description("train the runs of a task of a job array")
    .argument("<folder>", "folder of the sweep")
    .argument("<task>", "its number", wholeNumber(0))
    .action(async (folder: string, task: number) => {
      const { runSweepTask } = await import("./run-sweep");
      finished(
        await stoppable(io, { quiet: false }, (signal) => runSweepTask(folder, task, io, signal)),
      );
    });
}

/** Options that print a table for other programs. */
function addTables(command: Command): Command {
  return command
    .addOption(new Option("--csv", "print CSV").conflicts("jsonl"))
    .addOption(new Option("--jsonl", "print a line of JSON for each"));
}

/** The format that a table is asked for in. */
const formatOf = ({ csv, jsonl }: { csv?: true; jsonl?: true }) =>
  csv ? "csv" : jsonl ? "jsonl" : "text";

function addStatus(sweep: Command, { io, finished }: CommandSetup): void {
  addTables(
    sweep
      .command("status")
      .description("tell what has come of each run of a sweep by now")
      .argument("<folder>", "folder of the sweep"),
  ).action(async (folder: string, options: { csv?: true; jsonl?: true }) => {
    const { printStatus } = await import("./print-sweep");
    io.stdout.write(await printStatus(folder, formatOf(options)));
    finished(exitStatus.done);
  });
}

function addBest(sweep: Command, { io, finished }: CommandSetup): void {
  addTables(
    sweep
      .command("best")
      .description("tell which settings of a sweep are best: mean ± standard deviation over seeds")
      .argument("<folder>", "folder of the sweep")
      .option("--metric <name>", "what is compared, such as val.accuracy or best.test.loss")
      .addOption(goalOption())
      .addOption(new Option("--top <n>", "how many are told").argParser(wholeNumber(1))),
  ).action(
    async (
      folder: string,
      options: { metric?: string; goal?: Goal; top?: number; csv?: true; jsonl?: true },
    ) => {
      const { printBest } = await import("./print-sweep");
      io.stdout.write(await printBest(folder, options, formatOf(options)));
      finished(exitStatus.done);
    },
  );
}

function addSweepReport(sweep: Command, { io, finished }: CommandSetup): void {
  const command = sweep
    .command("report")
    .description(
      "make a page about a sweep: a table over seeds, curves, the metric over each swept setting",
    )
    .argument("<folder>", "folder of the sweep")
    .option("-o, --out <file>", "the page (default: report.html in that folder)")
    .option("--metric <name>", "what is compared, such as val.accuracy")
    .addOption(goalOption())
    .option("--title <text>", "its title (default: the sweep's name)");
  addPlugins(command);
  command.action(
    async (
      folder: string,
      { plugin: _plugin, ...options }: SweepReportOptions & { plugin?: unknown },
    ) => {
      const { reportSweep } = await import("../../sweep/results/report-sweep");
      io.stdout.write(`${await reportSweep(folder, options)}\n`);
      finished(exitStatus.done);
    },
  );
}
