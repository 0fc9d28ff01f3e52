import { Option } from "commander";
import { readConfig } from "../../config/read-config";
import { ConfigError, resolveConfig } from "../../config/resolve";
import type { CommandConfig } from "../../config/schema";
import { defaultText, placeholderOf, type Setting, settings } from "../../config/settings";
import type { TrainOptions } from "../../prepare";
import { parseValue } from "../arguments";
import type { Io } from "../io";
import type { AddCommand } from "./command";

const examples = `
Examples:
  bioflax train --mode dfa --epochs 10 --lr 0.1
  bioflax train --dataset teacher --hidden-layers 30 --activations sigmoid --plot
  bioflax train --config experiment.yaml --seed 3 --out runs/third
  bioflax train --resume runs/third

A true-or-false option may stand alone (--plot), with a value (--plot false) or negated (--no-plot).
Options may be spelt with underscores, as in bioflax for Python (--batch_size 32).
`;

/** The options of a setting: the one that shows in the help, and `--no-…` beside a true-or-false one. */
function optionsOf(setting: Setting): Option[] {
  const { flag, kind, many, group, description } = setting;
  const optional = many || kind === "boolean";
  const value = optional ? `[${placeholderOf(setting)}]` : `<${placeholderOf(setting)}>`;
  // That a switch is off until it is set goes without saying.
  const byDefault = setting.default === false ? undefined : defaultText(setting);
  const option = new Option(
    `--${flag} ${value}`,
    byDefault === undefined ? description : `${description} (default: ${byDefault})`,
  );
  // Several values arrive as one; commander would add those of a repeated option instead of taking the last.
  option.variadic = false;
  option.helpGroup(`${group}:`);
  return kind === "boolean" ? [option, new Option(`--no-${flag}`).hideHelp()] : [option];
}

/** `bioflax train --resume`: the settings are the run's own, but for those that may be others. */
async function resumeRun(values: Partial<CommandConfig>, io: Io): Promise<number> {
  const {
    resume: folder,
    config: file,
    quiet = false,
    verbose = false,
    json = false,
    ...settings
  } = values;
  if (file !== undefined)
    throw new ConfigError([
      "--config and --resume: expected one of them, received both. A run that is resumed has its own settings",
    ]);
  const { runTrain } = await import("./run-train");
  const { resume } = await import("../../resume");
  const start = (options: TrainOptions) => resume(folder as string, { ...options, settings });
  return runTrain(start, { quiet, verbose, json }, io);
}

/** `bioflax train`: an option for every setting. */
export const addTrain: AddCommand = (program, { io, finished }) => {
  const train = program
    .command("train")
    .description("train a network and write a run folder")
    .addHelpOption(new Option("-h, --help", "print help").helpGroup("Run:"))
    .showHelpAfterError("See bioflax train --help.")
    .allowExcessArguments(false)
    .addHelpText("after", examples)
    .action(async (given: Record<string, string | boolean | undefined>) => {
      const values = Object.fromEntries(
        settings.flatMap((setting) => {
          const raw = given[setting.key];
          return raw === undefined ? [] : [[setting.key, parseValue(setting, raw)]];
        }),
      );
      if (typeof values.resume === "string") return finished(await resumeRun(values, io));
      const commandLine = { values };
      const file = typeof values.config === "string" ? [await readConfig(values.config)] : [];
      const config = resolveConfig(...file, commandLine);
      // Loaded last: bad usage is answered without waiting for anything heavy.
      const { runTrain } = await import("./run-train");
      const { train } = await import("../../train");
      const { config: _file, quiet, verbose, json, resume: _run, ...run } = config;
      finished(await runTrain((options) => train(run, options), { quiet, verbose, json }, io));
    });
  for (const setting of settings) for (const option of optionsOf(setting)) train.addOption(option);
};
