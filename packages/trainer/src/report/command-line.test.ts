import { expect, test } from "@jest/globals";
import { commandLine } from "../../../report/src/command-line";
import { validateConfig } from "../resolve/resolve";

test("the command line of a report quotes what a shell would not take as it is", () => {
  const config = validateConfig({
    dataDir: "/it's here",
    hiddenLayers: [1, 2],
    out: "gone",
    shuffle: false,
  });
  expect(commandLine(config).join(" ")).toBe(
    "bioflax train --data-dir '/it'\\''s here' --shuffle false --hidden-layers 1 2",
  );
});
