import { expect, test } from "@jest/globals";
import { recordOf } from "../test/records";
import { runOf, settings } from "../test/runs";
import { createPage } from "./page";

const options = { settings, madeBy: "a test" };

test("a page is made of what is handed in: records, words, settings, pictures", () => {
  const text = createPage([runOf("dfa")], options);
  for (const part of [
    "<h1>DFA on blocks</h1>",
    "Network 4-2 · compiled engine on cpu · Somebody 2016",
    "<span>bioflax train</span> <span>--mode dfa</span>",
    'src="data:image/png;base64,1"',
    "<figcaption>✗ 1, is 0</figcaption>",
    "66.67 % right",
    "Made by a test from a run folder.",
  ])
    expect(text).toContain(part);
});

test("runs that differ in a setting that decides are compared, seed by seed together", () => {
  const text = createPage([runOf("bp"), runOf("fa"), runOf("fa", 1)], { ...options, title: "Two" });
  expect(text).toContain("<h1>Two</h1>");
  const [, table = ""] = /<table class="differences">(.*?)<\/table>/s.exec(text) ?? [];
  expect(table).toMatch(/<\/svg>fa<.*<td>0, 1<\/td>.*<\/svg>bp<.*<td>0<\/td>/s);
});

test("without predictions a page says why, and has the rest", () => {
  const text = createPage([{ ...runOf("bp"), predictions: { missing: "no such file" } }], options);
  expect(text).toContain("No predictions of the run: no such file");
  expect(text).not.toContain('aria-label="Confusion"');
  expect(text).toContain('aria-label="Learning"');
});

test("the best epoch is the best by the task's measure", () => {
  const run = runOf("bp");
  const records = [0.9, 0.5, 0.7].map((accuracy, i) => ({
    ...recordOf(i + 1),
    val: { loss: 1, accuracy },
  }));
  expect(createPage([{ ...run, records }], options)).toContain("<dt>Best epoch</dt><dd>1</dd>");
});

test("two seeds do not look as certain as twenty", () => {
  const pageOf = (seeds: number) =>
    createPage(
      ["bp", "fa"].flatMap((mode) => Array.from({ length: seeds }, (_, seed) => runOf(mode, seed))),
      options,
    );
  const intervalOf = (page: string) => {
    const [, low, high] = /<td>([\d.]+) to ([\d.]+)<\/td>/.exec(page) as RegExpExecArray;
    return Number(high) - Number(low);
  };
  const [two, twenty] = [pageOf(2), pageOf(20)];
  expect(two).toContain('bp <small class="soft">n = 2</small>');
  // 0.14 and 0.59 % apart, but the interval is of the mean.
  expect(intervalOf(two)).toBeCloseTo(2 * 12.706 * 0.05, 1);
  expect(intervalOf(twenty)).toBeLessThan(intervalOf(two) / 2);
});

test("runs of the same seed are compared in pairs, and others are not", () => {
  const measured = (mode: string, seed: number, accuracy: number) => {
    const run = runOf(mode, seed);
    return {
      ...run,
      records: run.records.map((record) => ({ ...record, test: { loss: 1, accuracy } })),
    };
  };
  // What seeds do to both is larger than what tells the rules apart.
  const bp = [0, 1, 2, 7].map((seed) => measured("bp", seed, 0.9 + seed / 100));
  const fa = [0, 1, 2, 9].map((seed) => measured("fa", seed, 0.88 + seed / 100 + seed / 1000));
  const [, table = ""] =
    /<table class="results paired">(.*?)<\/table>/s.exec(createPage([...bp, ...fa], options)) ?? [];
  expect(table).toContain("<td>3</td>");
  expect(table).toContain("−1.90 ± 0.10");
  expect(table).toMatch(/−2\.15 to −1\.65<\/td><td>yes/);
  expect(createPage([bp[3], fa[3], fa[2]] as never, options)).not.toContain("results paired");
});
