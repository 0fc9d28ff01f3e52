import { useEffect, useId, useState } from "preact/hooks";
import { parseSetting, type Settings } from "../settings/settings";

/** Part of the settings that is to be another. */
export type Change = (part: Partial<Settings>) => void;

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  /** Values, and what they are called. */
  readonly options: readonly (readonly [value: string, title: string])[];
  readonly onChange: (value: string) => void;
  /** Whether the label is there for those alone who do not see the control's place. */
  readonly isLabelHidden?: boolean;
}

/** One of several values. */
export function Choice({ label, value, options, onChange, isLabelHidden = false }: ChoiceProps) {
  return (
    <label>
      <span class={isLabelHidden ? "unseen" : undefined}>{label}</span>
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

interface TypedProps<Value> {
  readonly label: string;
  readonly value: Value;
  /** What a text says; undefined where that is no such value. */
  readonly parse: (text: string) => Value | undefined;
  readonly onChange: (value: Value) => void;
  /** What it may be, in words. */
  readonly expected: string;
  readonly isLabelHidden?: boolean;
  /** What is said beside the label. */
  readonly note?: string;
}

/** A number that is typed in; what it cannot be is said, and not taken. */
export function Typed<Value extends number>(props: TypedProps<Value>) {
  const { label, value, parse, onChange, expected, isLabelHidden = false, note } = props;
  const hint = useId();
  const current = String(value);
  const [text, setText] = useState(current);
  useEffect(() => setText(current), [current]);
  const isWrong = parse(text) === undefined;
  const take = () => {
    const typed = parse(text);
    if (typed !== undefined && typed !== value) onChange(typed);
  };
  return (
    <label>
      <span class={isLabelHidden ? "unseen" : undefined}>
        {label}
        {note && <small class="note">{note}</small>}
      </span>
      <input
        value={text}
        inputMode="decimal"
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

/** Settings that are numbers. */
type NumberName = {
  [Name in keyof Settings]: Settings[Name] extends number ? Name : never;
}[keyof Settings];

interface FieldProps extends Pick<TypedProps<number>, "label" | "expected" | "note"> {
  readonly name: NumberName;
  readonly settings: Settings;
  readonly change: Change;
}

/** A setting that is a number. */
export function Field({ name, settings, change, ...given }: FieldProps) {
  return (
    <Typed
      {...given}
      value={settings[name]}
      parse={(text) => parseSetting(name, text)}
      onChange={(value) => change({ [name]: value })}
    />
  );
}

/** From where to where a number goes, in words. */
export const between = ([from, to]: readonly [number, number], what = "A number") =>
  `${what} from ${from} to ${to}`;

/** Names that speak for themselves, as options. */
export const asOptions = (names: readonly string[]) => names.map((name) => [name, name] as const);
