import { everyLearningOption } from "@bioflax/core";
import { type Page, table, withPart } from "./page";

/** Core's table of how layers learn. */
const optionsTable = () =>
  table(
    ["setting", "what it does", "goes with"],
    everyLearningOption.map(([name, { docs }]) => [`\`${name}\``, docs.effect, docs.goesWith]),
  );

/** The options of how layers learn: their page, and the README of the layers that take them. */
export const layerOptionsPages: readonly Page[] = [
  "docs/layer-options.md",
  "packages/layers/README.md",
].map((path) => ({
  path,
  generate: (present) => withPart(present, "layer options", optionsTable()),
}));
