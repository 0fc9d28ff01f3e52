import { dataSettings } from "../training/experiment";
import type { Settings } from "./settings";

const flagOf = (name: string) =>
  `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/**
 * What makes the run of a rule on the command line, argument by argument.
 *
 * @param epochs how many times it is to see the training set.
 */
export function commandOf(settings: Settings, rule: string, epochs: number): string[] {
  const { data, hidden, activation, optimizer, learningRate, weightDecay, batchSize, seed } =
    settings;
  return [
    ...["train", "--dataset", data],
    ...Object.entries(dataSettings(settings)).flatMap(([name, value]) => [
      flagOf(name),
      `${value}`,
    ]),
    ...["--mode", rule],
    ...["--hidden-layers", ...hidden.map(String)],
    ...["--activations", ...hidden.map(() => activation)],
    ...["--optimizer", optimizer, "--lr", `${learningRate}`, "--weight-decay", `${weightDecay}`],
    ...["--batch-size", `${batchSize}`, "--epochs", `${epochs}`, "--seed", `${seed}`],
  ];
}

/** The commands that make a run, a line a rule. */
export function commandsOf(settings: Settings, epochs: number): string {
  return settings.rules
    .map((rule) => `npx --ignore-scripts bioflax ${commandOf(settings, rule, epochs).join(" ")}`)
    .join("\n");
}
