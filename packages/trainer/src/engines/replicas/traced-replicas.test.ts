import type { Replicas } from "@bioflax/compiler";
import type { Examples } from "@bioflax/datasets";
import { expect, test } from "@jest/globals";
import { tracedReplicas } from "./traced-replicas";

const about = {
  name: "compiled",
  device: "cpu",
  why: undefined,
  threads: 1,
  versions: {},
} as const;

test("an example has the same number in every epoch, whoever shares its examples with others then", async () => {
  const asked: { rows: number[][]; numbers: number[][] }[] = [];
  const plain = (all: readonly Int32Array[] = []) => all.map((own) => [...own]);
  const networks = {
    train: async (_source, rows, { exampleNumbers } = {}) => {
      asked.push({ rows: plain(rows), numbers: plain(exampleNumbers) });
      return [];
    },
  } as Partial<Replicas> as Replicas;
  const engine = tracedReplicas(about, networks);
  const moved = (by: number): Examples => ({
    inputs: Float32Array.of(by, by + 1, by + 2),
    targets: Int32Array.of(0, 1, 0),
    count: 3,
  });
  const [one, other] = [moved(0), moved(5)];
  const rows = [Int32Array.of(2, 0), Int32Array.of(1, 2)];
  const { signal } = new AbortController();
  // The first has left in between: its place is taken by the other's examples.
  for (const examples of [
    [one, other],
    [other, other],
  ])
    await engine.trainEpoch(rows, {
      ...{ examples, alignmentBatches: 0, onProgress: () => {}, signal },
    });
  const numbers = plain(rows);
  expect(asked).toEqual([
    { rows: [numbers[0], [4, 5]], numbers },
    { rows: numbers, numbers },
  ]);
});
