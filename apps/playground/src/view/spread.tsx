import type { LayerMatrices } from "../training/protocol";
import { Chart } from "./chart";
import { Legend } from "./legend";

const BINS = 41;

/** How many of some numbers fall into each bin from −largest to largest, as a part of all. */
function sharesOf(values: Float32Array, largest: number): number[] {
  const counts = new Array<number>(BINS).fill(0);
  for (const value of values) {
    const bin = Math.floor(((value / largest + 1) / 2) * BINS);
    const own = Math.min(BINS - 1, Math.max(0, bin));
    counts[own] = (counts[own] as number) + 1 / values.length;
  }
  return counts;
}

const largestOf = (values: Float32Array) =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

const looks = {
  kernel: { label: "W", color: "--own" },
  carrier: { label: "feedback", color: "--soft", dash: [4, 3] },
} as const;

/** How a layer's weights are spread. */
function LayerSpread({ layer, index }: { layer: LayerMatrices; index: number }) {
  const { kernel, carrier } = layer;
  const all = [kernel, ...(carrier ? [carrier] : [])];
  const largest = Math.max(...all.map(({ values }) => largestOf(values))) || 1;
  const places = Array.from({ length: BINS }, (_, bin) => largest * ((2 * bin) / BINS - 1));
  return (
    <Chart
      title={`Weights of layer ${index + 1}`}
      axis="size"
      height={110}
      stepped
      x={places}
      lines={[
        { ...looks.kernel, values: sharesOf(kernel.values, largest) },
        ...(carrier ? [{ ...looks.carrier, values: sharesOf(carrier.values, largest) }] : []),
      ]}
    />
  );
}

/** Histograms of every layer's weights, and of what carries errors back. */
export function Spread({ layers }: { layers: readonly LayerMatrices[] }) {
  const hasCarrier = layers.some(({ carrier }) => carrier !== undefined);
  return (
    <div class="layers">
      <Legend of="Weights" lines={[looks.kernel, ...(hasCarrier ? [looks.carrier] : [])]} />
      {layers.map((layer, index) => (
        <LayerSpread key={index} {...{ layer, index }} />
      ))}
    </div>
  );
}
