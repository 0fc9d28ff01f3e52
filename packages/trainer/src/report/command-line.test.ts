import { expect, test } from "@jest/globals";
import { validateConfig } from "../config/resolve";
import { commandLine } from "./command-line";

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
