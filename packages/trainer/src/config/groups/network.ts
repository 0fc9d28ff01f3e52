import { activations, type RuleName, rules } from "@bioflax/core";
import { activation, listOf, oneOf, wholeNumber } from "../kinds";
import { setting } from "../setting-notes";

const ruleNames = Object.keys(rules) as RuleName[];
const activationNames = Object.keys(activations);
const named = Object.values(rules).map(({ name, title }) => `${name} (${title})`);

/** The layers, and how errors reach them. */
export const network = {
  mode: setting(oneOf(ruleNames).default("fa"), {
    group: "Network",
    description: `learning rule: ${named.join(", ")}`,
    placeholder: "rule",
  }),
  layerModes: setting(listOf(oneOf(ruleNames), "a list of learning rules").optional(), {
    group: "Network",
    description:
      "learning rule of each layer, from the first hidden one to the output (default: the mode everywhere)",
    placeholder: "rules",
  }),
  hiddenLayers: setting(
    listOf(wholeNumber(1), "a list of whole numbers from 1").default([500, 500]),
    {
      group: "Network",
      description: "units of each hidden layer; none for a single layer",
      placeholder: "units",
    },
  ),
  activations: setting(
    listOf(activation(activationNames), "a list of activations").default(["relu", "relu"]),
    {
      group: "Network",
      description: `activation of each hidden layer: ${activationNames.join(", ")}`,
      placeholder: "names",
    },
  ),
  outputActivation: setting(activation(activationNames).default("identity"), {
    group: "Network",
    description: "activation of the output layer, before the loss's own softmax or sigmoid",
    placeholder: "name",
  }),
};
