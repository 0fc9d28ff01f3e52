import { dataSettings } from "../training/experiment";
import { SAME, type Settings } from "./settings";

/** What the command is told of a network. */
function networkSettings(settings: Settings, rule: string) {
  const { model, hidden, activations, layerRules } = settings;
  if (model !== "mlp") return { model };
  const isMixed = layerRules.some((own) => own !== SAME);
  return {
    ...(isMixed && { layerModes: layerRules.map((own) => (own === SAME ? rule : own)) }),
    hiddenLayers: hidden,
    activations,
  };
}

/**
 * The run of a rule as the command's settings, by the names that its config files have.
 *
 * @param epochs how many times it is to see the training set.
 */
export function configOf(settings: Settings, rule: string, epochs: number) {
  const { data, optimizer, learningRate, weightDecay, batchSize, feedbackScale, seed } = settings;
  const images = { dataset: "npz", dataDir: "digits.npz", valSplit: 0 };
  return {
    ...(data === "digits" ? images : { dataset: data, ...dataSettings(settings) }),
    mode: rule,
    ...networkSettings(settings, rule),
    optimizer,
    lr: learningRate,
    weightDecay,
    batchSize,
    ...(feedbackScale !== 1 && { scaleB: feedbackScale }),
    epochs,
    seed,
  };
}

const flagOf = (name: string) =>
  `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** The commands that make a run, a line a rule; undefined of data that the command does not read. */
export function commandsOf(settings: Settings, epochs: number): string | undefined {
  if (settings.data === "csv") return undefined;
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
