import { createNetwork, initializeWeights } from "@bioflax/core";
import { encodeNetwork, encodeWeights } from "@bioflax/runs";
import { expect, test } from "@jest/globals";
import { inBrowser } from "./bundle";

const network = createNetwork({
  inputShape: [2],
  layers: [{ type: "dense", units: 1 }],
  rule: "fa",
});

/** What a run leaves, as a page downloads it. */
const files = {
  network: encodeNetwork(network.spec, "meanSquaredError", {
    name: "teacher",
    task: "regression",
    inputShape: [2],
    targetShape: [1],
    outputs: 1,
  }),
  metrics: `${JSON.stringify({
    epoch: 1,
    train: { loss: 0.5 },
    test: { loss: null },
    timing: { trainSeconds: 1, evaluateSeconds: 1, examplesPerSecond: 9 },
  })}\n{"epo`,
  weights: [...encodeWeights(network, initializeWeights(network, 3))],
};

test("a browser reads a run: its records, its network and its weights", async () => {
  const run = await inBrowser("runs");
  const read = run(`
    const files = ${JSON.stringify(files)};
    const { network, data } = it.parseNetwork(files.network, "network.json");
    JSON.stringify({
      records: it.parseRecords(files.metrics, "metrics.jsonl").map(({ epoch, train, test }) => [epoch, train.loss, String(test.loss)]),
      task: data.task,
      kernel: [...it.decodeWeights(Uint8Array.from(files.weights), "final.safetensors", network)["layers.0.kernel"]],
    })`);
  expect(JSON.parse(read as string)).toEqual({
    records: [[1, 0.5, "NaN"]],
    task: "regression",
    kernel: [...(initializeWeights(network, 3)["layers.0.kernel"] as Float32Array)],
  });
});

test("a browser is told what is wrong with a file, as Node is", async () => {
  const run = await inBrowser("runs");
  const problem = run(
    `try { it.decodeSafetensors(new Uint8Array(3), "a.safetensors"); } catch (error) { error.message; }`,
  );
  expect(problem).toBe(
    "a.safetensors: expected at least 8 bytes, received 3. Is it a whole .safetensors file?",
  );
});
