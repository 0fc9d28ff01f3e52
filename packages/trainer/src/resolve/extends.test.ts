import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "@jest/globals";
import { scratchFolder } from "../../test/scratch";
import { readConfig } from "./read-config";
import { ConfigError, resolveConfig, resolveWithOrigins } from "./resolve";

const scratch = scratchFolder();
let folders = 0;

/** Writes files into a folder of their own. @returns the path of a file in it. */
function files(texts: Readonly<Record<string, string>>): (name: string) => string {
  const folder = join(scratch, String(folders++));
  for (const [name, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return (name) => join(folder, name);
}

const resolved = async (path: string, values: object = {}) =>
  resolveConfig(...(await readConfig(path)), { values });

/** The problems of a config that must not be read. */
async function problemsOf(act: () => Promise<unknown>): Promise<readonly string[]> {
  try {
    await act();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  throw new Error("Nothing was wrong.");
}

test("a file overrides what it extends, and the command line both; JSON and YAML go together", async () => {
  const at = files({
    "base.json": '{"lr": 0.5, "epochs": 7, "batch-size": 3}',
    "run.yaml": "extends: base.json\nlr: 0.25\nbatch_size: 4\n",
  });
  expect(await resolved(at("run.yaml"), { lr: 1 })).toMatchObject({
    lr: 1,
    epochs: 7,
    batchSize: 4,
  });
});

test("of several, later ones override earlier ones, with all that they extend", async () => {
  const at = files({
    "root.yaml": "lr: 1\nepochs: 1\nseed: 1\n",
    "first.yaml": "extends: root.yaml\nlr: 2\nmomentum: 0.2\n",
    "second.yaml": "extends: root.yaml\nepochs: 3\nmomentum: 0.3\n",
    "run.yaml": "extends: [first.yaml, second.yaml]\nseed: 4\n",
  });
  // second.yaml brings root.yaml's rate with it.
  expect(await resolved(at("run.yaml"))).toMatchObject({
    lr: 1,
    epochs: 3,
    momentum: 0.3,
    seed: 4,
  });
  const sources = await readConfig(at("run.yaml"));
  expect(sources.map(({ file }) => file)).toEqual(
    ["first.yaml", "root.yaml", "second.yaml", "run.yaml"].map(at),
  );
});

test("files that extend two each, level upon level, are each read once", async () => {
  const levels = 60;
  const texts = Array.from({ length: levels }, (_, level) => [
    `${level}.yaml`,
    level === 0 ? "lr: 0.5\n" : `extends: [${level - 1}.yaml, ${level - 1}.yaml]\n`,
  ]);
  const at = files(Object.fromEntries(texts));
  expect(await readConfig(at(`${levels - 1}.yaml`))).toHaveLength(levels);
});

test("paths are relative to the file they are in", async () => {
  const at = files({
    "shared/base.yaml": "dataDir: data\ninit: w.safetensors\n",
    "runs/run.yaml": "extends: ../shared/base.yaml\ninit: own.safetensors\n",
  });
  expect(await resolved(at("runs/run.yaml"))).toMatchObject({
    dataDir: at("shared/data"),
    init: at("runs/own.safetensors"),
  });
});

test("every value is known by the file it comes from, and so is every mistake", async () => {
  const at = files({
    "base.yaml": "lr: -1\nepocs: 3\n",
    "run.yaml": "extends: base.yaml\nbatchSize: 0\n",
  });
  expect(await problemsOf(() => resolved(at("run.yaml"), { seed: -1 }))).toEqual([
    `${at("base.yaml")}: unknown setting "epocs". Did you mean "epochs"?`,
    `${at("run.yaml")}: batchSize: expected a whole number from 1, received 0`,
    `${at("base.yaml")}: lr: expected a number from 0 upwards, received -1`,
    "--seed: expected a whole number from 0, received -1",
  ]);
  const good = files({
    "base.yaml": "lr: 1\nseed: 2\n",
    "run.yaml": "extends: base.yaml\nlr: 3\n",
  });
  const { origins } = resolveWithOrigins(...(await readConfig(good("run.yaml"))), {
    values: { epochs: 4 },
  });
  expect(Object.fromEntries(origins)).toEqual({
    seed: good("base.yaml"),
    lr: good("run.yaml"),
    epochs: "command line",
  });
});

test("a circle is refused with the way round it, also through a link", async () => {
  const at = files({
    "a.yaml": "extends: b.yaml\n",
    "b.yaml": "extends: c.yaml\n",
    "c.yaml": "extends: link.yaml\n",
    "self.yaml": "extends: self.yaml\n",
  });
  symlinkSync(at("a.yaml"), at("link.yaml"));
  expect(await problemsOf(() => readConfig(at("a.yaml")))).toEqual([
    `${["a.yaml", "b.yaml", "c.yaml", "link.yaml"].map(at).join(" → ")}: expected files that do not extend each other in a circle. ` +
      "Remove extends from one of them",
  ]);
  expect(await problemsOf(() => readConfig(at("self.yaml")))).toHaveLength(1);
});

test("every file that is missing or broken is named at once, with the way to it", async () => {
  const at = files({
    "run.yaml": "extends: [middle.yaml, broken.json, wrong.yaml]\n",
    "middle.yaml": "extends: none.yaml\n",
    "broken.json": "{",
    "wrong.yaml": "extends: [5]\n",
  });
  const [missing, broken, wrong, ...more] = await problemsOf(() => readConfig(at("run.yaml")));
  expect(missing).toBe(
    `${at("run.yaml")} → ${at("middle.yaml")} → ${at("none.yaml")}: expected a readable file, but there is no such file. ` +
      `Check the path after extends in ${at("middle.yaml")}`,
  );
  expect(broken).toMatch(`${at("broken.json")}: expected JSON, but `);
  expect(wrong).toBe(
    `${at("wrong.yaml")}: extends: expected the path of a file, or a list of them, received [5]`,
  );
  expect(more).toEqual([]);
});

test("settings from code extend nothing", () => {
  expect(() => resolveConfig({ file: "config", values: { extends: "a.yaml" } })).toThrow(
    "config: extends: belongs in a config file. Read that with readConfig",
  );
});

test.each([
  [
    "run.json",
    '{\n  "lr": 1,\n  "lr": 2\n}',
    /run\.json: expected JSON, but .*unique at line 3, column 3/,
  ],
  ["run.yaml", "lr: 1\nlr: 2\n", /run\.yaml: expected YAML, but .*unique at line 2, column 1/],
])("a setting that stands twice is refused in %s, with its line", async (name, text, problem) => {
  const [found, ...others] = await problemsOf(() => readConfig(files({ [name]: text })(name)));
  expect(found).toMatch(problem);
  expect(others).toEqual([]);
});

test.each(["run.json", "run.yaml"])(
  "lists that are nested deep are refused in %s",
  async (name) => {
    const text = `{"lr": ${"[".repeat(200)}${"]".repeat(200)}}`;
    const [problem] = await problemsOf(() => readConfig(files({ [name]: text })(name)));
    expect(problem).toContain("its lists are nested more than 100 deep");
  },
);
