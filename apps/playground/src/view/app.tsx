import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { type Panel, panelNames, panels, panelsInHash, panelsOf } from "../settings/panels";
import { consistent, defaults, fromHash, type Settings, toHash } from "../settings/settings";
import { stories } from "../stories/stories";
import type { Story } from "../stories/story";
import { StoryList, StoryPanel } from "../stories/story-panel";
import type { Look } from "../training/protocol";
import type { Table } from "../training/table";
import { Comparison } from "./comparison";
import { Controls } from "./controls";
import { DigitPad } from "./digit-pad";
import { type AngleName, angles } from "./history";
import { Learning } from "./learning";
import { RuleColumn } from "./rule-column";
import { Share } from "./share";
import { speeds, Transport } from "./transport";
import { type Begun, useRun } from "./use-run";
import { useStage, WayControl } from "./way";

/** What the worker has to tell of networks, that panels may be shown. */
const lookOf = (shown: readonly Panel[]): Look[] => [
  ...(["weights", "spread", "units"].some((panel) => shown.includes(panel as Panel))
    ? (["weights"] as const)
    : []),
  ...(shown.includes("units") ? (["units"] as const) : []),
];

/** Which panels to show. */
function Show({ shown, setShown }: { shown: readonly Panel[]; setShown: (to: Panel[]) => void }) {
  return (
    <fieldset class="show">
      <legend>Show of each rule</legend>
      {panelNames.map((panel) => (
        <label key={panel} class="pill">
          <input
            type="checkbox"
            checked={shown.includes(panel)}
            onChange={({ currentTarget: { checked } }) =>
              setShown(panelNames.filter((one) => (one === panel ? checked : shown.includes(one))))
            }
          />
          {panels[panel]}
        </label>
      ))}
    </fieldset>
  );
}

const storyOf = (hash: string) => {
  const name = new URLSearchParams(hash.replace(/^#/, "")).get("story");
  return stories.find((story) => story.name === name);
};

/** The page. @param begun the run that it begins with, that of its address. */
export function App({ begun }: { begun: Begun }) {
  const [settings, setSettings] = useState(begun.settings);
  const [shown, setShown] = useState(() => panelsOf(location.hash));
  const [angle, setAngle] = useState<AngleName>("weights");
  const [speed, setSpeed] = useState(speeds.length - 1);
  const [table, setTable] = useState<Table | undefined>(undefined);
  const [story, setStory] = useState<Story | undefined>(undefined);
  const [storyStep, setStoryStep] = useState(0);
  const look = useMemo(() => lookOf(shown), [shown]);
  /** One more for each run that is to begin anew, though its settings may be the same. */
  const [attempt, setAttempt] = useState(0);
  const stepsPerSecond = speeds[speed] as number;
  const run = useRun(begun.worker, settings, { look, stepsPerSecond, table, attempt });
  const stage = useStage(run.traces);

  const goTo = (told: Story, at: number) => {
    const step = told.steps[at] as Story["steps"][number];
    // Going on to the next step may go on with its run.
    if (told !== story || at < storyStep) setAttempt((before) => before + 1);
    setStory(told);
    setStoryStep(at);
    setSettings(consistent({ ...defaults, ...step.settings }));
    setShown(step.show);
    setAngle(step.angle ?? "weights");
  };
  const tell = (told: Story | undefined) => (told ? goTo(told, 0) : setStory(undefined));

  const hash = `${toHash(settings)}${panelsInHash(shown)}`;
  useEffect(() => {
    const told = storyOf(location.hash);
    if (told) goTo(told, 0);
  }, []);
  useEffect(() => history.replaceState(null, "", hash), [hash]);
  useEffect(() => {
    const read = () => {
      if (location.hash === hash) return;
      setShown(panelsOf(location.hash));
      const told = storyOf(location.hash);
      if (told) return goTo(told, 0);
      const given = fromHash(location.hash);
      setSettings((before) => (toHash(given) === toHash(before) ? before : given));
    };
    addEventListener("hashchange", read);
    return () => removeEventListener("hashchange", read);
  }, [hash]);

  const change = (part: Partial<Settings>) =>
    setSettings((before) => consistent({ ...before, ...part }));
  // The same digits are shown by the next run: a drawn one stays on its pad.
  const scene = useRef(run.started?.scene);
  scene.current = run.started?.scene ?? scene.current;
  const images = settings.data === "digits" ? scene.current : undefined;
  const { inputs = 2, outputs = 3 } = run.started ?? {};
  const units = [inputs, ...settings.hidden, outputs];
  return (
    <>
      <header>
        <h1>bioflax playground</h1>
        <p>
          Networks that start from the same weights and see the same batches, each under a learning
          rule of its own. Only what carries the errors back differs.
        </p>
        <StoryList told={story} {...{ tell }} />
      </header>
      <main>
        <Controls {...{ settings, change, table, setTable }} />
        <div class="run">
          {story && (
            <StoryPanel
              {...{ story, settings, run }}
              at={storyStep}
              go={(at) => goTo(story, at)}
              close={() => tell(undefined)}
            />
          )}
          <Transport {...{ run, speed, setSpeed }} />
          {run.failure !== undefined && (
            <p class="failure" role="alert">
              {run.failure}
            </p>
          )}
          <Learning settings={settings} run={run} />
          {images?.kind === "images" && (
            <DigitPad rules={settings.rules} run={run} scene={images} />
          )}
          <div class="looking">
            <Show {...{ shown, setShown }} />
            {shown.includes("angles") && (
              <label class="choice">
                Angles between
                <select
                  value={angle}
                  onChange={({ currentTarget }) => setAngle(currentTarget.value as AngleName)}
                >
                  {Object.entries(angles).map(([name, words]) => (
                    <option key={name} value={name}>
                      {words}
                    </option>
                  ))}
                </select>
              </label>
            )}
            {shown.includes("way") && <WayControl {...{ run, stage }} />}
          </div>
          <div class="rules">
            {settings.rules.map((rule, index) => (
              <RuleColumn key={rule} {...{ rule, index, run, angle, shown, stage, units }} />
            ))}
          </div>
          <Comparison {...{ settings, run, table, units }} />
          <Share {...{ settings, run, table, hash }} />
        </div>
      </main>
    </>
  );
}
