import { dataSettings } from "../training/experiment";
import { type Table, tableFileName } from "../training/table";
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

/** What the command is told of the data: which set, and the file it is in where the page has it in one. */
function datasetSettings(settings: Settings, table: Table | undefined) {
  const { data } = settings;
  if (data === "digits") return { dataset: "npz", dataDir: "digits.npz", valSplit: 0 };
  if (table === undefined) return { dataset: data, ...dataSettings(settings) };
  const dataset = table.classNames ? "table" : "table-values";
  return { dataset, dataDir: tableFileName(table), valSplit: 0 };
}

/**
 * The run of a rule as the command's settings, by the names that its config files have.
 *
 * @param epochs how many times it is to see the training set.
 * @param table data of one's own, where the run is of them.
 */
export function configOf(settings: Settings, rule: string, epochs: number, table?: Table) {
  const { optimizer, learningRate, weightDecay, batchSize, feedbackScale, seed } = settings;
  return {
    ...datasetSettings(settings, table),
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

/**
 * The commands that make a run, a line a rule; undefined where the data are not there yet.
 *
 * @param table data of one's own, where the run is of them.
 */
export function commandsOf(settings: Settings, epochs: number, table?: Table): string | undefined {
  if (settings.data === "csv" && table === undefined) return undefined;
  return settings.rules
    .map((rule) => {
      const flags = Object.entries(configOf(settings, rule, epochs, table)).flatMap(
        ([name, value]) => [flagOf(name), ...[value].flat()],
      );
      return ["npx --ignore-scripts bioflax train", ...flags].join(" ");
    })
    .join("\n");
}
