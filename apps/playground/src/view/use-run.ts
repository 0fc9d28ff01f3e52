import { useEffect, useRef, useState } from "preact/hooks";
import type { Settings } from "../settings/settings";
import type { NetworkView, Report, Request } from "../training/protocol";
import { History } from "./history";

/** What the page knows of a run. */
export interface RunState {
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
  const worker = useRef<Worker>();
  const run = useRef(0);
  const [state, setState] = useState(() => fresh(settings));
  const ask = (request: Request) => worker.current?.postMessage(request);

  const start = () => {
    run.current += 1;
    setState(fresh(settings));
    ask({ type: "start", settings, run: run.current });
  };

  useEffect(() => {
    const made = new Worker(new URL("../training/worker.ts", import.meta.url), { type: "module" });
    worker.current = made;
    made.onmessage = ({ data }: MessageEvent<Report>) => {
      // Of a run that is no more.
      if (data.run !== run.current) return;
      setState((before) => withReport(before, data));
    };
    made.onerror = ({ message }) =>
      setState((before) => ({
        ...before,
        isPlaying: false,
        failure: message || "The script that trains could not be loaded.",
      }));
    return () => made.terminate();
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: what starts a run anew is its settings alone.
  useEffect(start, [settings]);

  const set = (isPlaying: boolean) => setState((before) => ({ ...before, isPlaying }));
  return {
    ...state,
    play() {
      set(true);
      ask({ type: "play" });
    },
    pause() {
      set(false);
      ask({ type: "pause" });
    },
    step() {
      set(false);
      ask({ type: "step" });
    },
    reset: start,
  };
}

function withReport(before: RunState, report: Report): RunState {
  switch (report.type) {
    case "started":
      return { ...before, started: report };
    case "progress":
      before.history.add(report.rules);
      return { ...before };
    case "view":
      return { ...before, views: report.views };
    case "failed":
      return { ...before, isPlaying: false, failure: report.message };
  }
}
