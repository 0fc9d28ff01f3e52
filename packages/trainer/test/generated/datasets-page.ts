import { type DatasetName, datasetNames, getDataset } from "@bioflax/datasets/node";
import { type Page, withPart } from "./page";

const count = (number: number) => number.toLocaleString("en-US");

/** What an example is: `28 × 28 grey`. */
function example(name: DatasetName): string {
  const { images, oneHot, symbols } = getDataset(name);
  if (symbols) return "numbers of symbols";
  if (images === undefined) return oneHot ? "one-hot codes" : "numbers";
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

/** docs/datasets.md: the data sets of the registry. */
export const datasetsPage: Page = {
  path: "docs/datasets.md",
  generate: (present) =>
    withPart(
      present,
      "data sets",
      [
        "| `--dataset` | what it shows | an example | classes | training / test examples | licence |",
        "|---|---|---|---|---|---|",
        ...datasetNames().map(row),
      ].join("\n"),
    ),
};
