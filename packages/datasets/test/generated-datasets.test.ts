import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { type DatasetName, datasetNames, getDataset } from "../src/registry";

const path = join(__dirname, "../../../docs/datasets.md");
const [begin, end] = [
  "<!-- data sets: generated from the registry -->",
  "<!-- end of data sets -->",
];

const count = (number: number) => number.toLocaleString("en-US");

/** What an example is: `28 × 28 grey`. */
function example(name: DatasetName): string {
  const { images } = getDataset(name);
  if (images === undefined) return "numbers";
  if (typeof images === "string") return `an image ${images}`;
  const [height, width, channels] = images;
  return `${height} × ${width} ${channels === 1 ? "grey" : "in colour"}`;
}

/** How many classes there are. */
function classes(name: DatasetName): string {
  const { classes, targets, origin } = getDataset(name);
  if (targets === "values") return "values";
  const given = targets === "multi-label" ? "`--classes` labels" : "`--classes`";
  return String(classes ?? (origin === "files" ? "counted" : given));
}

function row(name: DatasetName): string {
  const { shows, size, origin, licence } = getDataset(name);
  const sizes = size?.map(count).join(" / ") ?? (origin === "files" ? "your own" : "batches");
  const terms = licence ?? (origin === "files" ? "your own" : "generated");
  return `| \`${name}\` | ${shows} | ${example(name)} | ${classes(name)} | ${sizes} | ${terms} |`;
}

// `UPDATE_GENERATED=1 npx jest packages/datasets/test` writes the page anew.
test("docs/datasets.md has the data sets of the registry; if not, run UPDATE_GENERATED=1 npx jest packages/datasets/test", () => {
  const page = readFileSync(path, "utf8");
  const table = [
    "| `--dataset` | what it shows | an example | classes | training / test examples | licence |",
    "|---|---|---|---|---|---|",
    ...datasetNames.map(row),
  ].join("\n");
  const [before, after] = [page.indexOf(begin), page.indexOf(end)];
  expect(before).toBeGreaterThan(0);
  expect(after).toBeGreaterThan(before);
  const expected = `${page.slice(0, before + begin.length)}\n\n${table}\n\n${page.slice(after)}`;
  if (process.env.UPDATE_GENERATED) writeFileSync(path, expected);
  else expect(page).toBe(expected);
});
