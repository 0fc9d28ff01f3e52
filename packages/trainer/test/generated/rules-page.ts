import {
  type LayerSpec,
  layers,
  lossesWithTarget,
  type Rule,
  type RuleName,
  rules,
} from "@bioflax/core";
import { convolutionCases, everyCase, recurrentCases, transformerCases } from "@bioflax/core/testing";
import { createCompiledEngine } from "../../src/engines/compiled";
import { createEagerEngine } from "../../src/engines/eager";
import type { EngineFactory, EngineSetup } from "../../src/engines/engine";
import { createXlaEngine } from "../../src/engines/xla";
import { setupOf } from "../case-setup";
import { hasXla } from "../xla-plugin";
import { type Page, table, withPart } from "./page";

const eagerOn =
  (device: string): EngineFactory =>
  (setup) =>
    createEagerEngine({ ...setup, device });

/**
 * XLA compiles every network for itself, which takes most of the time: `pnpm docs:generate` tries them all, a test
 * leaves what the page has.
 */
const triesXla = hasXla && everyCase;

/** The devices of the processor, by engine; TensorFlow's own library and XLA where their native parts are installed. */
const devices = {
  "compiled: `cpu`": createCompiledEngine,
  "eager: `tensorflow`": process.env.BIOFLAX_TENSORFLOW ? eagerOn("tensorflow") : undefined,
  "eager: `wasm`": eagerOn("wasm"),
  "eager: `cpu`": eagerOn("cpu"),
  "xla: `cpu`": triesXla ? createXlaEngine : undefined,
} satisfies Readonly<Record<string, EngineFactory | undefined>>;

const engines: Readonly<Record<string, EngineFactory>> = {
  compiled: devices["compiled: `cpu`"],
  eager: devices["eager: `cpu`"],
};

const cases = [
  ...convolutionCases({ steps: 2 }),
  ...recurrentCases({ steps: 2 }),
  ...transformerCases({ steps: 2 }),
];

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

/**
 * Every rule with every kind of layer takes minutes: `pnpm docs:generate` tries them all, a test each rule with every eighth
 * kind, and leaves of the others what the page has.
 */
const isTried = (rule: RuleName, kind: LayerSpec["type"]): boolean =>
  everyCase || (rules.names().indexOf(rule) + layers.names().indexOf(kind)) % 8 === 0;

/** What the page's table of devices says of a kind of layer; empty where it says nothing. */
function cellOf(page: string, kind: LayerSpec["type"], column: number): string {
  const lines = page.slice(page.indexOf("<!-- devices: ")).split("\n");
  const row = lines.find((line) => line.startsWith(`| \`${kind}\` |`));
  return row?.split(" | ")[column]?.replace(/ \|$/, "") ?? "";
}

const columnOf = (engine: EngineFactory) => Object.values(devices).indexOf(engine) + 1;

/** Whether the page says that an engine trains a kind of layer under a rule. */
function isOnPage(page: string, engine: EngineFactory, rule: RuleName, kind: LayerSpec["type"]) {
  const cell = cellOf(page, kind, columnOf(engine));
  return cell !== "" && !cell.replace("all but ", "").split(", ").includes(rule);
}

/** What has been tried, of each engine, by rule and kind of layer. */
const tried = new Map<EngineFactory, Map<string, boolean>>();

/**
 * Whether an engine trains any network with a kind of layer under a rule: in a small one a layer may be dead from the
 * start.
 */
async function trainsOne(
  page: string,
  engine: EngineFactory,
  rule: RuleName,
  kind: LayerSpec["type"],
): Promise<boolean> {
  if (!isTried(rule, kind)) return isOnPage(page, engine, rule, kind);
  const known = tried.get(engine) ?? new Map<string, boolean>();
  tried.set(engine, known);
  const key = `${rule} ${kind}`;
  for (const setup of known.has(key) ? [] : setupsFor(rule, kind))
    if (await trains(engine, setup)) {
      known.set(key, true);
      break;
    }
  return known.get(key) ?? false;
}

const all = [...rules] as Rule[];

const lossesOf = ({ needsTarget }: Rule) => (needsTarget ? lossesWithTarget().join(", ") : "all");

/** How errors travel, by where they come from. */
const travels: { readonly [Source in Rule["route"]["source"]]: string } = {
  above: "layer by layer",
  output: "straight from the output",
  input: "with the data of a second pass",
};

/** The registry as a table. */
function rulesTable(): string {
  return table(
    ["rule", "", "errors travel", "carried by", "feedback weights", "losses", "paper"],
    all.map((rule) =>
      [
        `\`${rule.name}\``,
        rule.title,
        travels[rule.route.source],
        rule.formula.transport,
        rule.formula.feedback,
        lossesOf(rule),
        rule.paper === undefined
          ? ""
          : `${rule.paper.authors} ${rule.paper.year}, ${rule.paper.title}, ${rule.paper.where}`,
      ].map((cell) => cell.replaceAll("|", "\\|")),
    ),
  );
}

/** What was tried: every kind of layer in a network of every rule, in every engine. */
async function enginesTable(page: string): Promise<string> {
  const rows: string[][] = [];
  for (const kind of layers.names() as LayerSpec["type"][]) {
    const cells: string[] = [];
    for (const { name } of all) {
      const able: string[] = [];
      for (const [engine, factory] of Object.entries(engines))
        if (await trainsOne(page, factory, name as RuleName, kind)) able.push(engine);
      cells.push(able.length === Object.keys(engines).length ? "✓" : able.join(", ") || "no");
    }
    rows.push([`\`${kind}\``, ...cells]);
  }
  return table(["", ...all.map(({ name }) => `\`${name}\``)], rows);
}

/**
 * The same by devices: how many of the rules train each kind of layer. What cannot be tried here stays as the page has
 * it.
 */
async function devicesTable(page: string): Promise<string> {
  const kinds = layers.names() as LayerSpec["type"][];
  const found = async (kind: LayerSpec["type"], factory: EngineFactory) => {
    const lacking: string[] = [];
    for (const { name } of all)
      if (!(await trainsOne(page, factory, name as RuleName, kind))) lacking.push(name);
    return lacking.length === 0 ? "all rules" : `all but ${lacking.join(", ")}`;
  };
  const rows: string[][] = [];
  for (const kind of kinds) {
    const cells: string[] = [];
    for (const [i, factory] of Object.values(devices).entries())
      cells.push(factory ? await found(kind, factory) : cellOf(page, kind, i + 1));
    rows.push([`\`${kind}\``, ...cells]);
  }
  return table(["", ...Object.keys(devices)], rows);
}

/**
 * docs/rules.md: what the registry says and what the engines do. Every rule is trained with every layer, which takes
 * minutes.
 */
export const rulesPage: Page = {
  path: "docs/rules.md",
  async generate(present) {
    const parts = {
      rules: rulesTable(),
      engines: await enginesTable(present),
      devices: await devicesTable(present),
    };
    return Object.entries(parts).reduce(
      (page, [name, text]) => withPart(page, name, text),
      present,
    );
  },
};
