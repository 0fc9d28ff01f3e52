import { type Command, InvalidArgumentError, Option } from "commander";
import { type MethodName, methods } from "../../attack/methods";
import { type NormName, norms } from "../../attack/norms";
import type { AttackOptions } from "../../attack/settings";
import { addComputing, type ComputingOptions, weightsOption } from "../computing-options";
import { exitStatus } from "../io";
import { tellPluginNotices } from "../plugin-notices";
import { addPlugins } from "../setting-options";
import { splitOption } from "../split-option";
import { terminalReporter } from "../terminal-reporter";
import type { AddCommand } from "./command";

const examples = `
Examples:
  bioflax attack runs/third                                projected gradient descent, within several ε
  bioflax attack runs/*/ --method fgsm --eps 0,0.05,0.1
  bioflax attack runs/*/ --norm l2 --eps 0,1,2 --steps 100 --starts 5
  bioflax attack runs/bp runs/dfa --transfer               examples made for one tried on the other
  bioflax attack runs/third --method square --examples 1000
  bioflax report runs/*/                                   shows what came of it

Of pixels, ε is in parts of the range from black to white, whatever they are normalised to, and no pixel leaves it.
Gradients are those of the loss through the forward network, whatever rule it learnt by. What came of it is left in each
run's robustness.json, in place of what the same attack came to before.
`;

const number = (text: string): number => (text.trim() === "" ? Number.NaN : Number(text));

/** `0,0.05,0.1`. */
function distances(text: string): number[] {
  const values = text.split(",").map(number);
  if (values.every((value) => value >= 0 && value < Number.POSITIVE_INFINITY)) return values;
  throw new InvalidArgumentError(
    "Expected numbers from 0 with commas between, such as 0,0.05,0.1.",
  );
}

function aNumber(text: string): number {
  const value = number(text);
  if (Number.isFinite(value)) return value;
  throw new InvalidArgumentError("Expected a number.");
}

interface GivenOptions extends ComputingOptions, Omit<AttackOptions, "weights" | "onRun"> {
  readonly method: MethodName;
  readonly norm: NormName;
  readonly json?: true;
  readonly plugin?: unknown;
}

function addEffort(command: Command): void {
  const group = "Effort:";
  for (const [flags, description, parse] of [
    ["--steps <n>", "steps up the loss, of pgd (default: 40)", aNumber],
    ["--step-size <number>", "length of a step, as ε is measured (default: 2.5·ε/steps)", aNumber],
    [
      "--starts <n>",
      "random places to start from, of pgd; 0: the example itself (default: 1)",
      aNumber,
    ],
    ["--queries <n>", "outputs that may be asked for, of square (default: 1000)", aNumber],
    ["--seed <n>", "seed of what is drawn (default: 0)", aNumber],
  ] as const)
    command.addOption(new Option(flags, description).argParser(parse).helpGroup(group));
}

/** `bioflax attack`: how networks of runs stand examples that are moved to mislead them. */
export const addAttack: AddCommand = (program, { io, finished }) => {
  const attack = program
    .command("attack")
    .description("try networks of runs on examples that are moved to mislead them")
    .argument("<runs...>", "run folders")
    .addOption(
      new Option("--method <method>", "how examples are moved")
        .choices(Object.keys(methods))
        .default("pgd"),
    )
    .addOption(
      new Option(
        "--norm <norm>",
        "how far is measured: by the largest change, or the length of all",
      )
        .choices(Object.keys(norms))
        .default("linf"),
    )
    .addOption(
      new Option(
        "--eps <numbers>",
        "how far, with commas between (default: 0,0.05,0.1,0.2,0.3; l2: 0,0.5,1,2,3)",
      ).argParser(distances),
    )
    .addOption(splitOption())
    .addOption(
      new Option("--examples <n>", "the first so many of them (default: all)").argParser(aNumber),
    )
    .addOption(weightsOption())
    .option("--transfer", "also try examples made for one run on the others")
    .option("--json", "print everything as JSON");
  addEffort(attack);
  addComputing(attack);
  addPlugins(attack);
  attack
    .addHelpText("after", examples)
    .action(async (runs: string[], { json, plugin: _plugin, ...options }: GivenOptions) => {
      for (const run of runs) await tellPluginNotices(run, io);
      const { attackRuns } = await import("../../attack/attack-runs");
      const { attackTable } = await import("./print-attack");
      const reporter = terminalReporter(io);
      try {
        const results = await attackRuns(runs, {
          ...options,
          onRun: (folder) => {
            if (runs.length > 1) io.stderr.write(`attacking ${folder}\n`);
          },
          onDownload: (progress) => reporter.downloading?.(progress),
        });
        reporter.close();
        io.stdout.write(json ? `${JSON.stringify(results)}\n` : attackTable(results));
        finished(exitStatus.done);
      } finally {
        reporter.close();
      }
    });
};
