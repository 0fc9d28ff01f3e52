import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type LayerSpec,
  layers,
  lossesWithTarget,
  type Rule,
  type RuleName,
  rules,
} from "@bioflax/core";
import { trainingCase } from "@bioflax/core/testing";
import { expect, test } from "@jest/globals";
import { createCompiledEngine } from "../src/engines/compiled";
import { createEagerEngine } from "../src/engines/eager";
import type { EngineFactory, EngineSetup } from "../src/engines/engine";
import { setupOf } from "./case-setup";

const engines: Readonly<Record<string, EngineFactory>> = {
  compiled: createCompiledEngine,
  eager: (setup) => createEagerEngine({ ...setup, device: "cpu" }),
};

/** A setup that trains a few layers of a kind under a rule, on two batches. */
const setupFor = (rule: RuleName, _type: LayerSpec["type"]): EngineSetup =>
  setupOf(
    trainingCase({
      rule,
      loss: "softmaxCrossEntropy",
      optimizer: { name: "sgd", learningRate: 0.1 },
      batch: 4,
      steps: 2,
    }),
  );

/** Whether an engine really trains a layer under a rule: two steps, and every kernel has moved. */
async function trains(engine: EngineFactory, setup: EngineSetup): Promise<boolean> {
  const running = await engine(setup);
  try {
    const { indices } = setup.dataset.train;
    const { losses: seen } = await running.trainEpoch(indices, { alignmentBatches: 0 });
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

const lossesOf = ({ needsTarget }: Rule) => (needsTarget ? lossesWithTarget.join(", ") : "all");

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
        cells.push((await trains(engine, setupFor(name as RuleName, kind))) ? "✓" : "no");
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
