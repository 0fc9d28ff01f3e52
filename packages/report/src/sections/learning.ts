import { extentOf, lineChart } from "../charts/line-chart";
import type { RunGroup } from "../groups";
import { type Html, html } from "../html";
import { epochsOf, lineOf, type Read } from "../lines";
import { fewDigits, percent } from "../show";

/** Something measured after every epoch. */
interface Quantity {
  /** Whose it is: the name of its line where one chart shows several. */
  readonly of: string;
  readonly what: "loss" | "accuracy";
  readonly read: Read;
}

const share = (value: number | undefined) => (value === undefined ? undefined : value * 100);

const quantities: readonly Quantity[] = [
  { of: "test", what: "accuracy", read: ({ test }) => share(test.accuracy) },
  { of: "validation", what: "accuracy", read: ({ val }) => share(val?.accuracy) },
  { of: "train", what: "loss", read: ({ train }) => train.loss },
  { of: "validation", what: "loss", read: ({ val }) => val?.loss },
  { of: "test", what: "loss", read: ({ test }) => test.loss },
];

const shows = { loss: fewDigits, accuracy: percent };
const limited = (what: "loss" | "accuracy") =>
  what === "accuracy" ? { limits: [0, 100] as const } : {};
const titles = { loss: "Loss", accuracy: "Accuracy in %" };
const whole = { train: "Training", validation: "Validation", test: "Test" } as const;

/** Loss and accuracy over epochs: a chart each, or of several groups a chart for each quantity. */
export function learning(groups: readonly RunGroup[]): Html | undefined {
  const epochs = epochsOf(groups.flatMap(({ runs }) => runs));
  const charts = groups.length === 1 ? ofOne(groups[0] as RunGroup, epochs) : ofAll(groups, epochs);
  if (epochs.length === 0 || charts.length === 0) return undefined;
  return html`<section aria-label="Learning"><h3>Learning</h3><div class="grid${groups.length === 1 && " large"}">${charts}${learningRate(groups, epochs)}</div></section>`;
}

function ofOne({ runs }: RunGroup, epochs: readonly number[]): Html[] {
  const names = ["test", "validation", "train"];
  return (["loss", "accuracy"] as const).flatMap((what) => {
    const lines = names.flatMap((name, slot) =>
      quantities
        .filter((quantity) => quantity.of === name && quantity.what === what)
        .flatMap(({ read }) => lineOf(name, slot, runs, epochs, read)),
    );
    if (lines.length === 0) return [];
    return [
      lineChart({
        title: titles[what],
        lines,
        epochs,
        show: shows[what],
        ...limited(what),
        wide: true,
      }),
    ];
  });
}

function ofAll(groups: readonly RunGroup[], epochs: readonly number[]): Html[] {
  return quantities.flatMap(({ of, what, read }) => {
    const lines = groups.flatMap(({ label, runs }, slot) =>
      lineOf(label, slot, runs, epochs, read),
    );
    if (lines.length === 0) return [];
    const title = `${whole[of as keyof typeof whole]} ${titles[what].toLowerCase()}`;
    return [lineChart({ title, lines, epochs, show: shows[what], ...limited(what) })];
  });
}

/** How the learning rate went, where it has a schedule. */
function learningRate(groups: readonly RunGroup[], epochs: readonly number[]): Html | undefined {
  const lines = groups.flatMap(({ label, runs }, slot) =>
    lineOf(
      groups.length === 1 ? "learning rate" : label,
      slot,
      runs,
      epochs,
      (record) => record.learningRate,
    ),
  );
  const moves = new Set(extentOf(lines)).size > 1;
  if (!moves) return undefined;
  return lineChart({
    title: "Learning rate",
    note: "Of each epoch's last step.",
    // The same for every seed: a band would be a line.
    lines,
    epochs,
    show: fewDigits,
    wide: groups.length === 1,
  });
}
