import type { NetworkSpec } from "@bioflax/core";
import type { Dataset } from "@bioflax/datasets";
import { dataSettings, isDrawn, optimizerOf } from "../training/experiment";
import { datasetOfTable, type Table } from "../training/table";
import type { Settings } from "./settings";

/** What of a run a script is made of. */
export interface CodeParts {
  readonly settings: Settings;
  /** The network of the first of the rules. */
  readonly spec: NetworkSpec;
  readonly loss: string;
  readonly epochs: number;
  /** Data of one's own, where the run is of them. */
  readonly table?: Table | undefined;
}

/** A value as TypeScript has it: names without quotes, long arrays in a line. */
function literal(value: unknown, indent = ""): string {
  if (value instanceof Float32Array) return `Float32Array.of(${Array.from(value).join(", ")})`;
  if (value instanceof Int32Array) return `Int32Array.of(${Array.from(value).join(", ")})`;
  const inner = `${indent}  `;
  if (Array.isArray(value) && value.some((one) => typeof one === "object"))
    return `[\n${value.map((one) => `${inner}${literal(one, inner)},\n`).join("")}${indent}]`;
  if (Array.isArray(value)) return `[${value.map((one) => literal(one)).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const pairs = Object.entries(value).map(([name, one]) => `${name}: ${literal(one, inner)}`);
  return `{ ${pairs.join(", ")} }`;
}

/** The examples of one's own table, each part once. */
function tableCode(data: Dataset): string {
  const { train, test, ...facts } = data;
  return [
    `const examples = ${literal(train.examples)};`,
    "const data: Dataset = {",
    ...Object.entries(facts).map(([name, value]) => `  ${name}: ${literal(value)},`),
    `  train: { examples, indices: ${literal(train.indices)} },`,
    `  test: { examples, indices: ${literal(test.indices)} },`,
    "};",
  ].join("\n");
}

/** What a script imports for its data, and how it has them. */
function dataCode({ settings, table }: CodeParts): { imports: string[]; data: string } {
  const { data, batchSize, seed } = settings;
  if (isDrawn(data)) {
    const told = literal({ ...dataSettings(settings), batchSize, seed });
    return {
      imports: ['import { epochOrder, generated } from "@bioflax/datasets";'],
      data: `const data = await generated.${data}.load(${told});`,
    };
  }
  if (data === "digits")
    return {
      imports: [
        'import { epochOrder } from "@bioflax/datasets";',
        'import { loadNpz } from "@bioflax/datasets/node";',
      ],
      data: 'const data = await loadNpz({ path: "digits.npz", valSplit: 0 });',
    };
  return {
    imports: ['import { type Dataset, epochOrder } from "@bioflax/datasets";'],
    data: table === undefined ? "" : tableCode(datasetOfTable(table)),
  };
}

/** A script that makes a run: its rules one after another, a line an epoch. */
export function codeOf(parts: CodeParts): string {
  const { settings, spec, loss, epochs } = parts;
  const { rules, model, batchSize, seed } = settings;
  const { imports, data } = dataCode(parts);
  const layout =
    model === "mlp" ? "data" : "{ ...data, inputShape: data.imageShape ?? data.inputShape }";
  return `import { CompiledNetwork } from "@bioflax/compiler";
import { createNetwork, initializeWeights, type NetworkSpec } from "@bioflax/core";
${imports.join("\n")}

${data}
const layers: NetworkSpec["layers"] = ${literal(spec.layers)};

for (const rule of ${literal(rules)} as const) {
  const spec: NetworkSpec = { inputShape: ${literal(spec.inputShape)}, rule, layers };
  const network = await CompiledNetwork.create({
    spec,
    weights: initializeWeights(createNetwork(spec), ${seed}),
    loss: ${literal(loss)},
    optimizer: ${literal(optimizerOf(settings))},
    layout: ${layout},
    batchSize: ${batchSize},
    seed: ${seed},
    threads: 1,
  });
  for (let epoch = 0; epoch < ${epochs}; epoch++) {
    const order = epochOrder(data.train, { seed: ${seed}, epoch });
    const { losses } = await network.train(data.train.examples, order);
    const { loss, accuracy } = await network.evaluate(data.test.examples, data.test.indices);
    console.log(JSON.stringify({ rule, epoch: epoch + 1, firstLoss: losses[0], loss, accuracy }));
  }
  await network.dispose();
}
`;
}
