import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createNetwork } from "@bioflax/core";
import { decodeWeights } from "@bioflax/runs";
import { type ConfigInput, loadEngine, train } from "@bioflax/trainer";
import { afterAll, expect, test } from "@jest/globals";
import type { Page } from "playwright-core";
import { configOf } from "../src/settings/command";
import { parseCsv } from "../src/settings/csv";
import { consistent, defaults, type Settings, toHash } from "../src/settings/settings";
import { drawnDataset, specOf } from "../src/training/experiment";
import type { Table } from "../src/training/table";
import {
  atStep,
  button,
  downloaded,
  expectSettings,
  inChromium,
  lossesOf,
  playAnEpoch,
  playground,
  takeSteps,
} from "./page";

inChromium("a run elsewhere", () => {
  const { open, built, scratch } = playground();
  /** A folder from which scripts find the packages. */
  const scripts = mkdtempSync(join(__dirname, "../node_modules/.scratch-"));
  afterAll(() => rmSync(scripts, { recursive: true }));

  const copied = async (page: Page, what: string, begins: string) => {
    // What another test has copied begins alike.
    await page.evaluate(() => navigator.clipboard.writeText(""));
    await button(page, what).click();
    await page.waitForFunction(
      async (start) => (await navigator.clipboard.readText()).startsWith(start),
      begins,
    );
    return page.evaluate(() => navigator.clipboard.readText());
  };

  /** Every loss of an epoch of the command's run. @param table in a file that the page has given. */
  async function commandLosses(settings: Settings, rule: string, table?: Table): Promise<number[]> {
    const losses: number[] = [];
    const createCompiled = await loadEngine("compiled");
    const config = configOf(settings, rule, 1, table);
    await train(
      {
        ...(config as unknown as ConfigInput),
        ...("dataDir" in config && { dataDir: join(table ? scratch : built, config.dataDir) }),
        out: join(scratch, `${rule}-${settings.model}-${config.dataset}`),
        threads: 1,
        tensorboard: false,
      },
      {
        async createEngine(setup) {
          const engine = await createCompiled(setup);
          return {
            ...engine,
            async trainEpoch(...given) {
              const result = await engine.trainEpoch(...given);
              losses.push(...result.losses);
              return result;
            },
          };
        },
      },
    );
    return losses;
  }

  /** How far losses are from others, at worst, as a part of them. */
  const farthest = (losses: readonly (readonly number[])[], column: number, others: number[]) =>
    Math.max(
      ...losses.map((row, step) =>
        Math.abs((row[column] as number) / (others[step] as number) - 1),
      ),
    );

  test("a shared link shows the run of the command, however it was played", async () => {
    const settings: Settings = { ...defaults, rules: ["bp", "kp", "brsf", "dfa"], seed: 5 };
    let page = await open(toHash(settings));
    await atStep(page, 0);
    await expectSettings(page, settings);
    await takeSteps(page, 6);
    const stepped = await lossesOf(page, scratch);
    const link = await copied(page, "Copy link", "http");
    const commands = await copied(page, "Copy as command", "npx");
    expect(commands).toBe(await page.getByLabel("Commands").last().inputValue());

    page = await open(new URL(link).hash);
    await atStep(page, 0);
    await playAnEpoch(page);
    await button(page, "Play").waitFor();
    const played = await lossesOf(page, scratch);
    expect(played.slice(0, 6)).toEqual(stepped);

    for (const [column, rule] of settings.rules.entries())
      expect(farthest(stepped, column, await commandLosses(settings, rule))).toBeLessThan(1e-5);
  });

  const others: readonly (readonly [what: string, part: Partial<Settings>, steps: number])[] = [
    [
      "digits, layers with rules and activations of their own, and smaller feedback",
      {
        ...{ rules: ["dfa"], data: "digits", hidden: [12, 9], feedbackScale: 0.5 },
        ...{ activations: ["relu", "tanh"], layerRules: ["same", "fa", "bp"] },
      },
      8,
    ],
    [
      "convolutions",
      { rules: ["usf"], data: "digits", model: "lenet5", optimizer: "adam", learningRate: 0.001 },
      3,
    ],
  ];
  test.each(others)("%s are the command's, too", async (_what, part, steps) => {
    const settings = consistent({ ...defaults, learningRate: 0.05, ...part });
    const page = await open(toHash(settings));
    await atStep(page, 0);
    await takeSteps(page, steps);
    const losses = await lossesOf(page, scratch);
    const commanded = await commandLosses(settings, settings.rules[0] as string);
    expect(farthest(losses, 0, commanded)).toBeLessThan(1e-5);
  });

  test.each([
    ["classes", "length,width,kind", (i: number) => (i % 7 > 3 ? "oak" : "ash")],
    ["values", "1,2,3.5", (i: number) => i / 3],
  ])(
    "a table of %s is the command's, in the file that the page gives",
    async (kind, first, target) => {
      const rows = Array.from({ length: 60 }, (_, i) => `${i % 7},${100 * (i % 5)},${target(i)}`);
      const text = [first, ...rows].join("\n");
      const settings: Settings = {
        ...defaults,
        ...{ rules: ["fa", "dfa"], data: "csv", batchSize: 8, learningRate: 0.1, seed: 3 },
      };
      const page = await open(toHash(settings));
      const file = `my ${kind}.csv`;
      await page
        .getByLabel("or a file")
        .setInputFiles({ name: file, mimeType: "text/csv", buffer: Buffer.from(text) });
      await atStep(page, 0);
      await takeSteps(page, 5);
      const losses = await lossesOf(page, scratch);
      const commands = await copied(page, "Copy as command", "npx");
      const name = `my-${kind}-standardised.csv`;
      expect(commands.split("\n").map((line) => line.includes(` --data-dir ${name} `))).toEqual([
        true,
        true,
      ]);
      await page.getByText(`The command reads ${name}, the table as the networks here`).waitFor();
      await downloaded(page, "Download the table", scratch);
      const table = { ...parseCsv(text), file };
      for (const [column, rule] of settings.rules.entries()) {
        const commanded = await commandLosses(settings, rule, table);
        expect(farthest(losses, column, commanded)).toBeLessThan(1e-5);
      }
    },
  );

  test("weights are a file that every other part of bioflax reads", async () => {
    const settings: Settings = { ...defaults, rules: ["bp", "kp"] };
    const page = await open(toHash(settings));
    await atStep(page, 0);
    const spec = specOf(settings, "kp", drawnDataset("spirals", settings));
    const network = createNetwork(spec);
    const read = async () =>
      decodeWeights(
        await downloaded(page, "Download the weights of kp", scratch),
        "kp.safetensors",
        network,
      );
    const before = await read();
    await button(page, "Step").click();
    await atStep(page, 1);
    const after = await read();
    expect(Object.keys(after)).toEqual(network.parameters.map(({ name }) => name));
    expect(after["layers.1.feedback"]).not.toEqual(before["layers.1.feedback"]);
  });

  test("metrics are JSON lines: losses, tests and angles", async () => {
    const page = await open("#rules=fa,dfa");
    await atStep(page, 0);
    await playAnEpoch(page);
    await button(page, "Play").waitFor();
    const losses = await lossesOf(page, scratch);
    const lines = `${await downloaded(page, "Download metrics", scratch)}`
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const of = (rule: string, what: string) =>
      lines.filter((line) => line.rule === rule && what in line);
    // What was under way when it was paused may come in between the two.
    const told = of("dfa", "loss").map(({ loss }) => loss);
    expect(told.slice(0, losses.length)).toEqual(losses.map((row) => row[1]));
    const [test] = of("fa", "test");
    expect(test.step).toBe(45);
    expect(test.test.accuracy).toBeGreaterThan(0.3);
    const [angle] = of("fa", "degrees");
    expect(angle).toMatchObject({
      step: 1,
      degrees: { weights: [null, expect.any(Number), expect.any(Number)] },
    });
  });

  const table = Array.from({ length: 40 }, (_, i) => `${i % 7},${i % 5},${i % 7 > 3 ? "a" : "b"}`);

  test.each(["spirals", "teacher", "digits", "lenet5", "csv"])(
    "code runs, and gives the page's numbers: %s",
    async (kind) => {
      const settings: Partial<Settings> = {
        ...{ spirals: { layerRules: ["same", "same", "bp"], feedbackScale: 0.5 } }[kind],
        ...{ lenet5: { data: "digits", model: "lenet5", learningRate: 0.02 } as const }[kind],
        ...(kind !== "lenet5" && { data: kind as Settings["data"] }),
        ...{ rules: ["dfa", "usf"], batchSize: kind === "lenet5" ? 160 : 32 },
      };
      if (kind === "spirals") Object.assign(settings, { rules: ["dfa"] });
      const page = await open(toHash(consistent({ ...defaults, ...settings })));
      if (kind === "csv")
        await page.getByLabel("Comma-separated values").fill(["x,y,kind", ...table].join("\n"));
      await atStep(page, 0);
      await button(page, "Step").click();
      await atStep(page, 1);
      const [losses] = await lossesOf(page, scratch);
      const code = await copied(page, "Copy as code", "import");
      await page.getByRole("radio", { name: "TypeScript" }).check();
      expect(await page.getByLabel("TypeScript").last().inputValue()).toBe(code);

      const folder = join(scripts, kind);
      mkdirSync(folder);
      cpSync(join(built, "digits.npz"), join(folder, "digits.npz"));
      writeFileSync(join(folder, "run.ts"), code);
      const said = execFileSync(
        process.execPath,
        [
          "--conditions=@bioflax/source",
          "--require",
          RUNNER,
          "--input-type=commonjs",
          "--eval",
          RUN,
        ],
        { cwd: folder, encoding: "utf8" },
      );
      const lines = said
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
      expect(lines.map(({ rule, epoch }) => [rule, epoch])).toEqual(
        (settings.rules as string[]).map((rule) => [rule, 1]),
      );
      lines.forEach(({ firstLoss }, column) => {
        expect(Math.abs(firstLoss / (losses?.[column] as number) - 1)).toBeLessThan(1e-5);
      });
    },
  );
});

/** Lets Node require TypeScript, as scripts are. */
const RUNNER = join(__dirname, "../../../packages/datasets/test/typescript.cjs");
/** A script with `await` at its top, inside a function. */
const RUN = `
const { readFileSync, writeFileSync } = require("node:fs");
const [, imports, rest] = /^((?:import .*\\n)+)([^]*)$/.exec(readFileSync("run.ts", "utf8"));
writeFileSync("main.ts", imports + "export const done = (async () => {\\n" + rest + "\\n})();\\n");
require(process.cwd() + "/main.ts").done.catch((error) => { console.error(error); process.exit(1); });
`;
