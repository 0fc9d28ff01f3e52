import { createPage } from "@bioflax/report";
import { expect, test } from "@jest/globals";
import { inBrowser } from "../../runs/test/bundle";
import { runOf, settings } from "./runs";

test("a browser makes the page that Node makes", async () => {
  const run = await inBrowser("report");
  const { predictions: _predictions, ...rest } = runOf("kp");
  const runs = [{ ...rest, predictions: { missing: "none were made" } }];
  const options = { settings, madeBy: "a test" };
  const made = run(`it.createPage(${JSON.stringify(runs)}, ${JSON.stringify(options)})`);
  expect(made).toBe(createPage(runs, options));
});

test("a browser draws a chart", async () => {
  const run = await inBrowser("report");
  const drawn = run(`
    const runs = [{ records: [{ train: { loss: 2 } }, { train: { loss: 1 } }] }];
    const epochs = it.epochsOf(runs);
    it.lineChart({
      title: "Loss",
      epochs,
      lines: it.lineOf("train", 0, runs, epochs, ({ train }) => train.loss),
      show: (value) => value.toFixed(1),
    }).text`);
  expect(drawn).toMatch(/<svg class="chart".*epoch 2.*1\.0/s);
});
