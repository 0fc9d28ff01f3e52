// `pnpm check:plugin`: a plugin outside the workspace, docs/plugins.md's own, beside the packages as npm would get
// them: it trains in every engine that is there, resumes to the same bytes, predicts, evaluates, exports, reports, and keeps the
// contracts. Needs `pnpm run build` first.
import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { publicPackages } from "./release/steps.mjs";
import { mapParallel, run } from "./run.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const scratch = realpathSync(mkdtempSync(join(tmpdir(), "bioflax-plugin-")));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));
const project = join(scratch, "project");
const modules = join(project, "node_modules");

/**
 * Packs a package and unpacks the tarball where npm would; what it depends on is linked, but for the workspace's own.
 */
async function install({ dir, manifest }) {
  const packed = await run("pnpm", ["pack", "--json", "--pack-destination", scratch], { cwd: dir });
  assert.ok(packed.ok, packed.output);
  const { filename } = JSON.parse(packed.output.slice(packed.output.indexOf("{")));
  const folder = join(modules, manifest.name);
  mkdirSync(folder, { recursive: true });
  const unpacked = await run("tar", ["-xzf", filename, "-C", folder, "--strip-components=1"]);
  assert.ok(unpacked.ok, unpacked.output);
  const names = Object.keys({
    ...manifest.dependencies,
    ...manifest.optionalDependencies,
    ...manifest.peerDependencies,
  });
  for (const name of names.filter((name) => !name.startsWith("@bioflax/"))) {
    const source = join(dir, "node_modules", name);
    const target = join(modules, name);
    if (!existsSync(source) || existsSync(target)) continue;
    mkdirSync(dirname(target), { recursive: true });
    symlinkSync(realpathSync(source), target, "junction");
  }
}

let passed = 0;
async function test(name, work) {
  try {
    await work();
    passed++;
    console.log(`ok    ${name}`);
  } catch (error) {
    process.exitCode = 1;
    console.log(`FAIL  ${name}\n${error.stack ?? error}`);
  }
}

const cli = join(modules, "@bioflax/trainer/dist/cli.js");
const bioflax = (...args) => run(process.execPath, [cli, ...args], { cwd: project });

/** Runs the command; what it prints. */
async function does(...args) {
  const { ok, output } = await bioflax(...args);
  assert.ok(ok, `bioflax ${args.join(" ")}\n${output}`);
  return output;
}

/** Runs the command, which must fail with a message. */
async function refuses(message, ...args) {
  const { ok, output } = await bioflax(...args);
  assert.ok(!ok, `bioflax ${args.join(" ")} was not refused\n${output}`);
  assert.match(output, message);
  assert.doesNotMatch(output, /bug in bioflax/);
}

const read = (path) => readFileSync(join(project, path), "utf8");
const write = (path, text) => writeFileSync(join(project, path), text);
const bytes = (path) => readFileSync(join(project, path)).toString("base64");

await mapParallel(publicPackages(root), install);
const page = readFileSync(join(root, "docs/plugins.md"), "utf8");
/** The modules on the page, by their names. */
const blocks = Object.fromEntries(
  [...page.matchAll(/^```js (\S+)\n(.*?)^```$/gms)].map(([, name, text]) => [name, text]),
);
const source = blocks["my-plugin.mjs"];
write("package.json", '{ "name": "outside", "type": "module" }\n');
write("my-plugin.mjs", source);
write("inputs.json", "[[0.2, 0.3], [2.1, 1.3]]");

const plugin = ["--plugin", "./my-plugin.mjs"];
const own =
  "--dataset rings --model scaledMlp --width 12 --mode half --loss brier --optimizer signed --memory 0.8 --lr 0.01".split(
    " ",
  );
const small =
  "--train-set-size 6 --test-set-size 2 --threads 1 --no-tensorboard --checkpoint-every 1".split(
    " ",
  );
const train = (...more) => does("train", ...plugin, ...own, ...small, ...more);

