import { lineChart } from "../charts/line-chart";
import type { RunGroup } from "../groups";
import type { Html } from "../html";
import { type Line, lineOf } from "../lines";
import { statistics } from "../statistics";
import type { Look, Place } from "./alignment";

/** A measure of a deep network: of the whole over epochs, and of its layers after each run's last epoch. */
export function byDepth({
  name,
  look,
  groups,
  epochs,
  places,
}: {
  readonly name: string;
  readonly look: Look;
  readonly groups: readonly RunGroup[];
  readonly epochs: readonly number[];
  /** Where it was measured. */
  readonly places: readonly Place[];
}): Html[] {
  const whole = groups.flatMap(({ label, runs }, slot) =>
    lineOf(label, slot, runs, epochs, ({ alignment }) => alignment?.[name]),
  );
  const layers = places.filter(({ prefix }) => prefix.startsWith("layers."));
  const profiles = groups.flatMap(({ label, runs }, slot): Line[] => {
    const points = layers.map(({ prefix }) =>
      statistics(runs.map(({ records }) => records.at(-1)?.alignment?.[prefix + name])),
    );
    return points.some((point) => point !== undefined) ? [{ name: label, slot, points }] : [];
  });
  return [
    ...(whole.length > 0
      ? [lineChart({ ...look, title: "The whole network", lines: whole, epochs, wide: true })]
      : []),
    ...(profiles.length > 0
      ? [
          lineChart({
            ...look,
            title: "By layer, after the last epoch",
            lines: profiles,
            epochs: layers.map((_, i) => i + 1),
            over: {
              title: "layer, from the first to the output",
              names: layers.map(({ title }) => title),
            },
            wide: true,
          }),
        ]
      : []),
  ];
}
