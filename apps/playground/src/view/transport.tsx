import { useLayoutEffect } from "preact/hooks";
import type { RunControl } from "./use-run";

/** Where keys mean what they write or choose. */
const isTypedInto = (target: EventTarget | null) =>
  target instanceof HTMLElement && target.matches("input, select, textarea, button");

/** Play, pause, step and reset, and how far the run is. */
export function Transport({ run }: { run: RunControl }) {
  const { isPlaying, started, history } = run;
  const isReady = started !== undefined && run.failure === undefined;
  const epochs = started === undefined ? 0 : Math.floor(history.steps / started.stepsPerEpoch);
  const toggle = isPlaying ? run.pause : run.play;
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
      <output aria-label="Progress">
        {started === undefined && run.failure === undefined
          ? "Preparing …"
          : `Step ${history.steps}, epoch ${epochs}`}
      </output>
      <span class="keys">Space plays and pauses, s steps, r resets.</span>
    </div>
  );
}