const ofXla = await bioflax("devices", "--only", "xla/cpu");
/** XLA needs its plugin for the processor. */
const engines = [
  ...["compiled", "eager"],
  ...(/"state":"available"/.test(ofXla.output) ? ["xla"] : []),
];
for (const engine of engines) {
  const on = ["--engine", engine, "--device", "cpu"];
  await test(`${engine}: trains, and names the plugin in the run folder`, async () => {
    await train(...on, "--epochs", "4", "--out", `runs/${engine}`);
    const [record] = JSON.parse(read(`runs/${engine}/plugins.json`));
    assert.deepEqual(Object.keys(record), ["name", "version", "from", "digest"]);
    assert.deepEqual(
      [record.name, record.version, record.from],
      ["my-plugin", "1.0.0", "../../my-plugin.mjs"],
    );
    assert.match(record.digest, /^sha256:[0-9a-f]{64}$/);
    const config = JSON.parse(read(`runs/${engine}/config.json`));
    assert.deepEqual(
      [config.mode, config.width, config.memory, config.plugins],
      ["half", 12, 0.8, undefined],
    );
  });
  await test(`${engine}: resumes to the same bytes`, async () => {
    await train(...on, "--epochs", "2", "--out", `runs/${engine}-resumed`);
    await does("train", ...plugin, "--resume", `runs/${engine}-resumed`, "--epochs", "4");
    assert.equal(
      bytes(`runs/${engine}-resumed/final.safetensors`),
      bytes(`runs/${engine}/final.safetensors`),
    );
  });
}

await test(`${engines.join(", ")} come to the same loss`, () => {
  const lossOf = (engine) => JSON.parse(read(`runs/${engine}/summary.json`)).test.loss;
  for (const engine of engines)
    assert.ok(
      Math.abs(lossOf("compiled") - lossOf(engine)) < 1e-3 * lossOf("compiled"),
      `${lossOf("compiled")} and ${lossOf(engine)}`,
    );
});

await test("another option is another run, and an option is of its own optimizer alone", async () => {
  await does(
    "train",
    ...plugin,
    ...own,
    ...small,
    "--memory",
    "0.1",
    "--epochs",
    "4",
    "--engine",
    "compiled",
    "--device",
    "cpu",
    "--out",
    "runs/forgetful",
  );
  assert.notEqual(
    bytes("runs/forgetful/final.safetensors"),
    bytes("runs/compiled/final.safetensors"),
  );
  await refuses(
    /--memory: expected none with the optimizer sgd/,
    "config",
    ...plugin,
    "--memory",
    "0.5",
  );
  await refuses(
    /--ring-noise: expected none with the dataset mnist/,
    "config",
    ...plugin,
    "--ring-noise",
    "0.5",
  );
  await refuses(
    /--memory: expected .*received 1\.5/,
    "config",
    ...plugin,
    "--optimizer",
    "signed",
    "--memory",
    "1.5",
  );
});

await test("evaluates to the numbers of the summary", async () => {
  const { test: expected } = JSON.parse(read("runs/compiled/summary.json"));
  const result = JSON.parse(await does("evaluate", "runs/compiled", ...plugin, "--json"));
  assert.deepEqual([result.loss, result.accuracy], [expected.loss, expected.accuracy]);
});

/** The float32 tensors of a .safetensors file. */
function tensorsOf(path) {
  const file = readFileSync(join(project, path));
  const size = Number(file.readBigUInt64LE(0));
  const { __metadata__: _, ...header } = JSON.parse(file.subarray(8, 8 + size).toString());
  return Object.fromEntries(
    Object.entries(header).map(
      ([
        name,
        {
          data_offsets: [from, to],
        },
      ]) => {
        const bytes = file.subarray(8 + size + from, 8 + size + to);
        return [name, Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i))];
      },
    ),
  );
}

/** x·W + b. */
const dense = (x, kernel, bias) =>
  bias.map((b, unit) =>
    x.reduce((sum, value, i) => sum + value * kernel[i * bias.length + unit], b),
  );

await test("predicts with the probabilities of its own loss", async () => {
  const weights = tensorsOf("runs/compiled/final.safetensors");
  const lines = (await does("predict", "runs/compiled", "inputs.json", ...plugin, "--json")).trim();
  const received = lines.split("\n").map((line) => JSON.parse(line).probabilities);
  const expected = JSON.parse(read("inputs.json")).map((x) => {
    const hidden = dense(x, weights["layers.0.kernel"], weights["layers.0.bias"]);
    const scaled = hidden.map((a, i) => (a / (1 + Math.abs(a))) * weights["layers.1.gamma"][i]);
    const powers = dense(scaled, weights["layers.2.kernel"], weights["layers.2.bias"]).map((z) =>
      Math.exp(z / 2),
    );
    return powers.map((power) => power / powers.reduce((a, b) => a + b, 0));
  });
  assert.equal(received.length, expected.length);
  expected.forEach((row, i) => {
    const values = Object.values(received[i]);
    assert.equal(values.length, row.length);
    row.forEach((p, k) => assert.ok(Math.abs(values[k] - p) < 1e-5, `${values} and ${row}`));
  });
});

