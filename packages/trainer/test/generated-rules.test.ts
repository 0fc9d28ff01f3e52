import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type LayerSpec,
  type LossName,
  layers,
  losses,
  type Rule,
  type RuleName,
  rules,
} from "@bioflax/core";
import { trainingCase } from "@bioflax/core/testing";
import { wholeSplit } from "@bioflax/datasets";
import { expect, test } from "@jest/globals";
import { createCompiledEngine } from "../src/engines/compiled";
import { createEagerEngine } from "../src/engines/eager";
import type { EngineFactory, EngineSetup } from "../src/engines/engine";

const engines: Readonly<Record<string, EngineFactory>> = {
  compiled: createCompiledEngine,
  eager: (setup) => createEagerEngine({ ...setup, device: "cpu" }),
};

/** A setup that trains a few layers of a kind under a rule. */
function setupOf(rule: RuleName, _type: LayerSpec["type"]): EngineSetup {
  const loss: LossName = "softmaxCrossEntropy";
  const optimizer = { name: "sgd", learningRate: 0.1 } as const;
  const { spec, weights, seed, batches } = trainingCase({ rule, loss, optimizer, batch: 4 });
  const [batch] = batches;
  const all = wholeSplit({
    inputs: Float32Array.from(batch?.input.flat() ?? []),
    targets: Int32Array.from(batch?.labels ?? []),
    count: 4,
  });
  const dataset = {
    name: "random",
    task: "classification",
    inputShape: [5],
    targetShape: [],
    outputs: 4,
    train: all,
    test: all,
  } as const;
  return { spec, loss, optimizer, weights, seed, dataset, batchSize: 4, device: "cpu", threads: 1 };
}

/** Whether an engine really trains a layer under a rule: two steps, and every kernel has moved. */
async function trains(engine: EngineFactory, setup: EngineSetup): Promise<boolean> {
  const running = await engine(setup);
  try {
    const rows = Int32Array.of(0, 1, 2, 3, 3, 2, 1, 0);
    const { losses: seen } = await running.trainEpoch(rows, { alignmentBatches: 0 });
    const after = await running.weights();
    const kernels = Object.keys(setup.weights).filter((name) => name.endsWith("kernel"));
    return (
      seen.every(Number.isFinite) &&
      kernels.every(
        (name) =>
          !Buffer.from(setup.weights[name]!.buffer).equals(Buffer.from(after[name]!.buffer)),
      )
    );
  } finally {
    await running.dispose();
  }
}

const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
const all = Object.values(rules) as Rule[];

function lossesOf({ needsTarget }: Rule): string {
  const names = (Object.keys(losses) as LossName[]).filter(
    (name) => !needsTarget || "targetSignal" in losses[name],
  );
  return names.length === Object.keys(losses).length ? "all" : names.join(", ");
}

/** The registry as a table. */
function rulesTable(): string {
  return table(
    ["rule", "", "errors travel", "carried by", "feedback weights", "losses", "paper"],
    all.map((rule) =>
      [
        `\`${rule.name}\``,
        rule.title,
        rule.route.source === "above" ? "layer by layer" : "straight from the output",
        rule.formula.transport,
        rule.formula.feedback,
        lossesOf(rule),
        `${rule.paper.authors} ${rule.paper.year}, ${rule.paper.title}, ${rule.paper.where}`,
      ].map((cell) => cell.replaceAll("|", "\\|")),
    ),
  );
}

/** What was tried: every rule on every kind of layer in every engine. */
async function enginesTable(): Promise<string> {
  const kinds = Object.keys(layers) as LayerSpec["type"][];
  const rows: string[][] = [];
  for (const { name } of all) {
    const cells: string[] = [];
    for (const kind of kinds)
      for (const engine of Object.values(engines))
        cells.push((await trains(engine, setupOf(name as RuleName, kind))) ? "✓" : "no");
    rows.push([`\`${name}\``, ...cells]);
  }
  const head = kinds.flatMap((kind) => Object.keys(engines).map((engine) => `${kind}, ${engine}`));
  return table(["rule", ...head], rows);
}

/** A page with the part between two comments replaced. */
function withPart(page: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name}: generated from the registry -->`, `<!-- end of ${name} -->`];
  const [before, after] = [page.indexOf(begin), page.indexOf(end)];
  if (before < 0 || after < before) throw new Error(`The page has no ${begin} … ${end}.`);
  return `${page.slice(0, before + begin.length)}\n\n${text}\n\n${page.slice(after)}`;
}

test("docs/rules.md is what the registry says and what the engines do; if not, run UPDATE_GENERATED=1 npx jest generated", async () => {
  const path = join(__dirname, "../../../docs/rules.md");
  const present = readFileSync(path, "utf8");
  const expected = withPart(
    withPart(present, "rules", rulesTable()),
    "engines",
    await enginesTable(),
  );
  if (process.env.UPDATE_GENERATED) writeFileSync(path, expected);
  else expect(present).toBe(expected);
});
