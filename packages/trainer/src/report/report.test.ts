import { inflateSync } from "node:zlib";
import { createNetwork, initializeWeights } from "@bioflax/core";
import { type Dataset, wholeSplit } from "@bioflax/datasets";
import { describe, expect, test } from "@jest/globals";
import { fakeEngine } from "../../test/fake-engine";
import { validateConfig } from "../config/resolve";
import type { ConfigInput } from "../config/schema";
import { datasetOf } from "../experiment/data";
import { networkOf } from "../experiment/network";
import type { EpochRecord } from "../run-folder/records";
import { html } from "./html";
import { png } from "./png";
import { createReport } from "./report";
import { fittingScale, linearScale } from "./scale";
import { commandLine } from "./tables";

const recordOf = (epoch: number): EpochRecord => ({
  epoch,
  train: { loss: 2 / epoch },
  val: { loss: 1 / epoch, accuracy: 0.9 },
  test: { loss: 1 / epoch, accuracy: 0.8 },
  alignment: {
    gradient: 0.5,
    gradientAngle: 60,
    "layers.0.gradientAngle": 70,
    "layers.1.gradientAngle": 0,
    gradientNormRatio: 1,
    signal: 0,
    signalAngle: 90,
    "layers.0.signalAngle": 80,
  },
  timing: { trainSeconds: 1, evaluateSeconds: 1, examplesPerSecond: 1 },
});

/** 30 pictures of one bright pixel each. */
const pictures = (name = "mnist"): Dataset => {
  const split = wholeSplit({
    inputs: Uint8Array.from({ length: 30 * 784 }, (_, i) => (i % 785 === 0 ? 255 : 0)),
    targets: Int32Array.from({ length: 30 }, (_, i) => i % 10),
    count: 30,
  });
  return {
    name,
    task: "classification",
    inputShape: [784],
    imageShape: [28, 28, 1],
    targetShape: [],
    outputs: 10,
    train: split,
    test: split,
  };
};

async function report(
  input: ConfigInput,
  {
    records = [1, 2, 3].map(recordOf),
    dataset,
  }: { records?: EpochRecord[]; dataset?: Dataset } = {},
) {
  const config = validateConfig({ hiddenLayers: [3], activations: ["relu"], ...input });
  const data = dataset ?? (await datasetOf(config));
  const network = createNetwork(networkOf(config, data));
  const { createEngine } = fakeEngine();
  const weights = initializeWeights(network, 0);
  const engine = await createEngine({
    spec: network.spec,
    loss: "meanSquaredError",
    optimizer: { name: "sgd", learningRate: 1 },
    weights,
    dataset: data,
    batchSize: 1,
    seed: 0,
    device: "auto",
  });
  return createReport({ config, dataset: data, network, engine, records });
}

