import { useEffect, useRef, useState } from "preact/hooks";
import type { Settings } from "../settings/settings";
import type { NetworkView, Report, Request } from "../training/protocol";
import { History } from "./history";

/** What the page knows of a run. */
export interface RunState {
  /** What came of it so far; it grows. */
  readonly history: History;
  readonly views: readonly NetworkView[];
  /** What of it was known from the start; undefined until it has started. */
  readonly started?: Report & { readonly type: "started" };
  readonly isPlaying: boolean;
  /** What went wrong. */
  readonly failure?: string;
}

/** A run in the worker: its state, and what can be done with it. */
export interface RunControl extends RunState {
  play(): void;
  pause(): void;
  step(): void;
  reset(): void;
}

const fresh = ({ rules, hidden }: Settings): RunState => ({
  history: new History(rules.length, hidden.length + 1),
  views: [],
  isPlaying: false,
});

/** Trains in a worker what settings say, anew when they change. */
export function useRun(settings: Settings): RunControl {
  const worker = useRef<Worker | undefined>(undefined);
  const run = useRef(0);
  const state = useRef<RunState>(fresh(settings));
  const [, setDrawn] = useState({});
  const frame = useRef<number | undefined>(undefined);
  /** Shows the state with the next frame, however much comes until then. */
  const draw = () => {
    frame.current ??= requestAnimationFrame(() => {
      frame.current = undefined;
      setDrawn({});
    });
  };
  const put = (part: Partial<RunState>) => {
    state.current = { ...state.current, ...part };
    draw();
  };
  const ask = (request: Request) => worker.current?.postMessage(request);

  useEffect(() => {
    const made = new Worker(new URL("../training/worker.ts", import.meta.url), { type: "module" });
    worker.current = made;
    made.onmessage = ({ data }: MessageEvent<Report>) => {
      // Not of a run that is no more.
      if (data.run === run.current) put(heard(state.current, data));
    };
    made.onerror = ({ message }) =>
      put({
        isPlaying: false,
        failure: message || "The script that trains could not be loaded. Load the page again.",
      });
    return () => made.terminate();
  }, []);

  const start = () => {
    run.current += 1;
    state.current = fresh(settings);
    draw();
    ask({ type: "start", settings, run: run.current });
  };
  useEffect(start, [settings]);

  return {
    ...state.current,
    play() {
      put({ isPlaying: true });
      ask({ type: "play" });
    },
    pause() {
      put({ isPlaying: false });
      ask({ type: "pause" });
    },
    step() {
      put({ isPlaying: false });
      ask({ type: "step" });
    },
    reset: start,
  };
}

/** What of a run is other after a report. */
function heard({ history }: RunState, report: Report): Partial<RunState> {
  switch (report.type) {
    case "started":
      return { started: report };
    case "progress":
      history.add(report.rules);
      return {};
    case "view":
      return { views: report.views };
    case "failed":
      return { isPlaying: false, failure: report.message };
  }
}
