import type { Settings } from "../settings/settings";
import { Chart, type Line } from "./chart";
import type { Curves } from "./history";
import { ruleColor, ruleDash } from "./rule-style";
import type { RunState } from "./use-run";

/** How the rules do beside each other: training loss, and accuracy on the test set. */
export function Learning({ settings, run }: { settings: Settings; run: RunState }) {
  const { history, started } = run;
  const linesOf = ({ values }: Curves): Line[] =>
    settings.rules.map((rule, index) => ({
      label: rule,
      color: ruleColor(index),
      dash: ruleDash(index),
      values: values[index] ?? [],
    }));
  const isClassification = started?.isClassification ?? true;
  return (
    <section aria-label="Learning curves">
      <ul class="legend" aria-label="Rules">
        {settings.rules.map((rule, index) => (
          <li key={rule}>
            <svg width="28" height="8" aria-hidden="true">
              <line
                x1="0"
                x2="28"
                y1="4"
                y2="4"
                style={{ stroke: `var(${ruleColor(index)})` }}
                stroke-width="2"
                stroke-dasharray={ruleDash(index).join(" ")}
              />
            </svg>
            {rule}
          </li>
        ))}
      </ul>
      <div class="pair">
        <Chart
          title="Training loss"
          axis="step"
          x={history.losses.steps}
          lines={linesOf(history.losses)}
        />
        <Chart
          title={isClassification ? "Test accuracy" : "Test loss"}
          axis="step"
          x={history.test.steps}
          lines={linesOf(history.test)}
          {...(isClassification && { range: [0, 1] as const })}
        />
      </div>
    </section>
  );
}
