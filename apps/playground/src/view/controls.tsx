import { optimizers, rules } from "@bioflax/core";
import { MOST_RULES, ranges, type Settings } from "../settings/settings";
import { DataFields, type DataFieldsProps } from "./data-fields";
import { asOptions, between, type Change, Choice, Field } from "./fields";
import { NetworkFields } from "./network-fields";

interface Given {
  readonly settings: Settings;
  readonly change: Change;
}

function RuleChoice({ settings, change }: Given) {
  const chosen = settings.rules;
  const toggle = (rule: string, isOn: boolean) => {
    const wanted = isOn ? [...chosen, rule] : chosen.filter((one) => one !== rule);
    const order = rules.names() as readonly string[];
    change({ rules: wanted.sort((a, b) => order.indexOf(a) - order.indexOf(b)) });
  };
  return (
    <fieldset class="rule-choice">
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

/** How steps are taken. */
function TrainingFields(given: Given) {
  const { settings, change } = given;
  return (
    <fieldset>
      <legend>Training</legend>
      <Field
        {...given}
        label="Learning rate"
        note="live"
        name="learningRate"
        expected={between(ranges.learningRate)}
      />
      <Field
        {...given}
        label="Weight decay"
        note="live"
        name="weightDecay"
        expected={between(ranges.weightDecay)}
      />
      <Choice
        label="Optimizer"
        value={settings.optimizer}
        options={asOptions(optimizers.names())}
        onChange={(optimizer) => change({ optimizer })}
      />
      <Field
        {...given}
        label="Batch size"
        name="batchSize"
        expected={between(ranges.batchSize, "A whole number")}
      />
      <Field
        {...given}
        label="Scale of the feedback weights"
        name="feedbackScale"
        expected={between(ranges.feedbackScale)}
      />
      <Field
        {...given}
        label="Seed"
        name="seed"
        expected={between(ranges.seed, "A whole number")}
      />
      <p class="about">
        What is live changes as the networks train; everything else begins a new run.
      </p>
    </fieldset>
  );
}

/** What a run is made of. */
export function Controls({ settings, change, table, setTable }: DataFieldsProps) {
  const given = { settings, change };
  return (
    <form class="controls" aria-label="Settings" onSubmit={(event) => event.preventDefault()}>
      <RuleChoice {...given} />
      <DataFields {...given} {...{ table, setTable }} />
      <NetworkFields {...given} />
      <TrainingFields {...given} />
    </form>
  );
}
