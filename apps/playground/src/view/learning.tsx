import type { Settings } from "../settings/settings";
import { Chart, type Line } from "./chart";
import type { Curves } from "./history";
import { Legend } from "./legend";
import { lineStyle } from "./line-style";
import type { RunState } from "./use-run";

/** How the rules do beside each other: training loss, and accuracy on the test set. */
export function Learning({ settings, run }: { settings: Settings; run: RunState }) {
  const { history, started } = run;
  const linesOf = ({ values }: Curves): Line[] =>
    settings.rules.map((rule, index) => ({
      ...lineStyle(rule, index),
      values: values[index] ?? [],
    }));
  const isClassification = started?.isClassification ?? true;
  return (
    <section aria-label="Learning curves">
      <Legend of="Rules" lines={settings.rules.map(lineStyle)} />
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
