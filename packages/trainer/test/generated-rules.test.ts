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
import { convolutionCases } from "@bioflax/core/testing";
import { expect, test } from "@jest/globals";
import { createCompiledEngine } from "../src/engines/compiled";
import { createEagerEngine } from "../src/engines/eager";
import type { EngineFactory, EngineSetup } from "../src/engines/engine";
import { setupOf } from "./case-setup";

const engines: Readonly<Record<string, EngineFactory>> = {
  compiled: createCompiledEngine,
  eager: (setup) => createEagerEngine({ ...setup, device: "cpu" }),
};

const cases = convolutionCases({ steps: 2 });

/** Setups that train networks with layers of a kind under a rule, on two batches each. */
const setupsFor = (rule: RuleName, type: LayerSpec["type"]): readonly EngineSetup[] =>
  cases
    .filter(({ spec }) => spec.rule === rule && spec.layers.some((layer) => layer.type === type))
    .map(setupOf);

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

/** Whether an engine trains any of some networks: in a small one a layer may be dead from the start. */
async function trainsOne(engine: EngineFactory, setups: readonly EngineSetup[]): Promise<boolean> {
  for (const setup of setups) if (await trains(engine, setup)) return true;
  return false;
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

/** What was tried: every kind of layer in a network of every rule, in every engine. */
async function enginesTable(): Promise<string> {
  const rows: string[][] = [];
  for (const kind of Object.keys(layers) as LayerSpec["type"][]) {
    const cells: string[] = [];
    for (const { name } of all) {
      const able: string[] = [];
      for (const [engine, factory] of Object.entries(engines))
        if (await trainsOne(factory, setupsFor(name as RuleName, kind))) able.push(engine);
      cells.push(able.length === Object.keys(engines).length ? "✓" : able.join(", ") || "no");
    }
    rows.push([`\`${kind}\``, ...cells]);
  }
  return table(["", ...all.map(({ name }) => `\`${name}\``)], rows);
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
  // Every rule is trained with every layer.
}, 300_000);
