import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readConfig, resolveConfig } from "@bioflax/trainer";
import { expect, test } from "@jest/globals";

const experiments = join(__dirname, "..");
// What recipes extend has a folder of its own.
const names = readdirSync(join(experiments, "recipes"))
  .filter((file) => file.endsWith(".yaml"))
  .map((file) => file.replace(".yaml", ""));

test.each(names)("the recipe %s is right, and learns by the rule in its name", async (name) => {
  const config = resolveConfig(...(await readConfig(join(experiments, "recipes", `${name}.yaml`))));
  expect(config.mode).toBe(name.split("-")[1]);
});

test("every recipe has a script of its name", () => {
  const { scripts } = JSON.parse(readFileSync(join(experiments, "package.json"), "utf8"));
  const isOfRecipe = ([, command]: [string, string]) =>
    command.startsWith("bioflax train --config recipes/");
  const runs = Object.fromEntries(
    Object.entries(scripts as Record<string, string>).filter(isOfRecipe),
  );
  expect(runs).toEqual(
    Object.fromEntries(names.map((name) => [name, `bioflax train --config recipes/${name}.yaml`])),
  );
});
