import {
  type LayerSpec,
  type Network,
  type NoiseInfo,
  noiseOffset,
  noiseTable,
  sizeOf,
} from "@bioflax/core";

const drawn = new Map<string, Float32Array>();

/** A noise's table, drawn once for all networks that share it: it takes longer than their training. */
function sharedTable({ spec, rules }: Network, info: NoiseInfo, seed: number): Float32Array {
  const { feedbackInitializer, mirroring } = spec.layers[info.layer] as LayerSpec;
  const drawnFrom = [rules[info.layer]?.name, feedbackInitializer, mirroring];
  const key = JSON.stringify([seed, info.name, info.shape, drawnFrom]);
  const table = drawn.get(key) ?? noiseTable(info, seed);
  drawn.set(key, table);
  return table;
}

/** The noise of the steps of one training by name, as every engine has it under a seed. */
export function noiseOf(
  network: Network,
  seed: number,
): (step: number) => Record<string, Float32Array> {
  return (step) =>
    Object.fromEntries(
      network.noise.map((info) => {
        const start = noiseOffset(info, seed, step);
        const table = sharedTable(network, info, seed);
        return [info.name, table.slice(start, start + sizeOf(info.shape))];
      }),
    );
}
