import { Option } from "commander";
import { ConfigError } from "../../config/resolve";
import type { CommandConfig } from "../../config/schema";
import { settings } from "../../config/settings";
import type { TrainOptions } from "../../prepare";
import type { Io } from "../io";
import { addSettings, type GivenOptions, resolveGiven, valuesOf } from "../setting-options";
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
    .addHelpText("after", examples)
    .action(async (given: GivenOptions) => {
      const values = valuesOf(given);
      if (typeof values.resume === "string") return finished(await resumeRun(values, io));
      const { config } = await resolveGiven(given);
      // Loaded last: bad usage is answered without waiting for anything heavy.
      const { runTrain } = await import("./run-train");
      const { train } = await import("../../train");
      const { config: _file, quiet, verbose, json, resume: _run, ...run } = config;
      finished(await runTrain((options) => train(run, options), { quiet, verbose, json }, io));
    });
  addSettings(train, settings);
};
