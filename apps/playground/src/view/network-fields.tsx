import { activations, models, rules } from "@bioflax/core";
import {
  MOST_LAYERS,
  modelNames,
  parseUnits,
  ranges,
  SAME,
  type Settings,
} from "../settings/settings";
import { asOptions, between, type Change, Choice, Typed } from "./fields";

/** A list with one of its values another, or, with none given, left out. */
const replaced = <Value,>(list: readonly Value[], at: number, ...values: Value[]) => [
  ...list.slice(0, at),
  ...values,
  ...list.slice(at + 1),
];

const ruleOptions = [[SAME, "same"] as const, ...asOptions(rules.names())];

interface LayerProps {
  readonly settings: Settings;
  readonly change: Change;
  /** Which layer, from 0. */
  readonly layer: number;
}

/** The rule of one layer, where it is to be another than its network's. */
function LayerRule({ settings: { layerRules }, change, layer }: LayerProps) {
  return (
    <Choice
      label={`Rule of layer ${layer + 1}`}
      isLabelHidden
      value={layerRules[layer] ?? SAME}
      options={ruleOptions}
      onChange={(rule) => change({ layerRules: replaced(layerRules, layer, rule) })}
    />
  );
}

function HiddenLayer({ settings, change, layer }: LayerProps) {
  const { hidden, activations: own, layerRules } = settings;
  return (
    <li class="layer-row">
      <Typed
        label={`Units of layer ${layer + 1}`}
        isLabelHidden
        value={hidden[layer] as number}
        parse={parseUnits}
        expected={between(ranges.units, "A whole number")}
        onChange={(units) => change({ hidden: replaced(hidden, layer, units) })}
      />
      <Choice
        label={`Activation of layer ${layer + 1}`}
        isLabelHidden
        value={own[layer] as string}
        options={asOptions(activations.names())}
        onChange={(name) => change({ activations: replaced(own, layer, name) })}
      />
      <LayerRule {...{ settings, change, layer }} />
      <button
        type="button"
        class="small"
        aria-label={`Remove layer ${layer + 1}`}
        title={`Remove layer ${layer + 1}`}
        onClick={() =>
          change({
            hidden: replaced(hidden, layer),
            activations: replaced(own, layer),
            layerRules: replaced(layerRules, layer),
          })
        }
      >
        ×
      </button>
    </li>
  );
}

/** The layers of dense networks, from the first hidden one to the output. */
function Layers({ settings, change }: Omit<LayerProps, "layer">) {
  const { hidden, activations: own, layerRules } = settings;
  const count = hidden.length;
  const add = () =>
    change({
      hidden: [...hidden, hidden.at(-1) ?? 16],
      activations: [...own, own.at(-1) ?? "tanh"],
      layerRules: [...layerRules.slice(0, count), SAME, layerRules[count] ?? SAME],
    });
  return (
    <>
      <div class="layer-row layer-heads" aria-hidden="true">
        <span>Units</span>
        <span>Activation</span>
        <span>Rule</span>
      </div>
      <ol class="layer-rows" aria-label="Layers">
        {hidden.map((_, layer) => (
          <HiddenLayer key={layer} {...{ settings, change, layer }} />
        ))}
        <li class="layer-row">
          <span class="output-layer">output</span>
          <LayerRule {...{ settings, change }} layer={count} />
        </li>
      </ol>
      <button type="button" disabled={count === MOST_LAYERS} onClick={add}>
        Add a layer
      </button>
    </>
  );
}

/** What the networks are made of. */
export function NetworkFields({ settings, change }: Omit<LayerProps, "layer">) {
  return (
    <fieldset>
      <legend>Network</legend>
      {settings.data === "digits" && (
        <Choice
          label="Architecture"
          value={settings.model}
          options={modelNames.map((name) => [name, models.get(name).title])}
          onChange={(model) => change({ model: model as Settings["model"] })}
        />
      )}
      {settings.model === "mlp" ? (
        <Layers {...{ settings, change }} />
      ) : (
        <p class="about">
          Three convolutions and two dense layers, of relu units. A step takes some tens of
          milliseconds.
        </p>
      )}
    </fieldset>
  );
}
