import { useEffect, useState } from "preact/hooks";
import type { BatchTrace } from "../training/protocol";
import type { RunControl } from "./use-run";

/** How long each stage of a batch's way is shown, in milliseconds. */
const STAGE = 550;
/** Units drawn of a layer at most. */
const MOST_UNITS = 9;
const [WIDTH, HEIGHT, TOP] = [300, 190, 40];

const isStill = matchMedia("(prefers-reduced-motion: reduce)");

/** How many stages a batch goes through: up the layers, and back down at most as many. */
const stagesOf = ({ layers }: BatchTrace) => 2 * layers.length;

/** Which stage of the last batch's way is shown; the last one where motion is not wanted. */
export function useStage(traces: readonly BatchTrace[] | undefined): number {
  const [stage, setStage] = useState(0);
  const [first] = traces ?? [];
  const last = first === undefined ? 0 : stagesOf(first);
  useEffect(() => {
    if (traces === undefined || isStill.matches) return setStage(last);
    setStage(0);
    const timer = setInterval(() => setStage((now) => Math.min(last, now + 1)), STAGE);
    return () => clearInterval(timer);
  }, [traces]);
  return stage;
}

/** Takes a batch, and says what becomes of it. */
export function WayControl({ run, stage }: { run: RunControl; stage: number }) {
  const { traces, started, failure } = run;
  const layers = traces?.[0]?.layers.length ?? 0;
  const words = () => {
    if (traces === undefined) return "One step, followed: values go up, and errors come back.";
    if (stage <= layers) return `Values go up, layer ${Math.max(1, stage)} of ${layers}.`;
    if (stage < 2 * layers) return "Errors come back, each rule's by its own way.";
    return "Every layer has its error signal, and the weights have learnt from it.";
  };
  return (
    <div class="way-control">
      <button
        type="button"
        disabled={started === undefined || failure !== undefined}
        onClick={run.trace}
      >
        Follow a batch
      </button>
      <span role="status">{words()}</span>
    </div>
  );
}

interface Column {
  readonly x: number;
  readonly label: string;
  /** Heights of the units drawn. */
  readonly y: readonly number[];
  /** Which unit of the layer each is. */
  readonly units: readonly number[];
}

function columnOf(x: number, label: string, count: number): Column {
  const drawn = Math.min(count, MOST_UNITS);
  const gap = Math.min(15, (HEIGHT - TOP - 30) / Math.max(1, drawn));
  const from = TOP + (HEIGHT - TOP - 20) / 2 - (gap * (drawn - 1)) / 2;
  return {
    ...{ x, label },
    y: Array.from({ length: drawn }, (_, i) => from + i * gap),
    units: Array.from({ length: drawn }, (_, i) => Math.floor((i * count) / drawn)),
  };
}

/** Lines from every unit of a column to every one of the next. */
const between = (from: Column, to: Column) =>
  from.y.flatMap((y) => to.y.map((other) => `M${from.x} ${y}L${to.x} ${other}`)).join("");

/** A line over the layers, from the output down to another column. */
const over = (from: Column, to: Column) => {
  const top = 8 + 14 * (to.x / WIDTH);
  return `M${from.x} ${TOP - 4}C${from.x} ${top},${to.x} ${top},${to.x} ${TOP - 6}`;
};

const part = (value: number | undefined, all: Float32Array) => {
  const largest = all.reduce((most, x) => Math.max(most, x), 0);
  return largest === 0 ? 0 : (value ?? 0) / largest;
};

const ways = {
  above: "layer by layer, from each to the one below",
  output: "straight from the output to each layer",
  input: "from the output to the input, for a second pass",
} as const;

/** The sources of a network's hidden layers, in words. */
function wayOf({ sources }: BatchTrace): string {
  const hidden = [...new Set(sources.slice(0, -1))].filter((source) => source !== "loss");
  return hidden.map((source) => ways[source]).join("; ") || "to the output alone";
}

/** At which stage the error has come to a layer: at once where it comes straight, else one layer after another. */
function arrivalOf({ layers, sources }: BatchTrace, layer: number): number {
  const last = layers.length - 1;
  if (layer === last) return last + 2;
  const isStraight = sources[layer] !== "above";
  return isStraight ? last + 3 : arrivalOf({ layers, sources }, layer + 1) + 1;
}

interface WayProps {
  readonly rule: string;
  readonly trace: BatchTrace | undefined;
  readonly stage: number;
  /** Numbers of the input, and units of each layer. */
  readonly units: readonly number[];
}

/** A network as columns of units, and how a batch goes up and its errors come back. */
export function Way({ rule, trace, stage, units }: WayProps) {
  const [inputs = 1, ...given] = units;
  const counts = trace?.layers.map(({ output }) => output.length) ?? given;
  const at = (place: number) => 22 + (place * (WIDTH - 44)) / counts.length;
  const input = columnOf(at(0), "input", inputs);
  const columns = counts.map((count, i) =>
    columnOf(at(i + 1), i === counts.length - 1 ? "output" : `layer ${i + 1}`, count),
  );
  const all = [input, ...columns];
  const output = all.at(-1) as Column;
  return (
    <figure class="way">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={
          trace
            ? `The way of errors under ${rule}: ${wayOf(trace)}`
            : `The network of ${rule}, before a batch is followed`
        }
      >
        {columns.map((column, i) => {
          const below = all[i] as Column;
          return (
            <g key={i}>
              <path class="edges" d={between(below, column)} />
              {trace && stage === i + 1 && <path class="edges up" d={between(below, column)} />}
            </g>
          );
        })}
        {trace?.sources.map((source, layer) => {
          const own = columns[layer] as Column;
          const arrived = stage - arrivalOf(trace, layer);
          if (arrived < 0 || source === "loss") return undefined;
          const look = `error ${arrived === 0 ? "now" : ""}`;
          if (source === "above")
            return <path key={layer} class={look} d={between(columns[layer + 1] as Column, own)} />;
          const to = source === "input" ? input : own;
          return <path key={layer} class={`${look} straight`} d={over(output, to)} />;
        })}
        {all.map((column, place) => {
          const layer = trace?.layers[place - 1];
          const isReached = layer !== undefined && stage >= place;
          const hasError = trace && layer && stage >= arrivalOf(trace, place - 1);
          return (
            <g key={place}>
              {column.y.map((y, i) => {
                const unit = column.units[i] as number;
                return (
                  <g key={unit}>
                    <circle class="unit" cx={column.x} cy={y} r="5" />
                    {isReached && (
                      <circle
                        class="value"
                        cx={column.x}
                        cy={y}
                        r="5"
                        opacity={0.15 + 0.85 * part(layer.output[unit], layer.output)}
                      />
                    )}
                    {hasError && (
                      <circle
                        class="signal"
                        cx={column.x}
                        cy={y}
                        r="6.5"
                        stroke-width={0.6 + 2.4 * part(layer.error[unit], layer.error)}
                      />
                    )}
                  </g>
                );
              })}
              <text x={column.x} y={HEIGHT - 4}>
                {column.label}
              </text>
            </g>
          );
        })}
      </svg>
      <figcaption class="axis">
        {trace ? `Errors go ${wayOf(trace)}. ` : ""}Filled: how large a unit's output is; ringed:
        its error signal.
      </figcaption>
    </figure>
  );
}
