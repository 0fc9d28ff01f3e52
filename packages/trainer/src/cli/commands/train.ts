import { Option } from "commander";
import { settings } from "../../config/settings";
import { addSettings, type GivenOptions, resolveGiven } from "../setting-options";
import type { AddCommand } from "./command";

const examples = `
Examples:
  bioflax train --mode dfa --epochs 10 --lr 0.1
  bioflax train --dataset teacher --hidden-layers 30 --activations sigmoid --plot
  bioflax train --config experiment.yaml --seed 3 --out runs/third

A true-or-false option may stand alone (--plot), with a value (--plot false) or negated (--no-plot).
Options may be spelt with underscores, as in bioflax for Python (--batch_size 32).
`;

/** `bioflax train`: an option for every setting. */
export const addTrain: AddCommand = (program, { io, finished }) => {
  const train = program
    .command("train")
    .description("train a network and write a run folder")
    .addHelpOption(new Option("-h, --help", "print help").helpGroup("Run:"))
    .addHelpText("after", examples)
    .action(async (given: GivenOptions) => {
      const { config } = await resolveGiven(given);
      // Loaded last: bad usage is answered without waiting for anything heavy.
      const { runTrain } = await import("./run-train");
      finished(await runTrain(config, io));
    });
  addSettings(train, settings);
};
