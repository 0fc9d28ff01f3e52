import {
  type Network,
  type NoiseInfo,
  noiseOffset,
  noiseShape,
  noiseTable,
  noiseTableSize,
  Random,
  sizeOf,
} from "@bioflax/core";

const drawn = new Map<string, Float32Array>();

/** A noise's table, drawn once for all networks that share it: it takes longer than their training. */
function sharedTable(info: NoiseInfo, seed: number, batch: number): Float32Array {
  // What it draws from a stream of its own tells a noise from others of its name; a longer table begins as a shorter
  // one.
  const random = new Random(0, "noise-table");
  const sample = Array.from({ length: 32 }, () => info.draw(random));
  const key = JSON.stringify([seed, info.name, sample]);
  const known = drawn.get(key);
  if (known !== undefined && known.length >= noiseTableSize(info, batch)) return known;
  const table = noiseTable(info, seed, batch);
  drawn.set(key, table);
  return table;
}

/**
 * The noise of the steps of one training by name, as every engine has it under a seed, for batches of that many
 * examples.
 */
export function noiseOf(
  network: Network,
  seed: number,
  batch: number,
): (step: number) => Record<string, Float32Array> {
  return (step) =>
    Object.fromEntries(
      network.noise.map((info) => {
        const start = noiseOffset(info, seed, step);
        const size = sizeOf(noiseShape(info, batch));
        const table = sharedTable(info, seed, batch);
        return [info.name, table.slice(start, start + size)];
      }),
    );
}
