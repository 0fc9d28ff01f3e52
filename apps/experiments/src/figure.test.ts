import { lineChart } from "@bioflax/report";
import { expect, test } from "@jest/globals";
import { figureOf } from "./figure";

test("a chart is a picture of its own, whose attributes stand once each", () => {
  const chart = lineChart({
    ...{ title: "Loss", epochs: [1, 2], wide: true },
    lines: [
      {
        name: "bp",
        slot: 0,
        points: [
          { n: 1, mean: 2 },
          { n: 1, mean: 1 },
        ],
      },
    ],
    show: String,
  });
  const [, attributes = ""] = /^<svg ([^>]*)><style>/.exec(figureOf(chart)) ?? [];
  const names = [...attributes.matchAll(/([\w-]+)="/g)].map(([, name]) => name);
  expect(names).toEqual(["xmlns", "class", "width", "height", "viewBox", "role", "aria-label"]);
});
