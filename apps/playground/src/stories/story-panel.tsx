import type { Settings } from "../settings/settings";
import type { RunControl } from "../view/use-run";
import { stories } from "./stories";
import { type Check, holds, measured, type Story } from "./story";

interface StoryListProps {
  /** Which one is told. */
  readonly told: Story | undefined;
  readonly tell: (story: Story | undefined) => void;
}

/** The stories there are. */
export function StoryList({ told, tell }: StoryListProps) {
  return (
    <nav class="stories" aria-label="Guided stories">
      {stories.map((story) => (
        <button
          key={story.name}
          type="button"
          aria-pressed={told === story}
          onClick={() => tell(told === story ? undefined : story)}
        >
          {story.title}
        </button>
      ))}
    </nav>
  );
}

interface StoryPanelProps {
  readonly story: Story;
  /** Which of its steps, from 0. */
  readonly at: number;
  readonly go: (step: number) => void;
  readonly close: () => void;
  readonly settings: Settings;
  readonly run: RunControl;
}

const shownNumber = (check: Check, value: number | undefined) => {
  if (value === undefined) return "";
  return check.of === "test" ? value.toFixed(3) : `${value.toFixed(0)}°`;
};

/** A step of a story: what happens, how to run it, and what is to be seen, ticked off as it comes true. */
export function StoryPanel({ story, at, go, close, settings, run }: StoryPanelProps) {
  const { title, steps } = story;
  const step = steps[at] as Story["steps"][number];
  const { history, started, isPlaying } = run;
  const until = step.epochs * (started?.stepsPerEpoch ?? 1);
  const isDone = started !== undefined && history.steps >= until;
  return (
    <section class="story" aria-label={title}>
      <div class="story-head">
        <h2>{title}</h2>
        <span class="axis">
          {at + 1} of {steps.length}
        </span>
        <button type="button" class="small" aria-label="Close the story" onClick={close}>
          ×
        </button>
      </div>
      <p>{step.text}</p>
      <ul class="checks" aria-label="What to see">
        {step.checks.map((check) => {
          const value = measured(check, settings.rules, history);
          const isSo = isDone && holds(check, value);
          return (
            <li key={check.words} class={isSo ? "so" : undefined}>
              <span aria-hidden="true">{isSo ? "✓" : "○"}</span> {check.words}{" "}
              <span class="axis">{shownNumber(check, value)}</span>
              {isSo && <span class="unseen"> seen</span>}
            </li>
          );
        })}
      </ul>
      <div class="buttons">
        <button
          type="button"
          class="main"
          disabled={started === undefined || isPlaying || isDone}
          onClick={() => run.play(until)}
        >
          {isDone ? "Done" : `Run ${step.epochs} ${step.epochs === 1 ? "epoch" : "epochs"}`}
        </button>
        <progress
          aria-label="How far the step is"
          max={until}
          value={Math.min(until, history.steps)}
        />
        <button type="button" disabled={at === 0} onClick={() => go(at - 1)}>
          Back
        </button>
        {at + 1 < steps.length ? (
          <button type="button" onClick={() => go(at + 1)}>
            Next
          </button>
        ) : (
          <button type="button" onClick={close}>
            Explore on your own
          </button>
        )}
      </div>
    </section>
  );
}
