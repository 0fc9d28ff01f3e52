import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { areLive, liveNames, type Settings } from "../settings/settings";
import type { BatchTrace, Look, NetworkView, Report, Request } from "../training/protocol";
import type { Table } from "../training/table";
import { download } from "./download";
import { History } from "./history";

/** A live setting that became another while a run went on. */
export interface Adjustment {
  readonly step: number;
  readonly name: (typeof liveNames)[number];
  readonly value: number;
}

/** What the page knows of a run. */
export interface RunState {
  /** What came of it so far; it grows. */
  readonly history: History;
  readonly views: readonly NetworkView[];
  /** How the last batch that was followed went through the networks. */
  readonly traces?: readonly BatchTrace[];
  /** What of it was known from the start; undefined until it has started. */
  readonly started?: Report & { readonly type: "started" };
  readonly isPlaying: boolean;
  /** Live settings that were changed on the way. */
  readonly adjustments: readonly Adjustment[];
  /** What went wrong. */
  readonly failure?: string;
}

/** A run in the worker: its state, and what can be done with it. */
export interface RunControl extends RunState {
  /** Trains, to a step where one is given. */
  play(until?: number): void;
  pause(): void;
  step(): void;
  /** Takes a step that is followed on its way. */
  trace(): void;
  reset(): void;
  /** Shows what the networks make of a drawn image. */
  draw(pixels: Uint8Array | undefined): void;
  /** Downloads the weights of a rule's network, by its place. */
  save(rule: number): void;
}

/** How a page looks at its runs. */
export interface Watching {
  readonly look: readonly Look[];
  readonly stepsPerSecond: number;
  /** Data of one's own. */
  readonly table: Table | undefined;
  /** Another one begins a run anew, whatever its settings. */
  readonly attempt: number;
}

const fresh = ({ rules }: Settings): RunState => ({
  history: new History(rules.length, []),
  views: [],
  isPlaying: false,
  adjustments: [],
});

/** Which live settings are others, as of a step. */
const adjustmentsOf = (before: Settings, after: Settings, step: number): Adjustment[] =>
  liveNames.flatMap((name) =>
    before[name] === after[name] ? [] : [{ step, name, value: after[name] }],
  );

/** Where the file of digits is: beside the page. */
export const digitsUrl = () => new URL("digits.npz", document.baseURI).href;

/** A worker that has begun a first run. */
export interface Begun {
  readonly worker: Worker;
  readonly settings: Settings;
}

const FIRST_RUN = 1;

/** Begins a run before the page is drawn for the first time, so that its worker loads meanwhile. */
export function begin(settings: Settings): Begun {
  const worker = new Worker(new URL("../training/worker.ts", import.meta.url), { type: "module" });
  const request: Request = { type: "start", settings, run: FIRST_RUN, digits: digitsUrl() };
  worker.postMessage(request);
  return { worker, settings };
}

/**
 * Trains in a worker what settings say, anew when others change than live ones.
 *
 * @param worker which has begun a run of the first settings.
 */
export function useRun(worker: Worker, settings: Settings, watching: Watching): RunControl {
  const { look, stepsPerSecond, table, attempt } = watching;
  const run = useRef(FIRST_RUN);
  const state = useRef<RunState>(fresh(settings));
  const last = useRef({ settings, table, attempt });
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
  const ask = (request: Request) => worker.postMessage(request);

  // Before anything else is done, so that nothing it says is missed.
  useLayoutEffect(() => {
    worker.onmessage = ({ data }: MessageEvent<Report>) => {
      // Not of a run that is no more.
      if (data.run === run.current) put(heard(state.current, data));
    };
    worker.onerror = ({ message }) =>
      put({
        isPlaying: false,
        failure: message || "The script that trains could not be loaded. Load the page again.",
      });
  }, []);

  const start = () => {
    run.current += 1;
    state.current = fresh(settings);
    draw();
    ask({ type: "start", settings, run: run.current, digits: digitsUrl(), table });
  };
  useEffect(() => {
    const before = last.current;
    last.current = { settings, table, attempt };
    const { history, started, adjustments } = state.current;
    const isSameData = before.table === table && before.attempt === attempt;
    // It has begun.
    if (isSameData && before.settings === settings) return;
    const isSame = isSameData && started !== undefined;
    if (!isSame || history.steps === 0 || !areLive(before.settings, settings)) return start();
    const made = adjustmentsOf(before.settings, settings, history.steps);
    if (made.length === 0) return;
    put({ adjustments: [...adjustments, ...made] });
    ask({ type: "adjust", settings });
  }, [settings, table, attempt]);

  const looked = look.join();
  useEffect(() => ask({ type: "look", at: look }), [looked]);
  useEffect(() => ask({ type: "speed", stepsPerSecond }), [stepsPerSecond]);

  return {
    ...state.current,
    play(until) {
      put({ isPlaying: true });
      ask({ type: "play", until });
    },
    pause() {
      put({ isPlaying: false });
      ask({ type: "pause" });
    },
    step() {
      put({ isPlaying: false });
      ask({ type: "step" });
    },
    trace() {
      put({ isPlaying: false });
      ask({ type: "trace" });
    },
    reset: start,
    draw: (pixels) => ask({ type: "drawn", pixels }),
    save: (rule) => ask({ type: "save", rule }),
  };
}

/** What of a run is other after a report. */
function heard({ history }: RunState, report: Report): Partial<RunState> {
  switch (report.type) {
    case "started":
      return { started: report, history: new History(history.rules, report.kernelLayers) };
    case "progress":
      history.add(report.rules);
      return {};
    case "view":
      return { views: report.views };
    case "traced":
      return { traces: report.traces };
    case "arrived":
      return { isPlaying: false };
    case "saved":
      download(report.name, report.bytes as BlobPart, "application/octet-stream");
      return {};
    case "failed":
      return { isPlaying: false, failure: report.message };
  }
}
