import { rules } from "@bioflax/core";
import { Chart } from "./chart";
import { type AngleName, angles } from "./history";
import { Legend } from "./legend";
import { lineColor, lineStyle } from "./line-style";
import { Matrices } from "./matrices";
import { SceneView } from "./scene-view";
import type { RunState } from "./use-run";

interface RuleColumnProps {
  readonly rule: string;
  /** Its place among the rules. */
  readonly index: number;
  readonly run: RunState;
  /** Which angle to show. */
  readonly angle: AngleName;
}

const number = (value: number | undefined, digits: number) =>
  value === undefined ? "–" : value.toFixed(digits);

/** What one rule does: its numbers, what it answers, its angles and its weights. */
export function RuleColumn({ rule, index, run, angle }: RuleColumnProps) {
  const { history, views, started } = run;
  const { title, formula, paper } = rules.get(rule);
  const curves = history.angles[index]?.[angle];
  const view = views[index];
  const loss = history.everyLoss[index]?.at(-1);
  const test = history.test.values[index]?.at(-1);
  const lines = (curves?.values ?? []).map((values, layer) => ({
    ...lineStyle(`layer ${layer + 1}`, layer),
    values,
  }));
  return (
    <section class="rule" aria-label={title} style={{ "--own": `var(${lineColor(index)})` }}>
      <h2>
        {title} <small>{rule}</small>
      </h2>
      <p class="about">
        Errors travel by {formula.transport}; feedback weights: {formula.feedback}.
        {paper && ` ${paper.authors} ${paper.year}.`}
      </p>
      <dl>
        <dt>Loss</dt>
        <dd>{number(loss, 4)}</dd>
        <dt>{started?.isClassification === false ? "Test loss" : "Test accuracy"}</dt>
        <dd>{number(test, 3)}</dd>
      </dl>
      {started?.scene && view && <SceneView rule={rule} scene={started.scene} view={view} />}
      {lines.some(({ values }) => values.some(Number.isFinite)) ? (
        <div>
          <Chart
            title={`Degrees between ${angles[angle]}`}
            axis="step"
            height={150}
            range={[0, 135]}
            x={curves?.steps ?? []}
            lines={lines}
          />
          <Legend of="Layers" lines={lines.filter(({ values }) => values.some(Number.isFinite))} />
        </div>
      ) : (
        <p class="none">
          {history.steps === 0
            ? "Angles appear with the first step."
            : `No angle between ${angles[angle]}: this rule has but one of the two.`}
        </p>
      )}
      {view && <Matrices layers={view.layers} />}
    </section>
  );
}
