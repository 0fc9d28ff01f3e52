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
  const {
    table: _table,
    "align-then-memorise": _alignThenMemorise,
    "lillicrap-2016": _lillicrap,
    robustness: _robustness,
    "report-rules": _reportRules,
    "kill-campaign": _campaign,
    bfloat16: _bfloat16,
    ...runs
  } = scripts;
  expect(runs).toEqual(
    Object.fromEntries(names.map((name) => [name, `bioflax train --config recipes/${name}.yaml`])),
  );
});