describe("a report", () => {
  test("needs nothing but itself", async () => {
    const page = await report({}, { dataset: pictures() });
    expect(page).not.toMatch(/<script|<link|@import|url\(|(src|href)="(?!data:)/);
    expect(page).toContain("prefers-color-scheme: dark");
  });

  test("shows curves, layers, 25 images with their labels, and the settings", async () => {
    const page = await report({ mode: "dfa" }, { dataset: pictures() });
    for (const text of [
      "Direct feedback alignment on mnist",
      "Accuracy in %",
      "layer 1",
      "<span>bioflax train</span> <span>--mode dfa</span> <span>--hidden-layers 3</span>",
    ]) {
      expect(page).toContain(text);
    }
    expect(page.match(/<img /g)).toHaveLength(25);
    // The fake engine's largest of ten outputs: 6 first for rows 0, 1 and so on in turn.
    expect(page).toContain("<figcaption>✗ 6, is 0</figcaption>");
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });

  test("shows images in colour, and calls classes by their names", async () => {
    const config: ConfigInput = { dataset: "color-shapes", trainSetSize: 1, testSetSize: 1 };
    const page = await report(config);
    expect(page.match(/<img /g)).toHaveLength(25);
    const { classNames = [], test: shown } = await datasetOf(validateConfig(config));
    const label = classNames[shown.examples.targets[0] as number];
    // The fake engine's largest of ten outputs, of the first row.
    const caption = label === "cross" ? "✓ cross" : `✗ cross, is ${label}`;
    expect(page).toContain(`<figcaption>${caption}</figcaption>`);
    expect(page).toContain(`alt="${label}"`);
  });

  test("shows the angle of error signals, and only where it was measured", async () => {
    const page = await report({}, { dataset: pictures() });
    expect(page).toContain("<dt>Signal angle</dt><dd>90°</dd>");
    expect(page).toContain("Error signals: angle in degrees");
    const records = [1, 2].map(recordOf).map((record) => ({
      ...record,
      alignment: { gradient: 0.5, gradientAngle: 60, gradientNormRatio: 1 },
    }));
    const without = await report({}, { dataset: pictures(), records });
    expect(without).toContain("<dt>Gradient angle</dt><dd>60°</dd>");
    expect(without).not.toMatch(/signal/i);
  });

  test("names the rule of each layer where they differ", async () => {
    const page = await report({ layerModes: ["dfa", "bp"] }, { dataset: pictures() });
    expect(page).toContain("<h1>Direct feedback alignment + Backpropagation on mnist</h1>");
    expect(page).toContain("Network 784-3-10 (dfa, bp) · ");
    for (const paper of ["Nøkland 2016, “", "Rumelhart, Hinton &amp; Williams 1986, “"])
      expect(page).toContain(paper);
  });

  test.each<[string, ConfigInput, string]>([
    ["of a function of one number", { dataset: "sinreg" }, "Targets and predictions"],
    [
      "of anything else",
      { dataset: "teacher", seqLen: 3, outputFeatures: 2 },
      "Prediction against target",
    ],
  ])("shows the regression %s as points", async (_name, config, title) => {
    const page = await report(config);
    expect(page).toContain(title);
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });

  test("of a run that was interrupted in its first epoch, and of one epoch", async () => {
    expect(await report({}, { dataset: pictures(), records: [] })).not.toContain("Learning");
    expect(await report({}, { dataset: pictures(), records: [recordOf(1)] })).not.toMatch(
      /NaN|Infinity/,
    );
  });

  test("escapes what comes from outside", async () => {
    const page = await report(
      { dataDir: '/tmp/<img src=x onerror="alert(1)">' },
      { dataset: pictures("<script>alert(1)</script>") },
    );
    expect(page).not.toMatch(/<script>|<img src=x/);
    expect(page).toContain("&lt;script&gt;alert(1)");
  });
});

test("html escapes values, joins lists, and leaves out what is not there", () => {
  expect(html`<p title="${`"'`}">${"<&>"}${[html`<b>1</b>`, 2]}${undefined}${false}</p>`.text).toBe(
    '<p title="&quot;&#39;">&lt;&amp;&gt;<b>1</b>2</p>',
  );
});

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

test("a picture is a PNG with its pixels", () => {
  const pixelsOf = (file: Buffer) => {
    expect(file.subarray(0, 8).toString("latin1")).toBe("\x89PNG\r\n\x1a\n");
    const length = file.readUInt32BE(33);
    return {
      width: file.readUInt32BE(16),
      height: file.readUInt32BE(20),
      bits: file[24],
      colorType: file[25],
      pixels: [...inflateSync(file.subarray(41, 41 + length))],
    };
  };
  const bytes = Uint8Array.of(0, 64, 128, 255, 1, 2);
  expect(pixelsOf(png(bytes, [2, 3, 1]))).toEqual({
    width: 3,
    height: 2,
    bits: 8,
    colorType: 0,
    pixels: [0, 0, 64, 128, 0, 255, 1, 2],
  });
  expect(pixelsOf(png(bytes, [2, 1, 3]))).toEqual({
    width: 1,
    height: 2,
    bits: 8,
    colorType: 2,
    pixels: [0, 0, 64, 128, 0, 255, 1, 2],
  });
});

describe("axes", () => {
  test.each([
    [
      [0.13, 0.97],
      [0, 0.2, 0.4, 0.6, 0.8, 1],
    ],
    [
      [3, 3],
      [3, 4],
    ],
    [
      [0, 0],
      [0, 0.2],
    ],
    [
      [-2, 2],
      [-2, -1, 0, 1, 2],
    ],
  ])("%j", (values, ticks) => {
    expect(linearScale(values, [0, 100]).ticks).toEqual(ticks);
  });

  test("of epochs have whole numbers", () => {
    expect(linearScale([1, 3], [0, 100], { whole: true }).ticks).toEqual([1, 2, 3]);
    expect(linearScale([1], [0, 100], { whole: true }).ticks).toEqual([1, 2]);
    expect(linearScale([1, 20], [0, 100], { whole: true }).ticks).toEqual([1, 5, 10, 15, 20]);
  });

  test("are logarithmic where values span more than two powers of ten", () => {
    const { ticks, place } = fittingScale([0.0002, 0.5], [0, 100]);
    expect(ticks).toEqual([0.0001, 0.001, 0.01, 0.1, 1]);
    expect(place(0.01)).toBeCloseTo(50);
  });
});
