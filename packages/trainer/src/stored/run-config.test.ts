import { join } from "node:path";
import { RunFolder } from "@bioflax/runs/node";
import { expect, test } from "@jest/globals";
import { scratchFolder } from "../../test/scratch";
import { readConfig } from "../resolve/read-config";
import { resolveConfig, validateConfig, withoutCommand } from "../resolve/resolve";
import { placeOf, settingsFrom } from "./run-config";

const folder = scratchFolder();

test("a run is named after its data set and its rules, each once", () => {
  expect(placeOf(validateConfig({ dataset: "teacher", mode: "kp" }))).toEqual({
    name: "teacher-kp",
  });
  const mixed = validateConfig({ layerModes: ["dfa", "dfa", "bp"], out: "there" });
  expect(placeOf(mixed)).toEqual({ name: "mnist-dfa-bp", out: "there" });
});

test("a run has a config.json that --config takes, wherever the paths were relative to", async () => {
  const out = join(folder, "again");
  const config = validateConfig({
    out,
    mode: "dfa",
    init: join(folder, "w.safetensors"),
    threads: 2,
  });
  const run = await RunFolder.create(placeOf(config), new Date());
  const relativeConfig = { ...config, init: "some/w.safetensors" };
  await run.writeConfig(settingsFrom(run.path, relativeConfig));
  const { out: _out, ...expected } = config;
  const read = withoutCommand(resolveConfig(...(await readConfig(run.file("config.json")))));
  expect(read).toEqual({ ...expected, init: join(process.cwd(), "some/w.safetensors") });
});
