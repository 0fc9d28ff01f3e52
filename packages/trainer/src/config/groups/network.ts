import { activations, models, rules } from "@bioflax/core";
import { activation, known, listOf, number, wholeNumber } from "../kinds";
import { setting } from "../setting-notes";

const activationNames = () => activations.names();
const named = () => [...rules].map(({ name, title }) => `${name} (${title})`).join(", ");

/** The layers, and how errors reach them. */
export const network = () => ({
  mode: setting(known(rules).default("fa"), {
    group: "Network",
    description: `learning rule: ${named()}`,
    placeholder: "rule",
    elsewhere: ["rule", "learningRule", "algorithm"],
  }),
  layerModes: setting(listOf(known(rules), "a list of learning rules").optional(), {
    group: "Network",
    description:
      "learning rule of each layer, from the first hidden one to the output (default: the mode everywhere)",
    placeholder: "rules",
  }),
  model: setting(known(models).default("mlp"), {
    group: "Network",
    description:
      "architecture: mlp (dense layers, as the settings below have them), of images lenet5, vggSmall, resnet20, resnet56, mobilenetV2, or of sequences rnn, gru, transformer",
    placeholder: "name",
    elsewhere: ["architecture", "arch", "network"],
  }),
  hiddenLayers: setting(
    listOf(wholeNumber(1), "a list of whole numbers from 1").default([500, 500]),
    {
      group: "Network",
      description:
        "units of each hidden layer of the mlp, none for a single layer; of each recurrent layer of rnn and gru",
      placeholder: "units",
      elsewhere: ["hiddenSizes", "hiddenUnits", "layerSizes", "units"],
    },
  ),
  activations: setting(
    listOf(activation(activationNames()), "a list of activations").default(["relu", "relu"]),
    {
      group: "Network",
      description: `activation of each hidden layer of the mlp: ${activationNames().join(", ")}`,
      placeholder: "names",
    },
  ),
  dropout: setting(number(0, { below: 1 }).default(0), {
    group: "Network",
    description: "share of each hidden layer's outputs of the mlp that a training step leaves out",
    placeholder: "rate",
  }),
  outputActivation: setting(activation(activationNames()).default("identity"), {
    group: "Network",
    description: "activation of the output layer, before the loss's own softmax or sigmoid",
    placeholder: "name",
  }),
});
