import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "@jest/globals";
import { runBioflax } from "../../../test/run-bioflax";
import { scratchFolder } from "../../../test/scratch";
import { configJsonSchema } from "../../resolve/json-schema";
import { readConfig } from "../../resolve/read-config";
import { resolveConfig } from "../../resolve/resolve";

const folder = scratchFolder();

/** What `bioflax config` prints, which must be all it does. */
async function printed(...args: string[]): Promise<string> {
  const { stdout, ...rest } = await runBioflax(["config", ...args]);
  expect(rest).toEqual({ status: 0, stderr: "", exits: [], listeners: 0 });
  return stdout;
}

const base = join(folder, "base.yaml");
const file = join(folder, "run.yaml");
writeFileSync(base, "lr: 1.0e-7\nactivations: [linear, leaky_relu]\ndataDir: 'da#ta: [1]'\n");
writeFileSync(file, "extends: base.yaml\nseed: 3\nweightDecay: 5e-5\nloss: sigmoidCrossEntropy\n");

test.each([
  ["yaml", []],
  ["yaml", ["--sources"]],
  ["json", ["--format", "json"]],
])("prints %s that --config takes for the same %j", async (ending, options) => {
  const given = ["--config", file, "--mode", "dfa", "--init", "here.safetensors"];
  const text = await printed(...given, ...options);
  const copy = join(folder, `copy.${ending}`);
  writeFileSync(copy, text);
  const expected = resolveConfig(...(await readConfig(file)), {
    values: { mode: "dfa", init: resolve("here.safetensors") },
  });
  expect(resolveConfig(...(await readConfig(copy)))).toEqual(expected);
  expect(expected).toMatchObject({ lr: 1e-7, dataDir: join(folder, "da#ta: [1]"), mode: "dfa" });
  expect(await printed("--config", copy, ...options.filter((o) => o !== "--sources"))).toBe(
    text.replaceAll(/ +# (\/|command|default).*$/gm, ""),
  );
});

test("--sources says where each value comes from", async () => {
  const text = await printed("--config", file, "--mode=dfa", "--sources");
  const line = (key: string) => text.split("\n").find((one) => one.startsWith(`${key}: `));
  expect(line("mode")).toMatch(/^mode: dfa +# command line$/);
  expect(line("dataset")).toMatch(/^dataset: mnist +# default$/);
  expect(line("hiddenLayers")).toMatch(/^hiddenLayers: \[ 500, 500 \] +# default$/);
  expect(line("seed")?.endsWith(`# ${file}`)).toBe(true);
  expect(line("lr")?.endsWith(`# ${base}`)).toBe(true);
  expect(text).toContain("\n# Training\n");
  const json = JSON.parse(await printed("--config", file, "--format", "json", "--sources"));
  expect(json).toMatchObject({ lr: { value: 1e-7, from: base }, epochs: { from: "default" } });
});

test("--schema prints the JSON Schema", async () => {
  expect(JSON.parse(await printed("--schema"))).toEqual(configJsonSchema());
});

test.each([
  [["--epoch", "3"], "(Did you mean --epochs?)"],
  [["--quiet"], "unknown option '--quiet'"],
  [["--format", "toml"], "Allowed choices are yaml, json"],
  [
    ["--lr", "-1"],
    "--lr: expected a number from 0 upwards, received -1\nSee bioflax config --help.",
  ],
])("%j is bad usage", async (args, message) => {
  const { status, stdout, stderr } = await runBioflax(["config", ...args]);
  expect(stderr).toContain(message);
  expect(stderr).toContain("See bioflax config --help.");
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
});
