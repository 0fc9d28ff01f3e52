// What is gained by matrices that lie in blocks? Training steps on MNIST, in turn with matrices in rows, on the same
// data:
//
//   pnpm --filter benchmarks run blocks [--rounds 5] [--only "batch 32"]
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { createNetwork } from "@bioflax/core";
import { epochOrder } from "@bioflax/datasets";
import { benchWorkloads } from "./bench-workloads";
import { compiledWorkload, turnOf } from "./compiled-turn";
import { operationsPerExample } from "./operations";
import { median, showSpread, spread } from "./statistics";
import { takeTurns } from "./turns";
import { networkOf } from "./workloads";

const { values: options } = parseArgs({
  options: { rounds: { type: "string", default: "5" }, only: { type: "string", default: "" } },
});
const TURN_MS = 300;
/** Steps after which the losses are compared. */
const COMPARED = 16;
const threads = availableParallelism();
console.log(
  "| training step | rows, ms | blocks, ms | times as fast | GFLOP/s in blocks | losses differ by at most |\n|---|---|---|---|---|---|",
);
for (const workload of benchWorkloads) {
  const { name, data: from, batch } = workload;
  if (from !== "mnist" || !name.includes(options.only)) continue;
  const [rows, blocks] = await Promise.all([
    compiledWorkload(workload, { threads, matrices: "rows" }),
    compiledWorkload(workload, { threads, matrices: "blocks" }),
  ]);
  const { train } = rows.data;
  const order = epochOrder(train, { seed: 0, epoch: 0 }).subarray(0, COMPARED * batch);
  const [first, second] = await Promise.all(
    [rows, blocks].map(async ({ network }) => (await network.train(train.examples, order)).losses),
  );
  const differences = Array.from(first as Float64Array, (loss, i) =>
    Math.abs(loss - (second?.[i] as number)),
  );
  const times = await takeTurns(
    new Map([
      ["rows", turnOf(rows.network, rows.data, batch)],
      ["blocks", turnOf(blocks.network, blocks.data, batch)],
    ]),
    {
      rounds: Number(options.rounds),
      milliseconds: TURN_MS,
      onFailure: (who, reason) => process.stderr.write(`${name}, ${who}: ${reason}\n`),
    },
  );
  const [inRows = [], inBlocks = []] = [times.get("rows"), times.get("blocks")];
  const operations = operationsPerExample(createNetwork(networkOf(workload))) * batch;
  console.log(
    `| ${[
      name,
      showSpread(spread(inRows), 3),
      showSpread(spread(inBlocks), 3),
      showSpread(spread(inRows.map((ms, i) => ms / (inBlocks[i] as number))), 2),
      Math.round(operations / median(inBlocks) / 1e6),
      Math.max(...differences).toExponential(1),
    ].join(" | ")} |`,
  );
  for (const { network } of [rows, blocks]) await network.dispose();
}
