import { useEffect, useRef, useState } from "preact/hooks";
import type { Answer, Question } from "../beside/comparison-worker";
import { type Rate, ROUNDS } from "../beside/measure";
import { type Settings, toHash } from "../settings/settings";
import type { Table } from "../training/table";
import { digitsUrl, type RunState } from "./use-run";

/** How far a comparison is. */
type Progress = { readonly type: "none" | "loading" } | Answer;

interface ComparisonProps {
  readonly settings: Settings;
  readonly run: Pick<RunState, "started"> & { pause(): void };
  readonly table: Table | undefined;
  /** Numbers of the input, and units of each layer. */
  readonly units: readonly number[];
}

/** What a visitor is told meanwhile. */
function said(progress: Progress): string {
  if (progress.type === "loading") return "Loading TensorFlow.js …";
  if (progress.type !== "measured") return "";
  return progress.round === ROUNDS
    ? `Measured in ${ROUNDS} rounds.`
    : `Measuring, round ${progress.round} of ${ROUNDS} …`;
}

function Rates({ rates, settings }: { rates: readonly Rate[]; settings: Settings }) {
  const whole = (number: number) => Math.round(number).toLocaleString("en");
  const isOwn = (place: number) => place > 0;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Trained by</th>
          <th scope="col">Steps a second</th>
          <th scope="col">Times TensorFlow.js's</th>
        </tr>
      </thead>
      <tbody>
        {rates.map(({ name, stepsPerSecond, times }, place) => (
          <tr key={name}>
            <th scope="row">
              {isOwn(place)
                ? `bioflax, ${name}`
                : `${name}, backpropagation${settings.weightDecay > 0 ? " without weight decay" : ""}`}
            </th>
            <td>{whole(stepsPerSecond)}</td>
            <td>{times.toFixed(1)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** How fast the networks train on this machine, beside TensorFlow.js: loaded and measured when it is asked for. */
export function Comparison({ settings, run, table, units }: ComparisonProps) {
  const worker = useRef<Worker | undefined>(undefined);
  const [progress, setProgress] = useState<Progress>({ type: "none" });
  const end = () => {
    worker.current?.terminate();
    worker.current = undefined;
  };
  const isBusy =
    progress.type === "loading" || (progress.type === "measured" && progress.round < ROUNDS);
  const compared = toHash(settings);
  // What was measured, or is, is of the network that was there.
  useEffect(() => {
    if (isBusy) end();
    setProgress({ type: "none" });
  }, [compared, table]);
  useEffect(() => end, []);
  const compare = () => {
    // What trains beside it would take its time.
    run.pause();
    // Once it is loaded it is there without a network, too.
    const made =
      worker.current ??
      new Worker(new URL("../beside/comparison-worker.ts", import.meta.url), {
        type: "module",
        name: "beside",
      });
    worker.current = made;
    made.onmessage = ({ data }: MessageEvent<Answer>) => {
      // Of a network that is no more.
      if (worker.current === made) setProgress(data);
    };
    made.onerror = () => {
      end();
      const message = "TensorFlow.js could not be loaded. Try again with a network.";
      setProgress({ type: "failed", message });
    };
    made.postMessage({ settings, table, digits: digitsUrl() } satisfies Question);
    setProgress({ type: "loading" });
  };
  const isDense = settings.model === "mlp";
  return (
    <section class="comparison" aria-label="Beside TensorFlow.js">
      <h2>Beside TensorFlow.js</h2>
      <p class="about">
        {isDense
          ? `The same network, ${units.join("-")}, from the same weights, on the same batches of ${settings.batchSize}: TensorFlow.js by its own dense layers and trainOnBatch, ` +
            "both on one thread of WebAssembly, in turns. Nothing of it is loaded before."
          : "TensorFlow.js trains no convolutions on WebAssembly: choose dense layers to compare."}
      </p>
      <div class="buttons">
        <button
          type="button"
          disabled={!isDense || isBusy || run.started === undefined}
          onClick={compare}
        >
          Compare with TensorFlow.js
        </button>
        <span role="status">{said(progress)}</span>
      </div>
      {progress.type === "failed" && (
        <p class="failure" role="alert">
          {progress.message}
        </p>
      )}
      {progress.type === "measured" && <Rates rates={progress.rates} settings={settings} />}
    </section>
  );
}
