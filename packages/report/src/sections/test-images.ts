import type { RunGroup } from "../groups";
import { type Html, html } from "../html";
import { predictionsOf, type TestSet } from "../reported-run";
import { predictedLabels } from "./confusion";

/** bioflax shows the first 25 test images. */
const IMAGES = 25;

/** The labels that the runs of a group give to the test set. */
interface Labelling {
  readonly label: string;
  readonly byRun: readonly Int32Array[];
}

/** The first test images, and those that most runs get wrong, with their predicted and true labels. */
export function testImages(groups: readonly RunGroup[]): Html | undefined {
  const predictions = groups.flatMap(({ runs }) => runs.flatMap((run) => predictionsOf(run) ?? []));
  const dataset = predictions[0]?.dataset;
  if (dataset === undefined || dataset.task !== "classification") return undefined;
  const { pictureOf, targets: labels } = dataset;
  if (pictureOf === undefined) return undefined;
  // Images that are drawn by the seed are others in every run: only runs on the same ones are shown.
  const same = groups.map(({ label, runs }): Labelling => {
    const byRun = runs
      .flatMap((run) => predictionsOf(run) ?? [])
      .filter((one) => one.dataset === dataset)
      .map(predictedLabels);
    return { label, byRun };
  });
  const all = same.flatMap(({ byRun }) => byRun);
  const wrong = Array.from(labels, (label, row) => all.filter((one) => one[row] !== label).length);
  const rows = [...wrong.keys()];
  const hardest = rows
    .filter((row) => (wrong[row] as number) > 0)
    .sort((a, b) => (wrong[b] as number) - (wrong[a] as number))
    .slice(0, IMAGES);
  const show = (row: number) =>
    image({ picture: pictureOf(row), row, dataset, label: labels[row] as number, same });
  const first = rows.slice(0, IMAGES);
  const missed = first.filter((row) => (wrong[row] as number) > 0).length;
  const many = all.length > 1;
  const left =
    all.length < predictions.length
      ? ` The images are drawn by the seed: here are those of the first, of ${all.length} of ${predictions.length} runs.`
      : "";
  return html`<section aria-label="Test images"><h3>Test images and their predicted labels</h3>
<p class="soft">✗ says what it was taken for${many && ", and by how many of the runs"}.${left}</p>
<div class="halves"><div class="card"><h4>The first ${first.length} <small class="soft">${missed === 0 ? "all are right" : `${missed} ${many ? "not always right" : "wrong"}`}</small></h4><div class="images">${first.map(show)}</div></div>
${hardest.length > 0 && html`<div class="card"><h4>${many ? "Most often wrong" : "The first that are wrong"} <small class="soft">of ${rows.length}</small></h4><div class="images">${hardest.map(show)}</div></div>`}</div></section>`;
}

function image({
  picture,
  row,
  dataset,
  label,
  same,
}: {
  /** A URL. */
  picture: string;
  row: number;
  dataset: TestSet;
  label: number;
  same: readonly Labelling[];
}): Html {
  const nameOf = (index: number) => dataset.classNames?.[index] ?? String(index);
  const all = same.flatMap(({ byRun }) => byRun.map((one) => one[row] as number));
  const errors = all.filter((predicted) => predicted !== label);
  const tally = new Map<number, number>();
  for (const error of errors) tally.set(error, (tally.get(error) ?? 0) + 1);
  const [usual] = [...tally].sort((a, b) => b[1] - a[1]);
  const details =
    all.length > 1 &&
    same
      .filter(({ byRun }) => byRun.length > 0)
      .map(
        ({ label, byRun }) =>
          `${label && `${label}: `}${byRun.map((one) => nameOf(one[row] as number)).join(", ")}`,
      )
      .join("\n");
  const caption =
    usual === undefined
      ? html`✓ ${nameOf(label)}`
      : html`✗ ${nameOf(usual[0])}, is ${nameOf(label)}${all.length > 1 && html`<br><span class="soft">${errors.length} of ${all.length}</span>`}`;
  return html`<figure class="${usual === undefined ? "right" : "wrong"}"${details && html` title="${details}"`}><img alt="Test image ${row + 1}: ${nameOf(label)}" width="${dataset.imageShape?.[1]}" height="${dataset.imageShape?.[0]}" src="${picture}"><figcaption>${caption}</figcaption></figure>`;
}
