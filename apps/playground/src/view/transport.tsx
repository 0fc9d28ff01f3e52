import { useLayoutEffect } from "preact/hooks";
import type { RunControl } from "./use-run";

/** Where keys mean what they write or choose. */
const isTypedInto = (target: EventTarget | null) =>
  target instanceof HTMLElement && target.matches("input, select, textarea, button");

/** Steps a second by the places of the slider; the last is as many as the machine can take. */
export const speeds = [1, 3, 10, 30, 100, 300, Number.POSITIVE_INFINITY] as const;

const speedWords = (place: number) =>
  place === speeds.length - 1 ? "as fast as it goes" : `${speeds[place]} a second`;

interface TransportProps {
  readonly run: RunControl;
  /** The place of the speed among {@link speeds}. */
  readonly speed: number;
  readonly setSpeed: (place: number) => void;
}

/** Play, pause, step and reset, how fast, and how far the run is. */
export function Transport({ run, speed, setSpeed }: TransportProps) {
  const { isPlaying, started, history } = run;
  const isReady = started !== undefined && run.failure === undefined;
  const epochs = started === undefined ? 0 : Math.floor(history.steps / started.stepsPerEpoch);
  const toggle = () => (isPlaying ? run.pause() : run.play());
  const pace = isPlaying ? history.stepsPerSecond : undefined;
  // Before the next key: what Space does is what the button says.
  useLayoutEffect(() => {
    const actions: Readonly<Record<string, () => void>> = {
      " ": toggle,
      s: run.step,
      r: run.reset,
    };
    const press = (event: KeyboardEvent) => {
      const action = actions[event.key];
      const isMore = event.ctrlKey || event.metaKey || event.altKey;
      if (action === undefined || isMore || !isReady || isTypedInto(event.target)) return;
      event.preventDefault();
      action();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  });
  return (
    <div class="transport" role="toolbar" aria-label="Training">
      <button
        type="button"
        class="main"
        aria-keyshortcuts="Space"
        disabled={!isReady}
        onClick={toggle}
      >
        {isPlaying ? "Pause" : "Play"}
      </button>
      <button type="button" aria-keyshortcuts="s" disabled={!isReady} onClick={run.step}>
        Step
      </button>
      <button type="button" aria-keyshortcuts="r" disabled={!isReady} onClick={run.reset}>
        Reset
      </button>
      <label class="speed">
        Speed
        <input
          type="range"
          min="0"
          max={speeds.length - 1}
          step="1"
          value={speed}
          aria-valuetext={speedWords(speed)}
          onInput={({ currentTarget }) => setSpeed(Number(currentTarget.value))}
        />
        <span aria-hidden="true">{speedWords(speed)}</span>
      </label>
      <output aria-label="Progress">
        {started === undefined && run.failure === undefined
          ? "Preparing …"
          : `Step ${history.steps}, epoch ${epochs}`}
      </output>
      <span class="pace">
        {pace !== undefined && `${Math.round(pace).toLocaleString("en")} steps a second, all rules`}
      </span>
      <span class="keys">Space plays and pauses, s steps, r resets.</span>
    </div>
  );
}
