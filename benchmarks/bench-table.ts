import type { Floor } from "./floor";
import { table } from "./page";
import { type Spread, showSpread, spread } from "./statistics";

/** bioflax in XLA; `bioflax` alone is the compiled engine. */
export const XLA = "bioflax in XLA";
/** What XLA is held against: JAX at its best. */
const SCAN = "JAX scan";

/** One workload, by everyone. */
export interface Row {
  readonly workload: string;
  /** Milliseconds a step, by contender. */
  readonly times: Readonly<Record<string, Spread>>;
  /** How many times as long each takes as bioflax, turn by turn. */
  readonly ratios: Readonly<Record<string, Spread>>;
  /** How many times as long JAX's scan takes as bioflax in XLA, turn by turn; undefined where one is not there. */
  readonly xla: Spread | undefined;
  readonly floor: Floor;
}

/** A row's numbers, from the turns that were taken side by side. */
export function rowOf(
  workload: string,
  times: ReadonlyMap<string, readonly number[]>,
  floor: Floor,
): Row {
  const own = times.get("bioflax") ?? [];
  const [xla, scan] = [times.get(XLA), times.get(SCAN)];
  const others = [...times].filter(([name]) => name !== "bioflax" && own.length > 0);
  return {
    workload,
    times: Object.fromEntries([...times].map(([name, all]) => [name, spread(all)])),
    ratios: Object.fromEntries(
      others.map(([name, all]) => [name, spread(all.map((ms, i) => ms / (own[i] as number)))]),
    ),
    xla: xla && scan && spread(scan.map((ms, i) => ms / (xla[i] as number))),
    floor,
  };
}

/** The columns of peers: names, and who counts. */
const columns: readonly (readonly [title: string, names: RegExp])[] = [
  ["PyTorch eager", /^PyTorch, /],
  ["JAX jit, slices", /^JAX jit$/],
  ["JAX as bioflax", /^JAX as bioflax$/],
  ["JAX scan", /^JAX scan$/],
  [XLA, /^bioflax in XLA$/],
  ["PyTorch compile", /^PyTorch compile$/],
  ["TensorFlow.js fit", /^TensorFlow.js fit$/],
];
/** What a user of bioflax for Python or of PyTorch has: the first three. */
const usual = /^(PyTorch, |JAX jit$|JAX as bioflax$)/;

/** The smallest of some ratios, by their medians. */
function least(ratios: Row["ratios"], names: RegExp): Spread | undefined {
  const some = Object.entries(ratios).filter(([name]) => names.test(name));
  return some.sort(([, a], [, b]) => a.median - b.median)[0]?.[1];
}

/** All rows as a table in Markdown. */
export function benchTable(rows: readonly Row[]): string {
  const head = [
    "training step",
    "bioflax, ms",
    "floor, ms",
    "times the floor",
    "of the peak",
    "**better of PyTorch and JAX / bioflax**",
    ...columns.map(([title]) => title),
    "JAX scan / bioflax in XLA",
  ];
  return table(
    head,
    rows.map(({ workload, times, ratios, xla, floor }) => {
      const own = times.bioflax;
      const best = least(ratios, usual);
      return [
        workload,
        own ? showSpread(own, 3) : "–",
        `${floor.milliseconds.toPrecision(3)}${floor.bytesMs > floor.productsMs ? " (bytes)" : ""}`,
        own ? (own.median / floor.milliseconds).toFixed(2) : "–",
        own ? `${Math.round((100 * floor.productsMs) / own.median)} %` : "–",
        best ? `**${showSpread(best, 2)}**` : "–",
        ...columns.map(([, names]) => least(ratios, names)?.median.toFixed(2) ?? "–"),
        xla ? showSpread(xla, 2) : "–",
      ];
    }),
  );
}
