import { type RuleName, rules } from "@bioflax/core";
import { useMemo } from "preact/hooks";
import type { Panel } from "../settings/panels";
import type { LayerMatrices, NetworkView } from "../training/protocol";
import { Chart } from "./chart";
import { type AngleName, angles } from "./history";
import { Legend } from "./legend";
import { lineColor, lineStyle } from "./line-style";
import { Matrices } from "./matrices";
import { SceneView } from "./scene-view";
import { Spread } from "./spread";
import { Units } from "./units";
import type { RunControl } from "./use-run";
import { watchFor } from "./watch-for";
import { Way } from "./way";

interface RuleColumnProps {
  readonly rule: string;
  /** Its place among the rules. */
  readonly index: number;
  readonly run: RunControl;
  /** Which angle to show. */
  readonly angle: AngleName;
  /** What to show, in this order. */
  readonly shown: readonly Panel[];
  /** Which stage of the last batch's way is shown. */
  readonly stage: number;
  /** Numbers of the input, and units of each layer. */
  readonly units: readonly number[];
}

const number = (value: number | undefined, digits: number) =>
  value === undefined ? "–" : value.toFixed(digits);

/** Formula, what to watch for, and paper. */
function About({ rule }: { rule: string }) {
  const { formula, paper } = rules.get(rule);
  const watch = watchFor[rule as RuleName];
  return (
    <div class="about">
      <p>
        δ is carried by <b>{formula.transport}</b>; feedback weights: {formula.feedback}.
      </p>
      {watch && <p>{watch}</p>}
      {paper && (
        <p>
          <cite title={`${paper.title}, ${paper.where}`}>
            {paper.authors} {paper.year}
          </cite>
        </p>
      )}
    </div>
  );
}

function Angles({ index, run, angle }: Pick<RuleColumnProps, "index" | "run" | "angle">) {
  const { history } = run;
  const curves = history.angles[index]?.[angle];
  const lines = (curves?.values ?? []).map((values, layer) => ({
    ...lineStyle(`layer ${layer + 1}`, layer),
    values,
  }));
  const drawn = lines.filter(({ values }) => values.some(Number.isFinite));
  const isNone = history.steps > 0 && drawn.length === 0;
  return (
    <div class="angles">
      {isNone ? (
        <p class="none">No angle between {angles[angle]}: this rule has but one of the two.</p>
      ) : (
        <Chart
          title={`Degrees between ${angles[angle]}`}
          axis="step"
          height={150}
          range={[0, 135]}
          ticks={[0, 45, 90, 135]}
          x={curves?.steps ?? []}
          lines={lines}
        />
      )}
      <Legend of="Layers" lines={drawn} />
    </div>
  );
}

/** What of a view is there, as a part of the page. */
const ofView = <Part,>(part: Part | undefined, show: (part: Part) => preact.JSX.Element) =>
  part === undefined ? <p class="none">Preparing …</p> : show(part);

/** What a panel is given. */
type Given = RuleColumnProps & { readonly view: NetworkView | undefined };

/** What a panel shows of a rule, and what of the given it is drawn from: it is drawn anew where that is other. */
interface Content {
  show(given: Given): preact.JSX.Element | null;
  on(given: Given): readonly unknown[];
}

const contents: { readonly [P in Panel]: Content } = {
  answers: {
    show: ({ rule, run: { started }, view }) =>
      started?.scene && view ? (
        <SceneView rule={rule} scene={started.scene} view={view} />
      ) : started && started.scene === undefined ? (
        <p class="none">These data have too many numbers to be shown as a picture.</p>
      ) : (
        <div class="plane" />
      ),
    on: ({ run: { started }, view }) => [started, view],
  },
  angles: {
    show: (given) => <Angles {...given} />,
    on: ({ index, run: { history }, angle }) => [index, history, history.steps, angle],
  },
  way: {
    show: ({ rule, index, run: { traces }, stage, units }) => (
      <Way {...{ rule, stage, units }} trace={traces?.[index]} />
    ),
    on: ({ index, run: { traces }, stage, units }) => [traces?.[index], stage, units.join()],
  },
  weights: {
    show: ({ rule, view }) =>
      ofView(view?.layers, (layers: readonly LayerMatrices[]) => (
        <Matrices layers={layers} carrierName={rules.get(rule).formula.transport} />
      )),
    on: ({ view }) => [view],
  },
  spread: {
    show: ({ view }) => ofView(view?.layers, (layers) => <Spread layers={layers} />),
    on: ({ view }) => [view],
  },
  units: {
    show: ({ run: { started }, view }) =>
      ofView(view, (known) => <Units scene={started?.scene} view={known} />),
    on: ({ run: { started }, view }) => [started, view],
  },
};

/** A panel. Losses come several times as often as what networks are, which takes longest to draw. */
function Shown({ panel, given }: { readonly panel: Panel; readonly given: Given }) {
  const { show, on } = contents[panel];
  return useMemo(() => show(given), [given.rule, ...on(given)]);
}

/** What one rule does: its numbers, what it answers, its angles and its weights. */
export function RuleColumn(given: RuleColumnProps) {
  const { rule, index, run, shown } = given;
  const { history, views, started } = run;
  const { title } = rules.get(rule);
  const view = views[index];
  const loss = history.everyLoss[index]?.at(-1);
  const test = history.test.last[index];
  return (
    <section
      class="rule"
      aria-label={title}
      style={{ "--own": `var(${lineColor(index)})`, gridRow: `span ${3 + shown.length}` }}
    >
      <h2>
        {title} <small>{rule}</small>
      </h2>
      <About rule={rule} />
      <div class="numbers">
        <dl>
          <dt>Loss</dt>
          <dd>{number(loss, 4)}</dd>
          <dt>{started?.isClassification === false ? "Test loss" : "Test accuracy"}</dt>
          <dd>{number(test, 3)}</dd>
        </dl>
        <button
          type="button"
          class="small"
          disabled={started === undefined}
          aria-label={`Download the weights of ${rule}`}
          onClick={() => run.save(index)}
        >
          Save weights
        </button>
      </div>
      {shown.map((panel) => (
        <div key={panel} class="panel" data-panel={panel}>
          <Shown panel={panel} given={{ ...given, view }} />
        </div>
      ))}
    </section>
  );
}
