import { commandLine } from "@bioflax/report";
import { expect, test } from "@jest/globals";
import { validateConfig } from "../resolve/resolve";
import { reportedSettings } from "./reported-run";

test("the command line of a report quotes what a shell would not take as it is", () => {
  const config = validateConfig({
    dataDir: "/it's here",
    hiddenLayers: [1, 2],
    out: "gone",
    shuffle: false,
  });
  expect(commandLine(config, reportedSettings).join(" ")).toBe(
    "bioflax train --data-dir '/it'\\''s here' --shuffle false --hidden-layers 1 2",
  );
});
