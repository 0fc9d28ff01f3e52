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
