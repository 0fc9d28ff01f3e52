import { wholeSplit } from "@bioflax/datasets";
import type { ReportedRun } from "@bioflax/report";
import { describe, expect, test } from "@jest/globals";
import { page, sections, shows } from "../../test/checked-page";
import {
  outputsWith,
  pictures,
  type RunChanges,
  recordOf,
  runOf,
  summaryOf,
} from "../../test/reported-run";
import { datasetOf } from "../experiment/data";
import { validateConfig } from "../resolve/resolve";
import { reportedRun } from "./reported-run";

/** A run on a problem of regression, with predictions that are 0.9 of the targets. */
async function regressionRun(dataset: "sinreg" | "teacher", seed = 0): Promise<ReportedRun> {
  const config = validateConfig({
    dataset,
    seed,
    hiddenLayers: [3],
    activations: ["tanh"],
    epochs: 3,
  });
  const data = await datasetOf(config);
  const outputs = Float32Array.from(data.test.examples.targets, (target) => 0.9 * target);
  const records = [1, 2, 3].map((epoch) => {
    const { val: _val, ...record } = recordOf(epoch);
    return { ...record, test: { loss: 1 / epoch } };
  });
  const { path } = runOf();
  return reportedRun({ path, config, records, summary: summaryOf(3) }, { dataset: data, outputs });
}

const rules = (["bp", "fa", "kp", "dfa"] as const).flatMap((mode) =>
  [0, 1, 2].map((seed) => runOf({ mode, seed })),
);

describe("a page about one run", () => {
  test("has all sections of a classification", () => {
    const text = page([runOf({ mode: "dfa" })]);
    expect(sections(text)).toEqual([
      "Learning",
      "Alignment",
      "Confusion",
      "Test images",
      "Settings",
      "Runs",
      "Numbers",
    ]);
    shows(
      text,
      "<h1>Direct feedback alignment on mnist</h1>",
      "Network 784-3-10 · compiled engine on cpu · Nøkland 2016, “",
      "<span>bioflax train</span> <span>--mode dfa</span>",
      "<dt>Test accuracy</dt><dd>80.00 %</dd>",
      "<dt>Gradient angle</dt><dd>60.0°</dd>",
      ">layers.1</text>",
      "epoch 3: 80.00 %",
      "fake 1.2.3",
    );
  });

  test("shows the first 25 images with their labels, and those that are wrong", () => {
    const text = page([runOf()]);
    expect(text.match(/<img /g)).toHaveLength(27);
    shows(text, "<figcaption>✗ 9, is 0</figcaption>");
    expect(text.match(/✓ 9</g)).toHaveLength(2);
    // Of three 0 and three 1, one each is taken for 9.
    shows(text, 'title="0 taken for 9: 1">33<');
    shows(text, 'title="2 taken for 2: 3">100<');
    shows(text, "93.33 % right");
  });

  test("calls classes by their names, and shows images in colour", async () => {
    const config = validateConfig({ dataset: "color-shapes", trainSetSize: 1, testSetSize: 1 });
    const dataset = await datasetOf(config);
    const outputs = new Float32Array(dataset.test.indices.length * 10).fill(0);
    const { path, records } = runOf();
    const text = page([
      reportedRun({ path, config, records, summary: summaryOf(3) }, { dataset, outputs }),
    ]);
    const [first] = dataset.classNames as [string];
    shows(text, `<th scope="row">${first}</th>`);
    expect(text).toMatch(new RegExp(`✗ ${first}, is \\w+`));
  });

  test("shows a regression over its input, with the targets", async () => {
    const text = page([await regressionRun("sinreg")]);
    expect(sections(text)).toContain("Predictions");
    shows(text, "R² 0.989");
    expect(text.match(/class="dots targets"/g)).toHaveLength(1);
    shows(text, "<dt>Test loss</dt><dd>0.333</dd>");
    expect(text).not.toMatch(/accuracy/i);
  });

  test("shows any other regression as predictions against targets", async () => {
    const text = page([await regressionRun("teacher")]);
    shows(text, ">target</text>");
    expect(text).not.toContain('class="dots targets"');
  });

  test("names the rule of each layer where they differ", () => {
    const text = page([runOf({ layerModes: ["dfa", "bp"] })]);
    shows(text, "<h1>Direct feedback alignment + Backpropagation on mnist</h1>");
    shows(text, "Network 784-3-10 (dfa, bp) · ");
    shows(text, "Nøkland 2016, “", "Rumelhart, Hinton &amp; Williams 1986, “");
  });

  test.each<[string, RunChanges, string[]]>([
    ["without an epoch", { records: [] }, ["Learning", "Alignment", "Numbers"]],
    [
      "without alignment",
      { records: [1, 2].map(recordOf).map(({ alignment: _none, ...record }) => record) },
      ["Alignment"],
    ],
    [
      "without predictions",
      { predicted: { missing: "there is no such file" } },
      ["Confusion", "Test images"],
    ],
  ])("%s leaves out what it has not", (_name, changes, missing) => {
    const before = sections(page([runOf()]));
    const after = sections(page([runOf({}, changes)]));
    expect(after).toEqual(before.filter((name) => !missing.includes(name as string)));
  });

  test("of one epoch, without validation", () => {
    const { val: _val, ...record } = recordOf(1);
    const text = page([runOf({ epochs: 1 }, { records: [record] })]);
    expect(text).not.toContain("validation");
    shows(text, "<title>train, epoch 1: 2.00</title>");
  });

  test("has a gap where a loss was not finite", () => {
    const records = [1, 2, 3, 4, 5].map((epoch) =>
      epoch === 3 ? { ...recordOf(3), train: { loss: Number.NaN } } : recordOf(epoch),
    );
    const text = page([runOf({ epochs: 5 }, { records })]);
    const [loss] = text.match(/<svg class="chart".*?<\/svg>/s) as RegExpMatchArray;
    // Of the three lines, that of training is in two stretches.
    const stretches = [...loss.matchAll(/class="line"[^>]* d="([^"]*)"/g)].map(
      ([, path]) => (path as string).match(/M/g)?.length,
    );
    expect(stretches).toEqual([1, 1, 2]);
    const last = { ...recordOf(3), train: { loss: Number.NaN }, test: { loss: Number.NaN } };
    shows(page([runOf({}, { records: [last] })]), "<dd>not finite</dd>");
  });
});

