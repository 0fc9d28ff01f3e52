import { activations, optimizers, rules } from "@bioflax/core";
import { useEffect, useState } from "preact/hooks";
import {
  type DataName,
  dataNames,
  MOST_LAYERS,
  MOST_RULES,
  parseSetting,
  ranges,
  type Settings,
} from "../settings/settings";

/** Part of the settings that is to be another. */
type Change = (part: Partial<Settings>) => void;

const dataTitles: { readonly [D in DataName]: string } = {
  spirals: "Spirals",
  blobs: "Blobs",
  sinreg: "Sine",
  teacher: "Teacher and student",
};

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  /** Values, and what they are called. */
  readonly options: readonly (readonly [value: string, title: string])[];
  readonly onChange: (value: string) => void;
}

function Choice({ label, value, options, onChange }: ChoiceProps) {
  return (
    <label>
      {label}
      <select value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        {options.map(([option, title]) => (
          <option key={option} value={option}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}

interface FieldProps<Name extends keyof Settings> {
  readonly label: string;
  readonly name: Name;
  readonly settings: Settings;
  readonly change: Change;
  /** What it may be, in words. */
  readonly expected: string;
}

/** A setting that is typed in; what it cannot be is said, and not taken. */
function Field<Name extends keyof Settings>(props: FieldProps<Name>) {
  const { label, name, settings, change, expected } = props;
  const current = String(settings[name]).replaceAll(",", ", ");
  const [text, setText] = useState(current);
  useEffect(() => setText(current), [current]);
  const isWrong = parseSetting(name, text) === undefined;
  const take = () => {
    const value = parseSetting(name, text);
    if (value !== undefined && String(value) !== String(settings[name]))
      change({ [name]: value } as Partial<Settings>);
  };
  const hint = `${name}-hint`;
  return (
    <label>
      {label}
      <input
        value={text}
        inputMode={name === "hidden" ? "text" : "decimal"}
        aria-invalid={isWrong}
        aria-describedby={isWrong ? hint : undefined}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
        onChange={take}
      />
      {isWrong && (
        <span class="hint" id={hint}>
          {expected}
        </span>
      )}
    </label>
  );
}

function RuleChoice({ settings, change }: { settings: Settings; change: Change }) {
  const chosen = settings.rules;
  const toggle = (rule: string, isOn: boolean) => {
    const wanted = isOn ? [...chosen, rule] : chosen.filter((one) => one !== rule);
    const order = rules.names() as readonly string[];
    change({ rules: wanted.sort((a, b) => order.indexOf(a) - order.indexOf(b)) });
  };
  return (
    <fieldset>
      <legend>Rules, one to four</legend>
      {[...rules].map(({ name, title }) => {
        const isOn = chosen.includes(name);
        const isFixed = isOn ? chosen.length === 1 : chosen.length === MOST_RULES;
        return (
          <label key={name} class="check" title={title}>
            <input
              type="checkbox"
              checked={isOn}
              disabled={isFixed}
              onChange={({ currentTarget }) => toggle(name, currentTarget.checked)}
            />
            <span>
              <b>{name}</b> {title}
            </span>
          </label>
        );
      })}
    </fieldset>
  );
}

const between = ([from, to]: readonly [number, number], what = "A number") =>
  `${what} from ${from} to ${to}`;

const asOptions = (names: readonly string[]) => names.map((name) => [name, name] as const);

/** What a run is made of. */
export function Controls({ settings, change }: { settings: Settings; change: Change }) {
  const given = { settings, change };
  const hasClasses = settings.data === "spirals" || settings.data === "blobs";
  return (
    <form class="controls" aria-label="Settings" onSubmit={(event) => event.preventDefault()}>
      <RuleChoice {...given} />
      <fieldset>
        <legend>Data</legend>
        <Choice
          label="Data set"
          value={settings.data}
          options={dataNames.map((name) => [name, dataTitles[name]])}
          onChange={(data) => change({ data: data as DataName })}
        />
        {hasClasses && (
          <Field
            {...given}
            label="Classes"
            name="classes"
            expected={between(ranges.classes, "A whole number")}
          />
        )}
      </fieldset>
      <fieldset>
        <legend>Network</legend>
        <Field
          {...given}
          label="Units of the hidden layers"
          name="hidden"
          expected={`Up to ${MOST_LAYERS} whole numbers from ${ranges.units[0]} to ${ranges.units[1]}, with commas`}
        />
        <Choice
          label="Activation"
          value={settings.activation}
          options={asOptions(activations.names())}
          onChange={(activation) => change({ activation })}
        />
      </fieldset>
      <fieldset>
        <legend>Training</legend>
        <Choice
          label="Optimizer"
          value={settings.optimizer}
          options={asOptions(optimizers.names())}
          onChange={(optimizer) => change({ optimizer })}
        />
        <Field
          {...given}
          label="Learning rate"
          name="learningRate"
          expected={between(ranges.learningRate)}
        />
        <Field
          {...given}
          label="Weight decay"
          name="weightDecay"
          expected={between(ranges.weightDecay)}
        />
        <Field
          {...given}
          label="Batch size"
          name="batchSize"
          expected={between(ranges.batchSize, "A whole number")}
        />
        <Field
          {...given}
          label="Seed"
          name="seed"
          expected={between(ranges.seed, "A whole number")}
        />
      </fieldset>
    </form>
  );
}
