// Reads a run's event files back with TensorBoard itself, in a Python environment of its own:
//   pnpm --filter @bioflax/trainer run check-tensorboard
// First with the reader of its Python package, number by number, then with the server it shows to browsers.
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { stderr } from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import {
  bioflax,
  Findings,
  freePort,
  newFolder,
  pythonEnvironment,
  run,
} from "./python-environment.mjs";

const program = await pythonEnvironment("tensorboard", ["tensorboard"]);
const findings = new Findings();
const runs = await newFolder("tensorboard");
const out = join(runs, "mnist-kp");

// 1,200 training images: enough to see something, and quickly done.
const options =
  "--mode kp --hidden-layers 50 --activations relu --val-split 0.98 --epochs 4 --quiet";
const trained = await bioflax(["train", ...options.split(" "), "--out", out]);
findings.expect(trained.status === 0, `the run ended with ${trained.status}: ${trained.stderr}`);

const folder = join(out, "tensorboard");
const script = fileURLToPath(new URL("read-events.py", import.meta.url));
const read = await run(program("python"), [script, folder]);
findings.expect(read.status === 0, `TensorBoard's reader failed: ${read.stderr}`);
const { version, tags, scalars, histograms, images } = JSON.parse(read.stdout);
const ofPlugin = (name) => Object.entries(tags).filter(([, { plugin }]) => plugin === name);

const tagsOf = (name) =>
  ofPlugin(name)
    .map(([tag]) => tag)
    .sort()
    .join();

const records = (await readFile(join(out, "metrics.jsonl"), "utf8"))
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line));
const same = (tag, step, number) =>
  findings.expect(
    tags[tag]?.values[step] === Math.fround(number),
    `${tag} of epoch ${step}: expected ${number}, found ${tags[tag]?.values[step]}`,
  );
for (const { epoch, train, val, test, alignment, timing } of records) {
  same("loss/train", epoch, train.loss);
  same("loss/validation", epoch, val.loss);
  same("loss/test", epoch, test.loss);
  same("accuracy/validation", epoch, val.accuracy);
  same("accuracy/test", epoch, test.accuracy);
  same("training/learningRate", epoch, 0.02);
  same("training/examplesPerSecond", epoch, timing.examplesPerSecond);
  for (const [name, number] of Object.entries(alignment)) {
    const dot = name.lastIndexOf(".");
    same(`${name.slice(dot + 1)}/${dot < 0 ? "network" : name.slice(0, dot)}`, epoch, number);
  }
  const expected = 7 + Object.keys(alignment).length;
  const found = ofPlugin("scalars").filter(([, { values }]) => epoch in values).length;
  findings.expect(found === expected, `epoch ${epoch} has ${found} scalars, expected ${expected}`);
}

const weights = await readWeights(join(out, "final.safetensors"));
// `EventAccumulator.Scalars("loss/train")` raises KeyError for what is written as a tensor.
for (const [tag, values] of Object.entries(scalars))
  findings.expect(
    isDeepStrictEqual(values, tags[tag]?.values),
    `EventAccumulator.Scalars("${tag}") finds ${JSON.stringify(values)}`,
  );
findings.expect(
  Object.keys(scalars).sort().join() === tagsOf("scalars") && "loss/train" in scalars,
  `EventAccumulator finds the scalars ${Object.keys(scalars)}`,
);
for (const [name, values] of Object.entries(weights)) {
  const [, layer, role] = /^(.*)\.([^.]+)$/.exec(name);
  const shown = tags[`${role}/${layer}`];
  findings.expect(shown?.plugin === "histograms", `there are no histograms of ${name}`);
  findings.expect(
    Object.keys(shown.values).join() === "0,1,2,3,4",
    `${name} has histograms of the epochs ${Object.keys(shown.values)}`,
  );
  findings.expect(
    histograms[`${role}/${layer}`]?.[4] === values.length,
    `EventAccumulator.Histograms("${role}/${layer}") finds ${JSON.stringify(histograms[`${role}/${layer}`])}`,
  );
  const buckets = shown.values[4];
  const [min, max] = [Math.min(...values), Math.max(...values)];
  findings.expect(
    buckets.length === 30 && buckets[0][0] === min && buckets[29][1] === max,
    `the buckets of ${name} are not between ${min} and ${max}`,
  );
  for (const [i, [left, right, count]] of buckets.entries()) {
    // What lies on an edge may be counted on either side of it, by the rounding of the edge.
    const within = (slack) =>
      values.filter((value) => value >= left - slack && (i === 29 || value < right + slack)).length;
    findings.expect(
      count >= within(-1e-9) && count <= within(1e-9),
      `bucket ${i} of ${name} counts ${count}`,
    );
  }
}