describe("a page about several runs", () => {
  test("compares groups, sorted by their results, as mean and deviation over seeds", () => {
    const better = rules.map((run) =>
      run.config.mode === "kp"
        ? {
            ...run,
            records: run.records.map((one) => ({ ...one, test: { loss: 1, accuracy: 0.9 } })),
          }
        : run,
    );
    const text = page(better);
    shows(text, "<h1>4 learning rules on mnist</h1>");
    const [, table = ""] = /<table class="results">(.*?)<\/table>/s.exec(text) ?? [];
    const rows = [...table.matchAll(/<\/svg>(\w+)<\/th><td>(\d)<\/td><td class="main">([^<]*)</g)];
    expect(rows.map(([, ...cells]) => cells)).toEqual([
      ["kp", "3", "90.00 ± 0.00"],
      ["bp", "3", "80.10 ± 0.10"],
      ["fa", "3", "80.10 ± 0.10"],
      ["dfa", "3", "80.10 ± 0.10"],
    ]);
    expect(sections(text).slice(0, 5)).toEqual([
      "What the runs differ in",
      "Results",
      "Paired differences",
      "Learning",
      "Alignment",
    ]);
    shows(text, "12 runs, 3 seeds · Network 784-3-10 · compiled engine on cpu");
    expect(text.match(/<input type="checkbox"/g)).toHaveLength(4);
    expect(text.match(/<table class="matrix/g)).toHaveLength(4);
  });

  test("draws layers in small charts of their own, with bands", () => {
    const text = page(rules);
    const panels = /aria-label="Gradients: angle in degrees".*?<\/section>/s.exec(text)?.[0] ?? "";
    const titles = [...panels.matchAll(/<figcaption><h4>([^<]*)/g)].map(([, title]) =>
      title?.trim(),
    );
    expect(titles).toEqual(["whole network", "layers.0", "layers.1"]);
    expect(panels.match(/class="band s/g)).toHaveLength(4);
    expect(panels).toContain("at the end bp 60.1 ± 0.1°, ");
    // The feedback to the data stands in the last column.
    expect(text).toMatch(/--column:4"><figure class="card">\s*<figcaption><h4>inputFeedback/);
  });

  test("shows a deep network by depth, and its layers over epochs folded away", () => {
    const layers = Array.from({ length: 20 }, (_, i) => [`layers.${3 * i}.gradientAngle`, i + 1]);
    const records = [1, 2].map((epoch) => ({
      ...recordOf(epoch),
      alignment: { gradientAngle: 50, ...Object.fromEntries(layers) },
    }));
    const text = page([runOf({ mode: "bp" }, { records }), runOf({ mode: "fa" }, { records })]);
    shows(text, "By layer, after the last epoch");
    const [, folded = ""] =
      /<summary>Layer by layer.*?<\/summary>(.*?)<\/details>/s.exec(text) ?? [];
    expect(folded.match(/<svg class="chart"/g)).toHaveLength(21);
    expect(text).toContain("&quot;layers.6&quot;,&quot;layers.9&quot;");
  });

  test("counts how many of the runs are wrong about an image", () => {
    const text = page(rules);
    shows(text, '✗ 9, is 0<br><span class="soft">12 of 12</span>');
    shows(text, 'title="bp: 9, 9, 9\nfa: 9, 9, 9\nkp: 9, 9, 9\ndfa: 9, 9, 9"');
  });

  test("shows images of the runs that share them, and says so", () => {
    const other = { ...pictures, test: wholeSplit({ ...pictures.test.examples }) };
    const text = page([
      runOf(),
      runOf({ seed: 1 }, { predicted: { dataset: other, outputs: outputsWith(0) } }),
    ]);
    shows(text, "here are those of the first, of 1 of 2 runs");
  });

  test("has a part for each data set", async () => {
    const text = page([runOf(), await regressionRun("sinreg"), await regressionRun("sinreg", 1)]);
    expect([...text.matchAll(/<h2>([^<]*)<\/h2>/g)].map(([, name]) => name)).toEqual([
      "mnist",
      "sinreg",
    ]);
    shows(text, "<h1>Feedback alignment on mnist and sinreg</h1>");
    shows(text, "mean of 2 runs");
  });

  test("puts groups without an epoch last, and mixes no measure into nothing", () => {
    const text = page([runOf({ mode: "fa" }, { records: [] }), runOf({ mode: "bp" })]);
    const [, table = ""] = /<table class="results">(.*?)<\/table>/s.exec(text) ?? [];
    expect(table).toMatch(/<\/svg>bp<.*<\/svg>fa<\/th><td>1<\/td><td class="main">–</s);
  });

  test("stays small: 12 runs of 300 epochs are below a megabyte", () => {
    const records = Array.from({ length: 300 }, (_, i) => recordOf(i + 1, Math.sin(i) / 7));
    const long = rules.map((run) => ({ ...run, records }));
    expect(page(long).length).toBeLessThan(1e6);
  });
});

test("a page escapes what comes from outside, and keeps its title", () => {
  const evil = '<script>alert("1")</script>';
  const text = page(
    [
      runOf(
        { dataDir: evil },
        {
          path: evil,
          summary: { ...summaryOf(1), status: "failed", error: evil, versions: { [evil]: evil } },
          records: [
            { ...recordOf(1), alignment: { gradientAngle: 1, [`${evil}.gradientAngle`]: 2 } },
          ],
        },
      ),
      runOf({ mode: "bp" }),
    ],
    evil,
  );
  expect(text.match(/<script>/g)).toHaveLength(1);
  shows(text, "<h1>&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;</h1>");
});

test("the same runs make the same page, and only its own script may run", () => {
  const [first, second] = [page(rules), page(rules)];
  expect(first).toBe(second);
  expect(first).toMatch(/default-src &#39;none&#39;;.* script-src &#39;sha256-[\w+/]{43}=&#39;/);
});
