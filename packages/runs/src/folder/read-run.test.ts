import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RunFolderError } from "@bioflax/runs";
import { expect, test } from "@jest/globals";
import { scratchFolder } from "../../test/scratch";
import { readRun } from "./read-run";

const folder = scratchFolder();

/** A run's folder with these files. */
function runWith(name: string, files: Readonly<Record<string, string>>): string {
  const path = join(folder, name);
  mkdirSync(path);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text);
  return path;
}

test("settings are read as they are in the file, whatever they mean", async () => {
  const path = runWith("of-tomorrow", { "config.json": '{"mode":"of tomorrow","lr":0.1}' });
  expect(await readRun(path)).toEqual({
    path,
    config: { mode: "of tomorrow", lr: 0.1 },
    records: [],
  });
});

test("settings are what whoever knows them makes of them", async () => {
  const path = runWith("known", { "config.json": "{}" });
  const run = await readRun(path, { readConfig: async (where) => ({ from: where }) });
  expect(run.config.from).toBe(path);
});

test.each([
  ["{", "expected the settings of a run as JSON, but"],
  ["[1]", "expected the settings of a run as JSON, but it holds no settings by name."],
])("a config.json of %s is refused by name", async (text, message) => {
  const path = runWith(`broken${text.length}`, { "config.json": text });
  const error: Error = await readRun(path).then(
    () => new Error("read"),
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(RunFolderError);
  expect(error.message).toContain(`${join(path, "config.json")}: ${message}`);
});