for (const epoch of [1, 2, 3, 4]) {
  const [width, height, png] = tags["predictions/test"].values[epoch].map((text) =>
    Buffer.from(text, "base64"),
  );
  findings.expect(
    png.subarray(1, 4).toString() === "PNG" &&
      png.readUInt32BE(16) === Number(width) &&
      png.readUInt32BE(20) === Number(height),
    `the picture of epoch ${epoch} is not a PNG file of ${width} × ${height}`,
  );
  findings.expect(
    images["predictions/test"]?.[epoch]?.join() === `${width},${height}`,
    `EventAccumulator.Images finds ${JSON.stringify(images)}`,
  );
}
stderr.write(`TensorBoard ${version} has read ${Object.keys(tags).length} tags\n`);

await checkServer();
findings.finish("TensorBoard");

/** The server reads the files on its own, in another language, and keeps what it can show. */
async function checkServer() {
  const port = await freePort();
  const server = spawn(program("tensorboard"), ["--logdir", runs, "--port", String(port)], {
    stdio: "ignore",
  });
  try {
    const url = `http://localhost:${port}/data/plugin`;
    const shown = {};
    for (let tries = 0; tries < 120; tries++) {
      await sleep(500);
      for (const plugin of ["scalars", "histograms", "images", "text"])
        shown[plugin] = await fetch(`${url}/${plugin}/tags`)
          .then((answer) => answer.json())
          .then((answer) => Object.keys(answer["mnist-kp/tensorboard"] ?? {}))
          .catch(() => []);
      // Text is listed last, and otherwise.
      if (shown.scalars.length > 0 && shown.histograms.length > 0 && shown.images.length > 0) break;
    }
    for (const plugin of ["scalars", "histograms", "images"]) {
      const expected = ofPlugin(plugin).map(([tag]) => tag);
      findings.expect(
        expected.length > 0 && expected.sort().join() === shown[plugin].sort().join(),
        `the server shows ${shown[plugin].length} ${plugin}, expected ${expected.length}`,
      );
    }
    const query = new URLSearchParams({ run: "mnist-kp/tensorboard", tag: "loss/test" });
    const curve = await (await fetch(`${url}/scalars/scalars?${query}`)).json();
    findings.expect(
      curve.map(([, step]) => step).join() === "1,2,3,4",
      `the server shows the curve ${JSON.stringify(curve)}`,
    );
    stderr.write(
      `its server shows ${shown.scalars.length} scalars, ${shown.histograms.length} histograms, ${shown.images.length} images\n`,
    );
  } finally {
    server.kill();
  }
}

/** The tensors of a .safetensors file of float32. */
async function readWeights(path) {
  const file = await readFile(path);
  const start = 8 + Number(file.readBigUInt64LE(0));
  const { __metadata__: _, ...tensors } = JSON.parse(file.subarray(8, start).toString());
  return Object.fromEntries(
    Object.entries(tensors).map(
      ([
        name,
        {
          data_offsets: [from, to],
        },
      ]) => [
        name,
        Array.from({ length: (to - from) / 4 }, (_, i) => file.readFloatLE(start + from + i * 4)),
      ],
    ),
  );
}