await test("exports to ONNX and safetensors, and is refused by name where TensorFlow.js does not know the layer", async () => {
  await does("export", "runs/compiled", "--format", "onnx", ...plugin, "-o", "model.onnx");
  await does(
    "export",
    "runs/compiled",
    "--format",
    "safetensors",
    ...plugin,
    "-o",
    "model.safetensors",
  );
  assert.ok(
    existsSync(join(project, "model.onnx")) && existsSync(join(project, "model.safetensors")),
  );
  await refuses(
    /softsign|scaled/,
    "export",
    "runs/compiled",
    "--format",
    "tfjs",
    ...plugin,
    "-o",
    "tfjs",
  );
});

await test("reports", async () => {
  await does("report", "runs/compiled", "runs/eager", ...plugin, "--out", "report.html");
  const html = read("report.html");
  assert.match(html, /Halved feedback alignment/);
  assert.match(html, /aria-label="Confusion"/);
});

await test("a run folder loads no plugin by itself, and says the flag to add", async () => {
  const asks =
    /expected the plugin "my-plugin" 1\.0\.0.*loads no code by itself\. Add --plugin \.\/my-plugin\.mjs/;
  await refuses(asks, "predict", "runs/compiled", "inputs.json");
  await refuses(asks, "evaluate", "runs/compiled");
  await refuses(asks, "export", "runs/compiled", "--format", "onnx");
  await refuses(asks, "report", "runs/compiled");
  await refuses(asks, "train", "--resume", "runs/compiled", "--epochs", "5");
});

await test("another plugin than the run's is refused on resume, a changed one too, and warned of elsewhere", async () => {
  write("other.mjs", 'export const plugin = { name: "other" };\n');
  await refuses(
    /expected the plugins my-plugin alone.*received the plugin "other"/,
    "train",
    ...plugin,
    "--plugin",
    "./other.mjs",
    "--resume",
    "runs/compiled",
    "--epochs",
    "5",
  );
  write("my-plugin.mjs", `${source}// changed\n`);
  try {
    await refuses(
      /is another by now.*Bring its files back/,
      "train",
      ...plugin,
      "--resume",
      "runs/compiled",
      "--epochs",
      "5",
    );
    assert.match(
      await does("predict", "runs/compiled", "inputs.json", ...plugin),
      /warning: .*"my-plugin".*is another by now/,
    );
  } finally {
    write("my-plugin.mjs", source);
  }
});

await test("a config file names plugins, by paths relative to it and by packages", async () => {
  mkdirSync(join(project, "configs"), { recursive: true });
  write(
    "configs/mine.yaml",
    `plugins: [../my-plugin.mjs]\n${own.join(" ").replace(/--(\S+) (\S+) ?/g, "$1: $2\n")}`,
  );
  const config = await does(
    "config",
    "--config",
    "configs/mine.yaml",
    "--memory",
    "0.5",
    "--format",
    "json",
  );
  const { plugins, memory } = JSON.parse(config);
  assert.deepEqual([plugins, memory], [[join(project, "my-plugin.mjs")], 0.5]);
  const folder = join(modules, "bioflax-plugin-mine");
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "package.json"),
    '{ "name": "bioflax-plugin-mine", "type": "module", "exports": { "import": "./main.js" } }',
  );
  writeFileSync(join(folder, "main.js"), source);
  write("configs/package.yaml", "plugins: [bioflax-plugin-mine]\nmode: half\n");
  assert.match(await does("config", "--config", "configs/package.yaml"), /^mode: half$/m);
  assert.match(
    await does("config", "--plugin", "bioflax-plugin-mine", "--mode", "half"),
    /^mode: half$/m,
  );
});

await test("help, completions and guesses know what a plugin brings", async () => {
  // Lines are broken wherever the terminal's width has it.
  const help = (await does("train", ...plugin, "--help")).replaceAll(/\s+/g, " ");
  for (const word of ["--memory", "--width", "--ring-noise", "half (Halved feedback alignment)"])
    assert.ok(help.includes(word), word);
  assert.match(await does("completions", "bash", ...plugin), /--ring-noise/);
  await refuses(/Did you mean "half"\?/, "config", ...plugin, "--mode", "hal");
  assert.match(await does("config", "--schema", ...plugin), /"scaledMlp"/);
});

