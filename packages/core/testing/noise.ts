import { type Network, noiseOffset, noiseTable, sizeOf } from "@bioflax/core";

/** The noise of the steps of one training by name, as every engine has it under a seed. */
export function noiseOf(
  { noise }: Network,
  seed: number,
): (step: number) => Record<string, Float32Array> {
  const tables = noise.map((info) => ({ ...info, table: noiseTable(info, seed) }));
  return (step) =>
    Object.fromEntries(
      tables.map(({ name, shape, table }) => {
        const start = noiseOffset({ name }, seed, step);
        return [name, table.slice(start, start + sizeOf(shape))];
      }),
    );
}
