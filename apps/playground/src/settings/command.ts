import { dataSettings } from "../training/experiment";
import type { Settings } from "./settings";

/**
 * The run of a rule as the command's settings, by the names that its config files have.
 *
 * @param epochs how many times it is to see the training set.
 */
export function configOf(settings: Settings, rule: string, epochs: number) {
  const { data, hidden, activation, optimizer, learningRate, weightDecay, batchSize, seed } =
    settings;
  return {
    dataset: data,
    ...dataSettings(settings),
    mode: rule,
    hiddenLayers: hidden,
    activations: hidden.map(() => activation),
    optimizer,
    lr: learningRate,
    weightDecay,
    batchSize,
    epochs,
    seed,
  };
}

const flagOf = (name: string) =>
  `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** The commands that make a run, a line a rule. */
export function commandsOf(settings: Settings, epochs: number): string {
  return settings.rules
    .map((rule) => {
      const flags = Object.entries(configOf(settings, rule, epochs)).flatMap(([name, value]) => [
        flagOf(name),
        ...[value].flat(),
      ]);
      return ["npx --ignore-scripts bioflax train", ...flags].join(" ");
    })
    .join("\n");
}