const broken = [
  [
    "is not there",
    undefined,
    /--plugin \.\/broken\.mjs: expected the path of a module, but there is no file/,
  ],
  [
    "does not parse",
    "export default {",
    /--plugin \.\/broken\.mjs: expected a module that can be loaded/,
  ],
  ["throws", 'throw new Error("no luck");', /--plugin \.\/broken\.mjs: .*no luck/],
  [
    "exports none",
    "export const rule = 1;",
    /whose default export, or export "plugin", is a plugin.*received the exports rule/,
  ],
  [
    "has an unknown list",
    'export default { name: "x", rule: [] };',
    /--plugin \.\/broken\.mjs: unknown option "rule"\. Did you mean "rules"/,
  ],
  [
    "has no list",
    'export default { name: "x", rules: { name: "mine" } };',
    /rules: expected a list of definitions/,
  ],
  [
    "has a malformed definition",
    'export default { name: "x", rules: [{ name: "mine" }] };',
    /rules\[0\]: Rule "mine": expected its definition to have "title"/,
  ],
  [
    "takes a name",
    'export default { name: "x", activations: [{ name: "relu", forward() {}, backward() {} }] };',
    /activations\[0\]: Activation "relu": expected a name that no other/,
  ],
  [
    "takes a setting's name",
    'export default { name: "x", optimizers: [{ name: "o", options: { seed: { type: "number", doc: "x" } }, create() {} }] };',
    /optimizers\[0\]: optimizer "o", option "seed": expected a name that no setting/,
  ],
];
for (const [what, text, message] of broken)
  await test(`a plugin that ${what} is refused, by name`, async () => {
    if (text === undefined) rmSync(join(project, "broken.mjs"), { force: true });
    else write("broken.mjs", text);
    await refuses(message, "config", "--plugin", "./broken.mjs");
  });

/** Runs a module of the user's own. */
async function runs(name, text) {
  write(name, text);
  const { ok, output } = await run(process.execPath, [name], { cwd: project });
  assert.ok(ok, output);
  return output;
}

await test("every definition keeps the contract of its kind", () =>
  runs("contracts.mjs", blocks["contracts.mjs"]));

await test("the page's commands and its code do what they say", async () => {
  const [, commands] = /^```sh\n(.*?)^```$/ms.exec(page);
  const [first, second, third] = commands.replaceAll("\\\n", "").trim().split("\n");
  const words = (line) => line.split(" | ").at(-1).trim().split(/ +/).slice(1);
  await does(...words(first), "--epochs", "1");
  await does(...words(second).map((word) => (word === "-" ? "inputs.json" : word)));
  await does(...words(third));
  assert.match(await runs("from-code.mjs", blocks["from-code.mjs"]), /^[01](\.\d+)?\n/m);
});

await test("from code: the plugin itself, and a saved TensorFlow.js model under its rule", async () => {
  write(
    "code.mjs",
    `
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { bioDense } from "@bioflax/layers";
import { evaluateRun, resume, train } from "@bioflax/trainer";
import * as tf from "@tensorflow/tfjs";
import plugin from "./my-plugin.mjs";

const settings = { plugins: [plugin], mode: "half", dataset: "rings", trainSetSize: 4, testSetSize: 2, hiddenLayers: [4], activations: ["softsign"], epochs: 1, tensorboard: false, device: "cpu", out: "runs/code" };
const { summary } = await train(settings);
assert.equal((await evaluateRun("runs/code")).loss, summary.test.loss);
assert.deepEqual(JSON.parse(await readFile("runs/code/plugins.json", "utf8")), [{ name: "my-plugin", version: "1.0.0" }]);
assert.equal((await resume("runs/code", { settings: { epochs: 2, plugins: [plugin] } })).summary.epochs, 2);

const model = tf.sequential({ layers: [bioDense({ inputShape: [3], units: 4, rule: "half", activation: "softsign" }), bioDense({ units: 2, rule: "half" })] });
let saved;
await model.save(tf.io.withSaveHandler(async (artifacts) => { saved = artifacts; return { modelArtifactsInfo: {} }; }));
const again = await tf.loadLayersModel(tf.io.fromMemory(saved));
const x = tf.ones([2, 3]);
assert.deepEqual([...await again.predict(x).data()], [...await model.predict(x).data()]);
again.compile({ optimizer: "sgd", loss: "meanSquaredError" });
await again.fit(x, tf.ones([2, 2]), { verbose: 0 });
`,
  );
  const { ok, output } = await run(process.execPath, ["code.mjs"], { cwd: project });
  assert.ok(ok, output);
});

console.log(`${passed} passed`);
